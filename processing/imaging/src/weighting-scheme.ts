import { applyRobustWeighting, bandwidthSpread, briggsFactor, type RobustFormula } from './briggs-weighting.ts'
import { ImagingError } from './imaging-error.ts'
import { applyUniformWeighting } from './uniform-weighting.ts'
import {
  addToDensity,
  averagedDensity,
  type DensityGrid,
  emptyDensity,
  type UvDensity,
  widenedDensity,
} from './uv-density.ts'
import type { WeightedSamples } from './weighted-samples.ts'
import type { WeightingOptions } from './weighting-options.ts'

/** The uv plane that densities are counted on. */
export interface WeightingGeometry extends DensityGrid {
  /** Range of the image's frequencies over their mean; 0 for a single channel. */
  readonly fractionalBandwidth: number
  /** The density is averaged over boxes that reach this many cells to every side. */
  readonly averagedReach: number
}

/**
 * Turns the weights of the data into imaging weights. All samples are first counted, in any pieces, then every piece can be
 * weighted.
 */
export interface WeightingScheme {
  /** Whether weights depend on other samples: without, `count` may be left out. */
  readonly isCounting: boolean
  count(samples: WeightedSamples): void
  /** Changes the weights in place. */
  apply(samples: WeightedSamples): void
}

/**
 * @throws ImagingError when robust is not a number within −2 … 2
 */
export function createWeightingScheme(weighting: WeightingOptions, geometry: WeightingGeometry): WeightingScheme {
  const ignore = () => {}
  if (weighting.kind === 'natural') return { isCounting: false, count: ignore, apply: ignore }
  if (weighting.kind === 'radial') return { isCounting: false, count: ignore, apply: applyRadialWeighting }
  if (weighting.kind !== 'uniform' && !(weighting.robust >= -2 && weighting.robust <= 2)) {
    throw new ImagingError(`expected robust within −2 … 2, got ${weighting.robust}`, { robust: weighting.robust })
  }
  return densityScheme(weighting, geometry)
}

type DensityWeighting = Exclude<WeightingOptions, { kind: 'natural' } | { kind: 'radial' }>

function densityScheme(weighting: DensityWeighting, geometry: WeightingGeometry): WeightingScheme {
  const density = emptyDensity(geometry)
  let finish: ((samples: WeightedSamples) => void) | null = null
  return {
    isCounting: true,
    count(samples) {
      addToDensity(density, samples, geometry.averagedReach)
    },
    apply(samples) {
      if (finish === null) {
        const perSample = samplesCounted(geometry)
        const used = weighedDensity(density, weighting.npixels ?? 0, geometry.averagedReach, perSample)
        if (weighting.kind === 'uniform') finish = each => applyUniformWeighting(each, used)
        else {
          const factor = () => briggsFactor(used, weighting.robust)
          const formula = robustFormula(weighting, geometry, factor)
          finish = each => applyRobustWeighting(each, used, formula)
        }
      }
      finish(samples)
    },
  }
}

/**
 * How often the weight of a sample counts in densities: for densities of single channels of a cube both correlations count,
 * in CASA (sums of weights of uniform and briggsabs, to 1e-7).
 */
function samplesCounted({ rounding }: WeightingGeometry): number {
  return rounding === 'nearest' ? 2 : 1
}

function weighedDensity(density: UvDensity, summedReach: number, averagedReach: number, perSample: number): UvDensity {
  const used = averagedDensity(widenedDensity(density, summedReach), averagedReach)
  return perSample === 1 ? used : { ...used, weight: used.weight.map(weight => perSample * weight) }
}

function robustFormula(
  weighting: Exclude<DensityWeighting, { kind: 'uniform' }>,
  geometry: WeightingGeometry,
  factor: () => number,
): RobustFormula {
  const noSpread = () => 1
  if (weighting.kind === 'briggsabs') {
    return { f2: weighting.robust ** 2, offset: 2 * weighting.noiseJy ** 2, spread: noSpread }
  }
  const isTapered = weighting.kind === 'briggsbwtaper'
  const spread = isTapered ? bandwidthSpread(geometry, geometry.fractionalBandwidth) : noSpread
  return { f2: factor(), offset: 1, spread }
}

/** Multiplies every weight by the length of its baseline in wavelengths. */
function applyRadialWeighting(samples: WeightedSamples): void {
  for (let s = 0; s < samples.nSample; s++) {
    samples.imagingWeight[s] *= Math.hypot(samples.uLambda[s], samples.vLambda[s])
  }
}
