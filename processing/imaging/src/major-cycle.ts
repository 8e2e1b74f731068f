import type { CallOptions, ImageCoordinates, ImageShape } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import type { UvTaper } from './uv-taper.ts'
import type { WeightingOptions } from './weighting-options.ts'

/** What a major cycle needs to know besides the visibilities. */
export interface MajorCycleOptions {
  readonly image: ImageDefinition
  readonly weighting: WeightingOptions
  /** Cubes: count densities per output channel (default) or over all samples (CASA: perchanweightdensity). */
  readonly perChannelDensity?: boolean
  /** Outer taper, applied to the weights last. */
  readonly taper?: UvTaper
  /**
   * Accuracy of gridding and degridding against a direct Fourier transform, as a fraction of the peak; default 1e-5.
   */
  readonly epsilon?: number
}

/** What became of the samples that were read; for logs and for tests. */
export interface SampleCensus {
  /** Samples (baseline, time, channel) read, before flags. */
  readonly nRead: number
  readonly nUsed: number
  /** Dropped because a correlation was flagged (row flags, autocorrelations, weights ≤ 0 and NaN data included). */
  readonly nFlagged: number
  /** Dropped because they lie outside the uv grid: the pixels are too coarse for them. */
  readonly nOffGrid: number
  readonly maxBaselineLambda: number
  /** Largest phase error from leaving out the w term, radians, over samples and the image's corners. */
  readonly maxNeglectedPhaseRad: number
}

/**
 * Visibilities selected, weighted and kept in memory, and the transforms between them and images.
 *
 * All images are Float32Array in the layout of ImageCube: x fastest, then y, Stokes, channel. Every call checks
 * `call.signal` and lets other tasks run at least every 50 ms or so.
 */
export interface MajorCycle {
  readonly coordinates: ImageCoordinates
  readonly shape: ImageShape
  /** Sum of imaging weights per plane, index `stokes + nStokes·channel`, as CASA writes it to .sumwt. */
  readonly sumWeight: Float64Array
  readonly census: SampleCensus
  /** The point spread function of each plane, 1 at the pixel (nx/2, ny/2); zero where a plane has no data. */
  makePsf(call?: CallOptions): Promise<Float32Array>
  /**
   * The residual image, Jy/beam: transform of (data − model visibilities), divided by the sum of weights.
   * @param model - Jy/pixel, same layout; null stands for an empty model and gives the dirty image
   */
  makeResidual(model: Float32Array | null, call?: CallOptions): Promise<Float32Array>
  /** The power pattern of the antennas over the image, 1 at the pointing centre, same layout. */
  primaryBeam(): Float32Array
  /** Frees the visibilities; every later call is refused. */
  dispose(): void
}
