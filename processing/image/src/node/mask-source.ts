// What tclean's `mask` parameter may name, turned into pixels of an image's grid.
import { readFile, stat } from 'node:fs/promises'
import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import { looksLikeRegion, maskFromRegion } from '../region/region-mask.ts'
import { regridMask } from '../region/regrid-mask.ts'
import { readImage } from './image-file.ts'

/** Region files are text; anything larger is something else. */
const MAX_REGION_BYTES = 16 * 1024 * 1024

/**
 * The clean mask that a source names, 1 = clean, on the grid of the image: CRTF or DS9 text, the path of a region file,
 * the path of a mask image on any grid (nearest neighbour on the sky), or several of them (union).
 * @throws ImageError when a path does not exist, or what it holds is neither region nor image
 */
export async function loadMask(
  source: string | readonly string[],
  coordinates: ImageCoordinates,
  shape: ImageShape,
): Promise<Uint8Array> {
  const sources = typeof source === 'string' ? [source] : source
  const [first, ...others] = sources
  if (first === undefined) throw new ImageError('expected a mask, got an empty list (mask)')
  const mask = await loadOne(first, coordinates, shape)
  for (const other of others) {
    const more = await loadOne(other, coordinates, shape)
    for (let i = 0; i < mask.length; i++) mask[i] |= more[i]
  }
  return mask
}

async function loadOne(source: string, coordinates: ImageCoordinates, shape: ImageShape): Promise<Uint8Array> {
  if (looksLikeRegion(source)) return maskFromRegion(coordinates, shape, source)
  const text = await readRegionFile(source)
  if (text !== null) return maskFromRegion(coordinates, shape, text)
  return regridMask(await readImage(source), coordinates, shape)
}

/**
 * The text of a region file; null when the file holds something else.
 * @throws ImageError when there is no such file
 */
export async function readRegionFile(path: string): Promise<string | null> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const got = cause.code === 'ENOENT' || cause.code === 'ENAMETOOLONG' ? 'neither' : cause.message
    throw new ImageError(
      `expected region text such as 'circle[[10pix,20pix],5pix]' or the path of a region or mask file, got ${got} ('${path}')`,
      { source: path, parameter: 'region' },
      cause,
    )
  })
  if (!info.isFile() || info.size > MAX_REGION_BYTES) return null
  const bytes = await readFile(path)
  if (bytes.subarray(0, 6).toString('latin1') === 'SIMPLE' || (bytes[0] === 0x1f && bytes[1] === 0x8b)) return null
  const text = bytes.toString('utf8')
  if (looksLikeRegion(text)) return text
  throw new ImageError(`expected a region file (CRTF or DS9) or a mask image, got something else (${path})`, { path })
}
