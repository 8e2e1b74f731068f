import type { ImageCoordinates, RestoringBeam } from './coordinates.ts'
import type { JsonObject } from './json.ts'

/** Image axes in memory, x fastest: [nx, ny, nStokes, nChannel]. */
export type ImageShape = readonly [nx: number, ny: number, nStokes: number, nChannel: number]

export type BrightnessUnit = 'Jy/beam' | 'Jy/pixel' | 'Jy/beam.km/s' | '' | string

/**
 * An image in memory. Pixel (x, y, stokes, channel) stands at `x + nx·(y + ny·(stokes + nStokes·channel))`.
 *
 * `mask` uses 1 for good and 0 for blanked pixels and is null when every pixel is good; the pixel values under a blank
 * stay available (the FITS form writes NaN there and loses them).
 */
export interface ImageCube {
  readonly shape: ImageShape
  readonly pixels: Float32Array
  readonly mask: Uint8Array | null
  readonly coordinates: ImageCoordinates
  readonly unit: BrightnessUnit
  /** Empty, one for all planes, or one per plane at index `stokes + nStokes·channel`. */
  readonly beams: readonly RestoringBeam[]
  /** Free keywords (CASA's miscinfo). */
  readonly miscInfo: JsonObject
  /** History lines, oldest first. */
  readonly history: readonly string[]
}
