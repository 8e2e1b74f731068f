import { applyBriggsWeighting } from './briggs-weighting.ts'
import { ImagingError } from './imaging-error.ts'
import type { SampleStore } from './sample-store.ts'
import { applyUniformWeighting } from './uniform-weighting.ts'
import { uvDensity } from './uv-density.ts'
import type { WeightingOptions } from './weighting-options.ts'

/**
 * Turns the weights of the data into imaging weights, in place.
 * @throws ImagingError when robust is not a number within −2 … 2
 */
export function applyWeighting(
  samples: SampleStore,
  weighting: WeightingOptions,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
): void {
  if (weighting.kind === 'natural') return
  if (weighting.kind === 'briggs' && !(weighting.robust >= -2 && weighting.robust <= 2)) {
    throw new ImagingError(`expected robust within −2 … 2, got ${weighting.robust}`, { robust: weighting.robust })
  }
  const density = uvDensity(samples, nx, ny, cellRad)
  if (weighting.kind === 'uniform') applyUniformWeighting(samples, density)
  else applyBriggsWeighting(samples, density, weighting.robust)
}
