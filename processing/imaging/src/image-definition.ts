import type { Direction, Projection, SpectralFrame, Stokes } from '@cleanbeam/types'

/**
 * One output channel that takes every selected visibility at its own frequency (CASA: specmode='mfs').
 * `referenceHz` null: the middle of the selected data's frequency range in `frame`.
 * `restFrequencyHz` null: the reference frequency.
 */
export interface MfsDefinition {
  readonly mode: 'mfs'
  readonly frame: SpectralFrame
  readonly referenceHz: number | null
  readonly restFrequencyHz: number | null
}

/** How visibilities are shared out over output channels. One kind so far. */
export type SpectralDefinition = MfsDefinition

/** Geometry of an image to be made. */
export interface ImageDefinition {
  readonly nx: number
  readonly ny: number
  /** Size of a pixel, radians, both positive; x decreases towards the east side as in every image of the sky. */
  readonly cellRad: readonly [x: number, y: number]
  /** Direction of the pixel (nx/2, ny/2) counted from 0; null: the phase centre of the first selected field. */
  readonly phaseCentre: Direction | null
  readonly projection: Projection
  /** Planes in the order of the image's Stokes axis; see {@link parseStokes}. */
  readonly stokes: readonly Stokes[]
  /** CASA's pseudoI: Stokes I that also uses samples of which one parallel hand is flagged. Only with stokes ['I']. */
  readonly pseudoI?: boolean
  readonly spectral: SpectralDefinition
}
