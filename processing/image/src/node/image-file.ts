import { openFits, writeFileAtomically } from '@cleanbeam/fits/node'
import type { ImageCube } from '@cleanbeam/types'
import { decodeFitsImage, encodeFitsImage, type FitsImageOptions } from '../fits/fits-image.ts'

/** How products are kept on disk (`--format`). */
export type ImageFormat = 'fits' | 'casa' | 'both'

/**
 * Reads an image file (FITS, also gzip-compressed) into memory.
 * @throws FitsError when the file is missing, truncated or not FITS; ImageError when it holds no image of the sky
 */
export async function readImage(path: string): Promise<ImageCube> {
  const file = await openFits(path)
  try {
    return await decodeFitsImage(file)
  } finally {
    await file.close()
  }
}

/**
 * Writes a cube as FITS beside the path and renames it over: readers see the old or the new file, never a part.
 * @throws FitsError when the folder is missing or cannot be written; ImageError for coordinates FITS cannot say
 */
export async function writeImage(path: string, cube: ImageCube, options: FitsImageOptions = {}): Promise<void> {
  await writeFileAtomically(path, encodeFitsImage(cube, options))
}
