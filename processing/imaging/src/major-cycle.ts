import type { KernelPool } from '@cleanbeam/math'
import type { CallOptions, ImageCoordinates, ImageShape } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import type { MosaicOptions } from './mosaic-options.ts'
import type { UvTaper } from './uv-taper.ts'
import type { WeightingOptions } from './weighting-options.ts'

/** What a major cycle needs to know besides the visibilities. */
export interface MajorCycleOptions {
  readonly image: ImageDefinition
  readonly weighting: WeightingOptions
  /** Whose cells densities are counted in; default: this image's. Outlier fields take the main image's, as in CASA. */
  readonly weightingGrid?: Pick<ImageDefinition, 'nx' | 'ny' | 'cellRad'>
  /** Cubes: count densities per output channel (default) or over all samples (CASA: perchanweightdensity). */
  readonly perChannelDensity?: boolean
  /** Outer taper, applied to the weights last. */
  readonly taper?: UvTaper
  /**
   * Accuracy of gridding and degridding against a direct Fourier transform, as a fraction of the peak; default 1e-5.
   */
  readonly epsilon?: number
  /**
   * Whether the w term is taken along. 'ignore' (default): never, as CASA's gridder='standard'. 'auto': by planes of
   * constant w, unless leaving it out stays within epsilon for these data and this image.
   */
  readonly wTerm?: 'ignore' | 'auto'
  /**
   * How many w planes CASA would be given (wprojplanes), which decides whether it leaves out samples of large |w|; our own
   * planes follow from epsilon. Default −1: none is left out.
   */
  readonly nWPlane?: number
  /**
   * Taylor terms in (ν − ν0)/ν0 about the reference frequency of the image; default 1. Only mfs has more. Images of
   * several terms follow one another, term slowest: [term][the layout of ImageCube].
   */
  readonly nTerm?: number
  /** A mosaic: every field is a pointing that sees the sky through its primary beam; null or left out: none. */
  readonly mosaic?: MosaicOptions
  /** Workers with the kernels; without them the plain TypeScript reference does the same, slower. */
  readonly pool?: KernelPool
  /**
   * Most memory for visibilities and grids, bytes. Visibilities that do not fit are read again for every transform. Bits
   * of images depend on it. Default: what the pool's arena offers, 4 GiB without a pool.
   */
  readonly memoryBytes?: number
  /**
   * When residuals are made without visibilities. 'auto' (default): where that takes less than half as long, judged from
   * the numbers of samples and pixels. 'always': wherever it is exact.
   */
  readonly instant?: 'auto' | 'always'
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

/** Another image of the same data, and its model in the layout of its own major cycle. */
export interface OtherField {
  readonly majorCycle: MajorCycle
  readonly model: Float32Array
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
  /** Whether observations are read again for every transform, as the samples do not fit into memory. */
  readonly isReadingAgain: boolean
  /** Number of Taylor terms n. */
  readonly nTerm: number
  /**
   * Sum of imaging weights per plane, index `stokes + nStokes·channel`, as CASA writes it to .sumwt. With n > 1 terms
   * 2n − 1 such lists follow one another: Σ weight·((ν − ν0)/ν0)^t for t = 0 … 2n − 2.
   */
  readonly sumWeight: Float64Array
  readonly census: SampleCensus
  /**
   * The point spread function of each plane, 1 at the pixel (nx/2, ny/2); zero where a plane has no data. With n > 1 terms
   * 2n − 1 cubes, t = 0 … 2n − 2: transforms of ((ν − ν0)/ν0)^t, all divided by the sum of weights of t = 0.
   */
  makePsf(call?: CallOptions): Promise<Float32Array>
  /**
   * The residual image, Jy/beam: transform of (data − model visibilities), divided by the sum of weights. With n > 1 terms
   * n cubes, t = 0 … n − 1: the same residual visibilities times ((ν − ν0)/ν0)^t, divided by the sum of weights of t = 0.
   * @param model - Jy/pixel, same layout, n cubes with n terms: the sky is Σ_t model_t·((ν − ν0)/ν0)^t; null stands for an
   *   empty model and gives the dirty image
   * @param others - images of the same data (outlier fields) whose models are taken off as well
   * @throws ImagingError for others with other channels or Stokes planes, or when visibilities do not fit into memory
   */
  makeResidual(model: Float32Array | null, call?: CallOptions, others?: readonly OtherField[]): Promise<Float32Array>
  /**
   * The residual image as `makeResidual` makes it, but from the dirty image and the model convolved with the PSF, at a
   * cost that does not grow with the number of visibilities. null where that is not within epsilon of the exact way (w
   * term, interpolated channels, primary beams, no kernels), not worth while or not in the memory allowed; the answer is the
   * same for every call.
   */
  makeInstantResidual(model: Float32Array, call?: CallOptions): Promise<Float32Array | null>
  /** The power pattern of the antennas over the image, 1 at the pointing centre, same layout. */
  primaryBeam(): Float32Array
  /** Mosaics: the sum of weights times squared primary beams over the sum of weights, same layout; otherwise absent. */
  weight?(): Float32Array
  /** Frees the visibilities; every later call is refused. */
  dispose(): void
}
