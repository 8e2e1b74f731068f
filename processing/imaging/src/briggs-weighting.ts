import type { SampleStore } from './sample-store.ts'
import { densityCell, type UvDensity } from './uv-density.ts'

/**
 * Robust weights: w / (1 + W·f²) with W the sum of weights in the sample's cell, f² = (5·10^−R)² / (ΣW² / Σw), the sums
 * running over cells and over samples with their conjugates.
 * @see D. S. Briggs, High fidelity deconvolution of moderately resolved sources, thesis (1995), section 3
 * @see https://casadocs.readthedocs.io/en/stable/notebooks/synthesis_imaging.html (Data weighting, briggs)
 */
export function applyBriggsWeighting(samples: SampleStore, density: UvDensity, robust: number): void {
  let sumSquares = 0
  let sum = 0
  for (let cell = 0; cell < density.weight.length; cell++) sumSquares += density.weight[cell] * density.weight[cell]
  for (let s = 0; s < samples.nSample; s++) sum += 2 * samples.imagingWeight[s]
  const f2 = sum > 0 ? (5 * 10 ** -robust) ** 2 / (sumSquares / sum) : 0
  for (let s = 0; s < samples.nSample; s++) {
    const cell = densityCell(density, samples.uLambda[s], samples.vLambda[s])
    samples.imagingWeight[s] = cell < 0 ? 0 : samples.imagingWeight[s] / (1 + density.weight[cell] * f2)
  }
}
