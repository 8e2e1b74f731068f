import { stat } from 'node:fs/promises'
import { openFits, writeFileAtomically } from '@cleanbeam/fits/node'
import type { ImageCube } from '@cleanbeam/types'
import { decodeFitsImage, encodeFitsImage, type FitsImageOptions } from '../fits/fits-image.ts'
import { readCasaImageFolder, writeCasaImageFolder } from './casa-image-file.ts'

/** How products are kept on disk (`--format`). */
export type ImageFormat = 'fits' | 'casa' | 'both'

/**
 * Reads an image into memory: a FITS file (also gzip-compressed) or a CASA image (a folder).
 * @throws FitsError when the file is missing, truncated or not FITS; CasatableError when the folder is no table or is
 * damaged; ImageError when it holds no image of the sky
 */
export async function readImage(path: string): Promise<ImageCube> {
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) return readCasaImageFolder(path)
  const file = await openFits(path)
  try {
    return await decodeFitsImage(file)
  } finally {
    await file.close()
  }
}

/** How {@link writeImage} writes. */
export interface WriteOptions extends FitsImageOptions {
  /** A FITS file or a CASA image; by default what is at the path already, else a FITS file. */
  readonly format?: Exclude<ImageFormat, 'both'>
  /** The pixel masks of a CASA image that is replaced stay, under their names, instead of the cube's. */
  readonly keepMasks?: boolean
}

/**
 * Writes a cube beside the path and renames it over: readers see the old or the new image, never a part.
 * @throws FitsError or CasatableError when the folder is missing or cannot be written; ImageError for coordinates FITS
 * cannot say, or a path taken by the other kind
 */
export async function writeImage(path: string, cube: ImageCube, options: WriteOptions = {}): Promise<void> {
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true
  const format = options.format ?? (isFolder ? 'casa' : 'fits')
  if (format === 'casa') return writeCasaImageFolder(path, cube, options)
  await writeFileAtomically(path, encodeFitsImage(cube, options))
}

/** The format that a name given by the user asks for: FITS when it ends in .fits, else a CASA image. */
export function formatOfName(path: string): Exclude<ImageFormat, 'both'> {
  return /\.(fits|fit|fts)$/i.test(path) ? 'fits' : 'casa'
}
