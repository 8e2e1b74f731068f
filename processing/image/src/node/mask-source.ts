import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'

/**
 * The clean mask that tclean's `mask` parameter names, 1 = clean, on the grid of the image: CRTF or DS9 text, the path
 * of a region file, the path of a mask image on any grid (nearest neighbour on the sky), or several of them (union).
 * @throws ImageError when a path does not exist or a text is not a region.
 */
export async function loadMask(
  _source: string | readonly string[],
  _coordinates: ImageCoordinates,
  _shape: ImageShape,
): Promise<Uint8Array> {
  throw new ImageError('loadMask is being written')
}
