import { ImageError } from '../../image-error.ts'
import { formatOfName, readImage, writeImage } from '../image-file.ts'
import { openImage } from '../image-tool.ts'
import { fileStateKey } from '../product-store.ts'

/** Parameters of {@link exportfits}, with CASA's names. */
export interface ExportfitsParameters {
  readonly imagename: string
  readonly fitsimage: string
  /** Write the spectral axis as radio velocity. */
  readonly velocity?: boolean
  readonly overwrite?: boolean
}

/**
 * Writes an image as a FITS file.
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.data.exportfits.html
 * @throws FitsError or ImageError naming the parameter at fault
 */
export async function exportfits(parameters: ExportfitsParameters): Promise<void> {
  const { imagename, fitsimage, velocity = false, overwrite = false } = parameters
  const image = await openImage(imagename)
  await image.exportfits(fitsimage, { velocity, overwrite })
}

/** Parameters of {@link importfits}, with CASA's names. */
export interface ImportfitsParameters {
  readonly fitsimage: string
  /** What is written: FITS when it ends in .fits, else a CASA image. */
  readonly imagename: string
  readonly overwrite?: boolean
}

/**
 * Brings any FITS image (other orders of axes, integer pixels, missing axes) into the form products have: float32 with
 * right ascension, declination, frequency and Stokes.
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.data.importfits.html
 * @throws FitsError or ImageError naming the parameter at fault
 */
export async function importfits(parameters: ImportfitsParameters): Promise<void> {
  const { fitsimage, imagename, overwrite = false } = parameters
  const cube = await readImage(fitsimage)
  if (!overwrite && (await fileStateKey(imagename)) !== '') {
    throw new ImageError(`expected a file that does not exist, got ${imagename}: give overwrite to replace it`, {
      imagename,
    })
  }
  await writeImage(imagename, cube, { format: formatOfName(imagename) })
}
