import { stat } from 'node:fs/promises'
import { openTable } from '@cleanbeam/casatable/node'
import { openFits, writeFileAtomically } from '@cleanbeam/fits/node'
import type { ImageCube } from '@cleanbeam/types'
import { readCasaImage } from '../casa/read-casa-image.ts'
import { decodeFitsImage, encodeFitsImage, type FitsImageOptions } from '../fits/fits-image.ts'

/** How products are kept on disk (`--format`). */
export type ImageFormat = 'fits' | 'casa' | 'both'

/**
 * Reads an image into memory: a FITS file (also gzip-compressed) or a CASA image (a folder).
 * @throws FitsError when the file is missing, truncated or not FITS; CasatableError when the folder is no table or is
 * damaged; ImageError when it holds no image of the sky
 */
export async function readImage(path: string): Promise<ImageCube> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) return readTable(path)
  const file = await openFits(path)
  try {
    return await decodeFitsImage(file)
  } finally {
    await file.close()
  }
}

function readTable(path: string): ImageCube {
  const table = openTable(path)
  try {
    return readCasaImage(table)
  } finally {
    table.close()
  }
}

/**
 * Writes a cube as FITS beside the path and renames it over: readers see the old or the new file, never a part.
 * @throws FitsError when the folder is missing or cannot be written; ImageError for coordinates FITS cannot say
 */
export async function writeImage(path: string, cube: ImageCube, options: FitsImageOptions = {}): Promise<void> {
  await writeFileAtomically(path, encodeFitsImage(cube, options))
}
