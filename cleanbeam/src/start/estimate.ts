/** What a run is about. */
export interface RunSize {
  readonly nRow: number
  readonly nDataChannel: number
  readonly nCorrelation: number
  readonly imsize: readonly [number, number]
  readonly nImageChannel: number
  readonly nStokes: number
  readonly nterms: number
}

/** About what it takes. */
export interface RunEstimate {
  readonly memoryBytes: number
  /** The first image: reading, weighting, gridding, transforms. */
  readonly firstImageSeconds: number
  /** One major cycle. */
  readonly cycleSeconds: number
}

// Empirical, of the native engine on two cores of a server of 2023 (docs/benchmarks.md); other machines differ by a factor.
const VISIBILITIES_PER_SECOND = 12e6
const GRID_PIXELS_PER_SECOND = 25e6
const READ_BYTES_PER_SECOND = 250e6
const FIXED_SECONDS = 0.3
/** Of a visibility: complex value, weight, uvw and what goes with it. */
const BYTES_PER_VISIBILITY = 32
/** Residual, PSF, model, mask, primary beam, restored image. */
const IMAGES = 6
/** The grid is padded to twice the size and complex. */
const GRID_BYTES_PER_PIXEL = 4 * 16

/** Memory and time about, from counts alone. */
export function estimateRun(size: RunSize): RunEstimate {
  const nVisibility = size.nRow * size.nDataChannel * size.nCorrelation
  const nPixel = size.imsize[0] * size.imsize[1]
  const nPlane = size.nImageChannel * size.nStokes * size.nterms
  const memoryBytes =
    nVisibility * BYTES_PER_VISIBILITY + nPixel * nPlane * 4 * IMAGES + nPixel * GRID_BYTES_PER_PIXEL + 150e6
  const gridding =
    (size.nterms * nVisibility) / VISIBILITIES_PER_SECOND + (4 * nPixel * nPlane) / GRID_PIXELS_PER_SECOND
  const reading = (nVisibility * 12) / READ_BYTES_PER_SECOND
  return { memoryBytes, firstImageSeconds: FIXED_SECONDS + reading + 2 * gridding, cycleSeconds: 0.05 + 2 * gridding }
}
