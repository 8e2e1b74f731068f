import { cp, link, mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { loadMask, openProductStore, readImage, writeImage } from '@cleanbeam/image/node'
import {
  AUTOMASK_PARAMETERS,
  type DeconvolveInput,
  type ImageCube,
  type ImagingEngine,
  type JsonObject,
} from '@cleanbeam/types'
import type { MaskFiles } from '../mask-handlers.ts'
import { SessionError } from '../session-error.ts'

/**
 * Masks in files below the session's folder.
 * @param confined - the full path, refused outside the folder
 */
export function openMaskFiles(
  engine: ImagingEngine,
  confined: (path: string) => string,
  parameters: () => JsonObject,
): MaskFiles {
  return {
    load: (path, { coordinates, shape }) => loadMask(confined(path), coordinates, shape),
    async save(path, mask, overwrite) {
      const full = confined(path)
      if (!overwrite && (await exists(full))) {
        throw new SessionError(`expected a new file for the mask, got one that exists (${path}): choose another name`, {
          path,
        })
      }
      await writeImage(full, mask, { format: full.endsWith('.fits') ? 'fits' : 'casa' })
      return full
    },
    preview: (imagename, changes) => previewMask(engine, imagename, { ...parameters(), ...changes }),
  }
}

/** Parameters of deconvolve that decide about an automatic mask. */
const AUTOMASK = ['pbmask', ...AUTOMASK_PARAMETERS, 'fastnoise', 'deconvolver'] as const

/** A deconvolution without iterations on links to the products makes the mask that the next cycle would begin with. */
async function previewMask(engine: ImagingEngine, imagename: string, parameters: JsonObject): Promise<ImageCube> {
  await mkdir(`${imagename}.cleanbeam`, { recursive: true })
  const folder = await mkdtemp(join(`${imagename}.cleanbeam`, 'preview-'))
  const copy = join(folder, basename(imagename))
  try {
    for (const [suffix, path] of Object.entries(await engine.products(imagename))) {
      if (/^\.(image|alpha|beta|weight|gridwt)/.test(suffix)) continue
      await keepCopy(path, join(folder, basename(path)))
    }
    const chosen = Object.fromEntries(AUTOMASK.filter(name => name in parameters).map(name => [name, parameters[name]]))
    const call = { ...chosen, imagename: copy, usemask: 'auto-multithresh', niter: 0, restoration: false }
    await engine.deconvolve(call as DeconvolveInput)
    const products = await openProductStore(copy).list()
    const path = products['.mask'] ?? (await engine.products(copy))['.mask']
    if (path === undefined) throw new SessionError('expected a mask from the automatic algorithm, got none')
    return await readImage(path)
  } finally {
    await engine.release(copy)
    await rm(folder, { recursive: true, force: true })
  }
}

async function keepCopy(path: string, copy: string): Promise<void> {
  if ((await stat(path)).isDirectory()) await cp(path, copy, { recursive: true })
  else await link(path, copy)
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
