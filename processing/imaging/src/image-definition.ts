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

/** A place on the frequency axis: a channel of the selected data (from 0), a frequency, or a velocity. */
export type SpectralPosition =
  | { readonly kind: 'channel'; readonly channel: number }
  | { readonly kind: 'frequency'; readonly hz: number }
  | { readonly kind: 'velocity'; readonly metresPerSecond: number }

/** How values between the channels of the data are found; 'nearest' grids every visibility at its own frequency. */
export type SpectralInterpolation = 'nearest' | 'linear' | 'cubic'

/**
 * Output channels at regular steps (CASA: specmode='cube' and 'cubedata').
 *
 * 'cube' follows the frame: data frequencies are converted to it at every time. 'cubedata' leaves them as they are.
 */
export interface CubeDefinition {
  readonly mode: 'cube' | 'cubedata'
  /** Frame of the axis of a 'cube'; 'cubedata' has none. */
  readonly frame: SpectralFrame
  /** Centre of the first channel (for a channel number: of the first `width` data channels); null: the data's first. */
  readonly start: SpectralPosition | null
  /** Step from channel to channel, negative for the other direction; null: one channel of the data. */
  readonly width: SpectralPosition | null
  /** null: as many as the data fill. */
  readonly nChannel: number | null
  readonly velocityConvention: 'radio' | 'optical'
  /** null: what the data say of the source's line, else the first channel. */
  readonly restFrequencyHz: number | null
  readonly interpolation: SpectralInterpolation
}

/** How visibilities are shared out over output channels. */
export type SpectralDefinition = MfsDefinition | CubeDefinition

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
