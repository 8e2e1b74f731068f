import { densityCell, type UvDensity } from './uv-density.ts'
import type { WeightedSamples } from './weighted-samples.ts'

/** Divides each weight by the sum of weights in its cell; samples outside the density grid get weight 0. */
export function applyUniformWeighting(samples: WeightedSamples, density: UvDensity): void {
  for (let s = 0; s < samples.nSample; s++) {
    const cell = densityCell(density, samples.uLambda[s], samples.vLambda[s])
    const sum = cell < 0 ? 0 : density.weight[cell]
    samples.imagingWeight[s] = sum > 0 ? samples.imagingWeight[s] / sum : 0
  }
}
