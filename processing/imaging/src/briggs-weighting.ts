import { type DensityGrid, densityCell, type UvDensity } from './uv-density.ts'
import type { WeightedSamples } from './weighted-samples.ts'

/** w / (d + W·f²/t), W the sum of weights in the sample's cell. */
export interface RobustFormula {
  readonly f2: number
  /** d: 1, or for noise-based weights 2σ²R². */
  readonly offset: number
  /** t for a sample at (u, v) wavelengths; 1 but for the bandwidth taper. */
  readonly spread: (uLambda: number, vLambda: number) => number
}

/**
 * f² = (5·10^−R)² / (ΣW² / ΣW), the sums running over cells: ΣW is the weight of all samples and conjugates inside the grid.
 * @see D. S. Briggs, High fidelity deconvolution of moderately resolved sources, thesis (1995), section 3
 * @see https://casadocs.readthedocs.io/en/stable/notebooks/synthesis_imaging.html (Data weighting, briggs)
 */
export function briggsFactor(density: UvDensity, robust: number): number {
  let sum = 0
  let sumSquares = 0
  for (let cell = 0; cell < density.weight.length; cell++) {
    sum += density.weight[cell]
    sumSquares += density.weight[cell] * density.weight[cell]
  }
  return sum > 0 ? (5 * 10 ** -robust) ** 2 / (sumSquares / sum) : 0
}

/** Applies a robust formula; samples outside the density grid get weight 0. */
export function applyRobustWeighting(samples: WeightedSamples, density: UvDensity, formula: RobustFormula): void {
  const { f2, offset, spread } = formula
  for (let s = 0; s < samples.nSample; s++) {
    const u = samples.uLambda[s]
    const v = samples.vLambda[s]
    const cell = densityCell(density, u, v)
    const below = cell < 0 ? 0 : offset + (density.weight[cell] * f2) / spread(u, v)
    samples.imagingWeight[s] = below > 0 ? samples.imagingWeight[s] / below : 0
  }
}

/**
 * How many cells mfs imaging would smear a sample over, as briggsbwtaper counts them: with n = B·√(x² + y²) cells, x and
 * y the sample's cell from the origin and B the fractional bandwidth, n + 0.5, and below 1.5 (4 − n)/(4 − 2n).
 * @see https://casadocs.readthedocs.io/en/stable/notebooks/synthesis_imaging.html (Data weighting, briggsbwtaper)
 */
export function bandwidthSpread(grid: DensityGrid, fractionalBandwidth: number): RobustFormula['spread'] {
  const { nx, ny, cellRad } = grid
  const half = grid.rounding === 'nearest' ? 0.5 : 0
  return (uLambda, vLambda) => {
    const x = Math.floor(uLambda * nx * cellRad[0] + half)
    const y = Math.floor(vLambda * ny * cellRad[1] + half)
    const cells = fractionalBandwidth * Math.hypot(x, y)
    return cells + 0.5 < 1.5 ? (4 - cells) / (4 - 2 * cells) : cells + 0.5
  }
}
