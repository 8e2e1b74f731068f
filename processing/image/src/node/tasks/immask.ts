import { createImage, pixelCount } from '../../image-cube.ts'
import { ImageError } from '../../image-error.ts'
import { editMask, type MaskEdit } from '../../region/region-mask.ts'
import { formatOfName, readImage, writeImage } from '../image-file.ts'
import { loadMask } from '../mask-source.ts'
import { fileStateKey } from '../product-store.ts'

/** Parameters of {@link immask}. */
export interface ImmaskParameters {
  /** The image whose grid the mask is made on. */
  readonly imagename: string
  /** Region text, region file or mask image, or several of them. */
  readonly mask: string | readonly string[]
  /** The mask image to write, or to change when it exists: FITS when it ends in .fits, else a CASA image. */
  readonly outfile: string
  /** How an existing mask is changed; 'set' replaces it. */
  readonly mode?: MaskEdit
  readonly overwrite?: boolean
}

/**
 * Makes a mask image (1 clean, 0 not) for tclean, or adds to or erases from an existing one.
 * @returns number of pixels set
 * @throws FitsError or ImageError naming the parameter at fault, before anything is written
 */
export async function immask(parameters: ImmaskParameters): Promise<number> {
  const { imagename, outfile, mode = 'set', overwrite = false } = parameters
  if (!['set', 'add', 'erase'].includes(mode)) {
    throw new ImageError(`expected mode set, add or erase, got '${mode}' (immask)`, { mode })
  }
  const image = await readImage(imagename)
  const exists = (await fileStateKey(outfile)) !== ''
  if (exists && mode === 'set' && !overwrite) {
    throw new ImageError(`expected a file that does not exist, got ${outfile}: give overwrite to replace it`, {
      outfile,
    })
  }
  const inside = await loadMask(parameters.mask, image.coordinates, image.shape)
  const before = exists && mode !== 'set' ? await loadMask(outfile, image.coordinates, image.shape) : null
  const pixels = before ? Float32Array.from(before) : new Float32Array(pixelCount(image.shape))
  editMask(pixels, inside, image.shape, mode)
  await writeImage(outfile, createImage(image.shape, image.coordinates, { pixels }), {
    format: formatOfName(outfile),
  })
  return pixels.reduce((sum, value) => sum + value, 0)
}
