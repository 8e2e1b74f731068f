import type { RestoringBeam } from '@cleanbeam/types'
import { DeconvolutionError } from './deconvolution-error.ts'

/** One plane to restore; arrays hold nx·ny values, x fastest. */
export interface RestorationPlane {
  readonly nx: number
  readonly ny: number
  readonly cellRad: readonly [x: number, y: number]
  /** Jy/pixel. */
  readonly model: Float32Array
  /** Jy/beam. */
  readonly residual: Float32Array
  readonly beam: RestoringBeam
}

/** Area of a Gaussian beam in pixels: π·major·minor/(4 ln 2) over the area of a pixel. */
export function beamAreaPixels(beam: RestoringBeam, cellRad: readonly [number, number]): number {
  return (Math.PI * beam.majorRad * beam.minorRad) / (4 * Math.LN2 * cellRad[0] * cellRad[1])
}

/**
 * The restored image: model convolved with the beam (peak 1, so Jy/pixel become Jy/beam) plus residual.
 * @returns a new array, Jy/beam
 */
export function restorePlane(plane: RestorationPlane): Float32Array {
  throw new DeconvolutionError('expected a restored image, got its signature only', { nx: plane.nx, ny: plane.ny })
}
