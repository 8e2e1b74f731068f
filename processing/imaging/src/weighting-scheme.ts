import { applyRobustWeighting, bandwidthSpread, briggsFactor, type RobustFormula } from './briggs-weighting.ts'
import { ImagingError } from './imaging-error.ts'
import { applyUniformWeighting } from './uniform-weighting.ts'
import { addToDensity, type DensityGrid, densityCell, emptyDensity, widenedDensity } from './uv-density.ts'
import type { WeightedSamples } from './weighted-samples.ts'
import type { WeightingOptions } from './weighting-options.ts'

/** The uv plane that densities are counted on. */
export interface WeightingGeometry extends DensityGrid {
  /** Range of the image's frequencies over their mean; 0 for a single channel. */
  readonly fractionalBandwidth: number
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
  let sumInside = 0
  let finish: ((samples: WeightedSamples) => void) | null = null
  return {
    isCounting: true,
    count(samples) {
      addToDensity(density, samples)
      sumInside += sumOfWeightsInside(samples, density)
    },
    apply(samples) {
      if (finish === null) {
        const wide = widenedDensity(density, weighting.npixels ?? 0)
        if (weighting.kind === 'uniform') finish = each => applyUniformWeighting(each, wide)
        else {
          const formula = robustFormula(weighting, geometry, () => briggsFactor(wide, sumInside, weighting.robust))
          finish = each => applyRobustWeighting(each, wide, formula)
        }
      }
      finish(samples)
      if (isHalved(weighting, geometry)) halve(samples)
    },
  }
}

function halve({ nSample, imagingWeight }: WeightedSamples): void {
  for (let s = 0; s < nSample; s++) imagingWeight[s] /= 2
}

/** In cubes with a density per channel CASA's weights are half of what these formulas say (sums of weights, to 1e-6). */
function isHalved({ kind }: DensityWeighting, { rounding }: WeightingGeometry): boolean {
  return rounding === 'nearest' && (kind === 'uniform' || kind === 'briggsabs')
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

/** Σ weight over samples and conjugates that fall into the density grid. */
function sumOfWeightsInside(samples: WeightedSamples, grid: DensityGrid): number {
  let sum = 0
  for (let s = 0; s < samples.nSample; s++) {
    const here = densityCell(grid, samples.uLambda[s], samples.vLambda[s])
    const conjugate = densityCell(grid, -samples.uLambda[s], -samples.vLambda[s])
    sum += ((here < 0 ? 0 : 1) + (conjugate < 0 ? 0 : 1)) * samples.imagingWeight[s]
  }
  return sum
}

/** Multiplies every weight by the length of its baseline in wavelengths. */
function applyRadialWeighting(samples: WeightedSamples): void {
  for (let s = 0; s < samples.nSample; s++) {
    samples.imagingWeight[s] *= Math.hypot(samples.uLambda[s], samples.vLambda[s])
  }
}
