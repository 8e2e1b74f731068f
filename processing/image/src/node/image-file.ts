import type { ImageCube } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'

/** How products are kept on disk (`--format`). */
export type ImageFormat = 'fits' | 'casa' | 'both'

/**
 * Reads an image file into memory.
 * @throws ImageError when the file is missing or not an image.
 */
export async function readImage(_path: string): Promise<ImageCube> {
  throw new ImageError('readImage is being written')
}

/** Writes a cube as FITS beside the path and renames it over: readers see the old or the new file, never a part. */
export async function writeImage(_path: string, _cube: ImageCube): Promise<void> {
  throw new ImageError('writeImage is being written')
}
