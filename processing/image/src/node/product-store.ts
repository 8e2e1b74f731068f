// The products of an image name on disk, and what of them is in memory.
// Disk is the truth: every read compares path, size, modification time and inode with what was read or written last.
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ImageCube } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import { type ImageFormat, readImage, writeImage } from './image-file.ts'

/**
 * The products of one image name: FITS files `<imagename><suffix>.fits` or CASA images `<imagename><suffix>`, suffix
 * '.psf', '.residual', '.image.pbcor', …; with format 'both' the CASA images are the products, with FITS copies beside.
 * Cubes handed out are shared: treat their arrays as read-only and write a new cube to change a product.
 */
export interface ProductStore {
  readonly imagename: string
  readonly format: ImageFormat
  /** Path of a product, whether or not it exists. */
  path(suffix: string): string
  exists(suffix: string): Promise<boolean>
  /** @throws FitsError or ImageError when it does not exist or is not an image. */
  read(suffix: string): Promise<ImageCube>
  /** null when it does not exist. */
  readIfPresent(suffix: string): Promise<ImageCube | null>
  /** Atomic; creates the folder. The cube is then what `read` answers, so do not change its arrays afterwards. */
  write(suffix: string, cube: ImageCube): Promise<void>
  /** Deletes a product; nothing happens when it does not exist. */
  remove(suffix: string): Promise<void>
  /** Products on disk: suffix → path. */
  list(): Promise<Record<string, string>>
  /** Changes whenever the product's file changes; '' when it does not exist. */
  stateKey(suffix: string): Promise<string>
  /** Forgets what is cached; files stay. */
  release(): void
}

interface CachedCube {
  readonly stateKey: string
  readonly cube: ImageCube
}

/** Suffixes of tclean's products, with Taylor term, `.error` or `.pbcor`: 'x.y.image' is no product of 'x'. */
const SUFFIX = /^\.(psf|residual|model|image|mask|pb|sumwt|weight|gridwt|alpha|beta)(\.(tt\d+|error|pbcor))*$/

/** Opens the products of an image name; no file is touched. */
export function openProductStore(imagename: string, options: { readonly format?: ImageFormat } = {}): ProductStore {
  const format = options.format ?? 'fits'
  const cache = new Map<string, CachedCube>()
  const fitsPath = (suffix: string) => `${imagename}${suffix}.fits`
  const path = (suffix: string) => (format === 'fits' ? fitsPath(suffix) : `${imagename}${suffix}`)
  const stateKey = (suffix: string) => fileStateKey(path(suffix))
  const read = async (suffix: string): Promise<ImageCube> => {
    const key = await stateKey(suffix)
    const cached = cache.get(suffix)
    if (cached && key !== '' && cached.stateKey === key) return cached.cube
    const cube = await readImage(path(suffix))
    // Kept only when the file did not change while it was being read.
    if ((await stateKey(suffix)) === key) cache.set(suffix, { stateKey: key, cube })
    return cube
  }
  return {
    imagename,
    format,
    path,
    stateKey,
    read,
    exists: async suffix => (await stateKey(suffix)) !== '',
    readIfPresent: async suffix => ((await stateKey(suffix)) === '' ? null : read(suffix)),
    async write(suffix, cube) {
      await mkdir(dirname(path(suffix)), { recursive: true })
      await writeImage(path(suffix), cube, { format: format === 'fits' ? 'fits' : 'casa' })
      if (format === 'both') await writeImage(fitsPath(suffix), cube, { format: 'fits' })
      cache.set(suffix, { stateKey: await stateKey(suffix), cube })
    },
    async remove(suffix) {
      cache.delete(suffix)
      await rm(path(suffix), { force: true, recursive: true })
      if (format === 'both') await rm(fitsPath(suffix), { force: true })
    },
    list: () => listProducts(imagename, format),
    release: () => cache.clear(),
  }
}

/**
 * Identity and state of a file: inode, size and modification time in nanoseconds; of a CASA image those of its tables'
 * files; '' when it is absent.
 */
export async function fileStateKey(path: string): Promise<string> {
  try {
    const found = await stat(path, { bigint: true })
    const own = `${found.ino}:${found.size}:${found.mtimeNs}`
    return found.isDirectory() ? [own, ...(await tableStates(path))].join('|') : own
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw new ImageError(`expected a readable path, got ${(error as Error).message} (${path})`, { path }, error)
  }
}

/** States of the files of a table and its subtables; lock files do not count, readers touch them. */
async function tableStates(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const states = await Promise.all(
    entries.map(async entry => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return tableStates(path)
      if (!entry.name.startsWith('table.') || entry.name === 'table.lock') return []
      const { ino, size, mtimeNs } = await stat(path, { bigint: true })
      return [`${ino}:${size}:${mtimeNs}`]
    }),
  )
  return states.flat()
}

async function listProducts(imagename: string, format: ImageFormat): Promise<Record<string, string>> {
  const folder = dirname(imagename)
  const prefix = basename(imagename)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const ending = format === 'fits' ? '.fits' : ''
  const products: Record<string, string> = {}
  const named = entries.filter(
    ({ name }) => name.startsWith(prefix) && name.endsWith(ending) && name.length >= prefix.length + ending.length,
  )
  for (const entry of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (format !== 'fits' && !entry.isDirectory()) continue
    const suffix = entry.name.slice(prefix.length, entry.name.length - ending.length)
    if (SUFFIX.test(suffix)) products[suffix] = join(folder, entry.name)
  }
  return products
}
