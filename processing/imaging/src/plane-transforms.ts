import type { RunOptions } from '@cleanbeam/math'

/** Numbers of a plane or of visibilities: Float32Array where single precision is enough, else Float64Array. */
export type Samples = Float32Array | Float64Array

/** Where samples lie: sample (row, channel) stands at `row·nChannel + channel` of every array that goes with it. */
export interface SamplePositions {
  /** [row, 3], metres, of the image's phase centre, times the row's frame factor. */
  readonly uvwMetres: Float64Array
  /** [channel], Hz. */
  readonly frequencyHz: Float64Array
  /** Which primary beam the samples saw, in mosaics. */
  readonly group?: number
}

/** Positions that have been sorted for quick transforms; made by {@link PlaneTransforms.place}. */
export interface PlacedSamples {
  readonly nRow: number
  readonly nChannel: number
  /** Bytes of memory held. */
  readonly bytes: number
  dispose(): void
}

/** Samples to be gridded. */
export interface SamplesToGrid {
  readonly placed: PlacedSamples
  /** Complex, interleaved, [row, channel], Jy; null stands for ones, which makes a PSF. */
  readonly visibility: Samples | null
  /** [row, channel]; 0 (or less, or NaN) leaves the sample out, whatever its visibility. */
  readonly weight: Float32Array
}

/** Samples to be predicted. */
export interface SamplesToPredict {
  readonly placed: PlacedSamples
  /** Receives the prediction V, complex, interleaved, [row, channel], Jy. */
  readonly predicted: Samples
  /** When present, receives `minuend − V` in place of V: residual visibilities. May be the same array as `predicted`. */
  readonly minuend?: Samples
}

/** Where typed arrays come from that transforms can use without copying them. */
export interface SampleMemory {
  /** Contents are undefined. @throws when the memory limit is reached */
  float32(length: number): Float32Array
  float64(length: number): Float64Array
  /** Gives an array of this memory back. */
  free(array: Samples): void
}

/**
 * Transforms between the samples of one output channel and images of nx × ny pixels, x fastest.
 *
 * It stands for kernels on workers or for the plain reference, in two dimensions or with planes of constant w; callers
 * need not know which. Mosaics grid the samples of each pointing by themselves; Taylor terms grid the same samples with
 * weights times ((ν − ν0)/ν0)^t.
 *
 * *Convention:* V = Σ S·exp(+2πi ν/c (ul + vm + w(n−1))), l = −(x − ⌊nx/2⌋)·cell, m = (y − ⌊ny/2⌋)·cell.
 * *Accuracy:* the l2 error is within the epsilon they were made for; the two directions are adjoint to rounding.
 */
export interface PlaneTransforms {
  readonly nx: number
  readonly ny: number
  /** Whether the w term is taken along; false where leaving it out is asked for or stays within epsilon. */
  readonly hasW: boolean
  /** Of images and visibilities that need no conversion. */
  readonly precision: 'f32' | 'f64'
  readonly memory: SampleMemory
  /** Bytes of memory held, without placed samples. */
  readonly bytes: number
  /** Sorts samples, once for many transforms. */
  place(positions: SamplePositions, run?: RunOptions): Promise<PlacedSamples>
  /**
   * image(x, y) = Σ weight·Re[V·exp(−2πi(ul + vm + w(n−1)))] over all samples of all sets: not normalised.
   * @param image - receives the image; a new array when left out
   */
  grid(sets: readonly SamplesToGrid[], image?: Samples | null, run?: RunOptions): Promise<Samples>
  /** Predicts the samples of all sets from an image, Jy/pixel: the adjoint of `grid` with unit weights. */
  degrid(model: Samples, sets: readonly SamplesToPredict[], run?: RunOptions): Promise<void>
  /** Frees tables and planes; placed samples are disposed by themselves. */
  dispose(): void
}
