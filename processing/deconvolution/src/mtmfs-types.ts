/**
 * The Taylor terms of one plane of a wideband image. `residual` and `model` are changed in place; all arrays hold nx·ny
 * values, x fastest.
 */
export interface MtmfsPlane {
  readonly nx: number
  readonly ny: number
  /** psf.tt0 … psf.tt(2n−2): 2·nterms − 1 planes, all divided by the sum of weights of term 0. */
  readonly psf: readonly Float32Array[]
  /** residual.tt0 … residual.tt(n−1), Jy/beam, divided by the same sum. */
  readonly residual: readonly Float32Array[]
  /** Components are sought where this is > 0; null: everywhere. */
  readonly mask: Float32Array | Uint8Array | null
  /** model.tt0 … model.tt(n−1), Jy/pixel. */
  readonly model: readonly Float32Array[]
}

/** Parameters of the algorithm itself. */
export interface MtmfsOptions {
  /** Sizes of the components in pixels, 0 for points; CASA: scales. */
  readonly scalesPixels: readonly number[]
  /** Above 0 favours small scales, below 0 large ones; CASA: smallscalebias. */
  readonly smallScaleBias: number
}

/** Images made of the restored Taylor terms; values where `valid` is 0 are 0. */
export interface SpectralImages {
  /** Spectral index tt1/tt0. */
  readonly alpha: Float32Array
  readonly alphaError: Float32Array
  /** Spectral curvature tt2/tt0 − α(α − 1)/2; null with fewer than three terms. */
  readonly beta: Float32Array | null
  /** 1 where tt0 is bright enough for a spectral index. */
  readonly valid: Uint8Array
}
