/** Every visibility keeps the weight of the data. */
export interface NaturalWeighting {
  readonly kind: 'natural'
}

/** Weights are divided by the sum of weights in the visibility's uv cell; cells are 1/(n·cell) wide. */
export interface UniformWeighting {
  readonly kind: 'uniform'
}

/** Briggs (1995) robust weighting; −2 is close to uniform, +2 close to natural. */
export interface BriggsWeighting {
  readonly kind: 'briggs'
  readonly robust: number
}

/** Choice of imaging weights (CASA: weighting, robust). */
export type WeightingOptions = NaturalWeighting | UniformWeighting | BriggsWeighting
