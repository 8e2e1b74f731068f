import type { ImageCube } from '@cleanbeam/types'
import { ImageError } from './image-error.ts'

/** What the FITS form needs besides the cube. */
export interface FitsImageOptions {
  /** Time of writing for the DATE card, ISO 8601 UTC; now when absent. */
  readonly date?: string
  /** Write the spectral axis as radio velocity (VRAD, m/s). */
  readonly velocity?: boolean
}

/** The FITS file of a cube: float32, axes RA, DEC, FREQ, STOKES, blanked pixels NaN, per-plane beams in a BEAMS table. */
export function encodeFitsImage(_cube: ImageCube, _options: FitsImageOptions = {}): Uint8Array {
  throw new ImageError('encodeFitsImage is being written')
}

/**
 * The image in a FITS file (primary array or first image extension), any axis order, any BITPIX.
 * @throws ImageError naming what is not an image with celestial coordinates.
 */
export function decodeFitsImage(_bytes: Uint8Array, _name: string): ImageCube {
  throw new ImageError('decodeFitsImage is being written')
}
