import { ImageError } from './image-error.ts'

/** Distribution of the finite pixels of a plane. */
export interface PlaneHistogram {
  /** Finite pixels; the others are NaN. */
  readonly count: number
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly rms: number
  /** Counts in equal bins from min to max. */
  readonly bins: Uint32Array
  /** The value below which each asked fraction of the pixels lies, exact (interpolated between sorted pixels). */
  readonly percentiles: Float64Array
}

/** Histogram and exact percentiles of a plane; `fractions` in 0–1. */
export function planeHistogram(
  _plane: Float32Array,
  _options: { readonly nBins?: number; readonly fractions?: readonly number[] } = {},
): PlaneHistogram {
  throw new ImageError('planeHistogram is being written')
}
