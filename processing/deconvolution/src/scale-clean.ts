// The loop that multi-scale and multi-term clean share.

import type { Pacer } from '@cleanbeam/math'
import { addKernel } from './scale-kernel.ts'
import type { ScaleFilter, ScaleResponses } from './scale-responses.ts'
import { createScaleSearch, type FoundComponent, type ScaleSearch } from './scale-search.ts'

/** Taylor terms of a plane; one term for multi-scale clean. */
export interface ScaleCleanPlane {
  readonly nx: number
  readonly ny: number
  /** Jy/beam, changed in place. */
  readonly residual: readonly Float32Array[]
  readonly mask: Float32Array | Uint8Array | null
  /** Jy/pixel, changed in place. */
  readonly model: readonly Float32Array[]
}

/** How the two algorithms differ. */
export interface ScaleCleanRules {
  readonly responses: ScaleResponses
  readonly smallScaleBias: number
  readonly gain: number
  readonly maxIterations: number
  /** A scale may be centred where the mask, smoothed by it, is above this. */
  readonly maskCut: number
  /** Whether the border is also kept clear for the first scale. */
  readonly borderForFirst: boolean
  /** Looks at a component before it is subtracted; false ends the clean, the iteration being counted. */
  readonly accepts: (component: FoundComponent) => boolean
  /** Looks at the residuals after a subtraction; false ends the clean. */
  readonly goesOn: (search: ScaleSearch) => boolean
}

/**
 * Scales keep this many times their size, rounded down, and one pixel more, clear of the edge of the image, as in CASA
 * (found from where components of deconvolve land).
 */
const BORDER_PER_SCALE = 1.5

/** Cleans; answers the number of iterations. Residuals are made anew from the model's change, not from the patches. */
export async function cleanScales(plane: ScaleCleanPlane, rules: ScaleCleanRules, pacer: Pacer): Promise<number> {
  const { responses } = rules
  const { filters } = responses
  if (filters.length === 0) return 0
  const largest = Math.max(...filters.map(filter => filter.scalePixels))
  const search = createScaleSearch({
    responses,
    residuals: await filteredResiduals(plane, responses, pacer),
    allowed: await allowedCentres(plane, rules, pacer),
    bias: filters.map(({ scalePixels }) => (largest > 0 ? 1 - (rules.smallScaleBias * scalePixels) / largest : 1)),
  })
  const changes = plane.model.map(model => new Float32Array(model.length))
  let iterations = 0
  while (iterations < rules.maxIterations) {
    const component = search.best()
    if (component === null) break
    iterations++
    if (!rules.accepts(component)) break
    search.subtract(component, rules.gain)
    const { kernel } = filters[component.scale]
    component.coefficients.forEach((amount, term) => {
      addKernel(changes[term], plane.nx, plane.ny, kernel, component.x, component.y, rules.gain * amount)
    })
    if (!rules.goesOn(search)) break
    if (pacer.due()) await pacer.rest()
  }
  if (iterations > 0) await applyChanges(plane, changes, responses, pacer)
  return iterations
}

async function filteredResiduals(
  { residual }: ScaleCleanPlane,
  { convolver, filters }: ScaleResponses,
  pacer: Pacer,
): Promise<Float32Array[][]> {
  const filled = residual.map(plane => plane.map(value => (Number.isFinite(value) ? value : 0)))
  const spectra = []
  if (filters.some(filter => filter.spectrum !== null)) {
    for (const plane of filled) spectra.push(await convolver.spectrum(plane, pacer))
  }
  const filtered: Float32Array[][] = []
  for (const { spectrum } of filters) {
    const planes: Float32Array[] = []
    for (const [term, plane] of filled.entries()) {
      planes.push(
        spectrum === null
          ? plane.slice()
          : Float32Array.from(await convolver.convolve([[spectra[term], spectrum]], pacer)),
      )
    }
    filtered.push(planes)
  }
  return filtered
}

async function allowedCentres(plane: ScaleCleanPlane, rules: ScaleCleanRules, pacer: Pacer): Promise<Uint8Array[]> {
  const { convolver, filters } = rules.responses
  const inside = insideMask(plane)
  const whole = inside.every(value => value === 1)
  const spectrum =
    whole || filters.every(filter => filter.spectrum === null)
      ? null
      : await convolver.spectrum(Float64Array.from(inside), pacer)
  const allowed: Uint8Array[] = []
  for (const [index, filter] of filters.entries()) {
    const smoothed =
      filter.spectrum === null || spectrum === null
        ? inside
        : await convolver.convolve([[spectrum, filter.spectrum]], pacer)
    const border = index > 0 || rules.borderForFirst ? Math.floor(BORDER_PER_SCALE * filter.scalePixels) + 1 : 0
    allowed.push(withinBorder(smoothed, plane, border, rules.maskCut, filter, inside))
  }
  return allowed
}

/** 1 where the mask is above 0 and every residual term is a number. */
function insideMask({ residual, mask }: ScaleCleanPlane): Uint8Array {
  const inside = new Uint8Array(residual[0].length).fill(1)
  for (let j = 0; j < inside.length; j++) {
    if ((mask !== null && !(mask[j] > 0)) || residual.some(plane => !Number.isFinite(plane[j]))) inside[j] = 0
  }
  return inside
}

function withinBorder(
  smoothed: Uint8Array | Float64Array,
  { nx, ny }: ScaleCleanPlane,
  border: number,
  cut: number,
  filter: ScaleFilter,
  inside: Uint8Array,
): Uint8Array {
  const allowed = new Uint8Array(nx * ny)
  for (let y = border; y < ny - border; y++) {
    for (let x = border; x < nx - border; x++) {
      const j = x + nx * y
      if (filter.spectrum === null ? inside[j] > 0 : smoothed[j] > cut) allowed[j] = 1
    }
  }
  return allowed
}

async function applyChanges(
  { residual, model }: ScaleCleanPlane,
  changes: readonly Float32Array[],
  { convolver, psfSpectra }: ScaleResponses,
  pacer: Pacer,
): Promise<void> {
  const spectra = []
  for (const change of changes) spectra.push(await convolver.spectrum(change, pacer))
  for (const [i, plane] of residual.entries()) {
    const response = await convolver.convolve(
      spectra.map((spectrum, j) => [spectrum, psfSpectra[i + j]] as const),
      pacer,
    )
    for (let k = 0; k < plane.length; k++) plane[k] -= response[k]
  }
  for (const [i, plane] of model.entries()) for (let k = 0; k < plane.length; k++) plane[k] += changes[i][k]
}
