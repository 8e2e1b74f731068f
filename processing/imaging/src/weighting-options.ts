/** Every visibility keeps the weight of the data. */
export interface NaturalWeighting {
  readonly kind: 'natural'
}

/** Weights grow with the length of the baseline in wavelengths. */
export interface RadialWeighting {
  readonly kind: 'radial'
}

/** How the density of samples in the uv plane is counted; cells are 1/(n·cell) wide. */
export interface DensityOptions {
  /** The density is summed over all cells at most this far away along u and along v; default 0, a single cell. */
  readonly npixels?: number
  /**
   * Pixels a side of the grid that densities are counted on, in place of the image's; 0 or left out: the image's. Cubes
   * with a density per channel keep the image's grid and average the density over cells at most this far away.
   */
  readonly gridPixels?: number
}

/** Weights are divided by the sum of weights around the visibility's uv cell (superuniform: with npixels above 0). */
export interface UniformWeighting extends DensityOptions {
  readonly kind: 'uniform'
}

/** Briggs (1995) robust weighting; −2 is close to uniform, +2 close to natural. */
export interface BriggsWeighting extends DensityOptions {
  readonly kind: 'briggs'
  readonly robust: number
}

/** Robust weighting against a noise level per visibility instead of the mean weight. */
export interface BriggsAbsWeighting extends DensityOptions {
  readonly kind: 'briggsabs'
  readonly robust: number
  readonly noiseJy: number
}

/** Robust weighting of cubes whose density follows how far mfs imaging would smear a sample along its radius. */
export interface BriggsBandwidthTaperWeighting extends DensityOptions {
  readonly kind: 'briggsbwtaper'
  readonly robust: number
}

/** Choice of imaging weights (CASA: weighting, robust, noise, npixels). */
export type WeightingOptions =
  | NaturalWeighting
  | RadialWeighting
  | UniformWeighting
  | BriggsWeighting
  | BriggsAbsWeighting
  | BriggsBandwidthTaperWeighting
