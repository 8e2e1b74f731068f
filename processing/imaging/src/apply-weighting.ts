import { applyRobustWeighting, bandwidthSpread, briggsFactor } from './briggs-weighting.ts'
import { ImagingError } from './imaging-error.ts'
import type { WeightedSamples } from './sample-store.ts'
import { applyUniformWeighting } from './uniform-weighting.ts'
import { type DensityGrid, uvDensity } from './uv-density.ts'
import type { WeightingOptions } from './weighting-options.ts'

/** The uv plane that densities are counted on. */
export interface WeightingGeometry extends DensityGrid {
  /** Range of the image's frequencies over their mean; 0 for a single channel. */
  readonly fractionalBandwidth: number
}

/**
 * Turns the weights of the data into imaging weights, in place; densities are counted over these samples.
 * @throws ImagingError when robust is not a number within −2 … 2
 */
export function applyWeighting(
  samples: WeightedSamples,
  weighting: WeightingOptions,
  geometry: WeightingGeometry,
): void {
  if (weighting.kind === 'natural') return
  if (weighting.kind === 'radial') {
    applyRadialWeighting(samples)
    return
  }
  if (weighting.kind !== 'uniform' && !(weighting.robust >= -2 && weighting.robust <= 2)) {
    throw new ImagingError(`expected robust within −2 … 2, got ${weighting.robust}`, { robust: weighting.robust })
  }
  const density = uvDensity(samples, geometry, weighting.npixels ?? 0)
  const noSpread = () => 1
  switch (weighting.kind) {
    case 'uniform':
      applyUniformWeighting(samples, density)
      return
    case 'briggsabs': {
      const offset = 2 * weighting.noiseJy ** 2
      applyRobustWeighting(samples, density, { f2: weighting.robust ** 2, offset, spread: noSpread })
      return
    }
    default: {
      const f2 = briggsFactor(samples, density, weighting.robust)
      const isTapered = weighting.kind === 'briggsbwtaper'
      const spread = isTapered ? bandwidthSpread(density, geometry.fractionalBandwidth) : noSpread
      applyRobustWeighting(samples, density, { f2, offset: 1, spread })
    }
  }
}

/** Multiplies every weight by the length of its baseline in wavelengths. */
function applyRadialWeighting(samples: WeightedSamples): void {
  for (let s = 0; s < samples.nSample; s++) {
    samples.imagingWeight[s] *= Math.hypot(samples.uLambda[s], samples.vLambda[s])
  }
}
