import type { Pacer } from '@cleanbeam/math'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { minorStopCode } from './minor-stop-code.ts'
import { countMask, maskBox, modelFluxJy, type PixelBounds, type PlanePeak, planePeak } from './plane-peak.ts'

/** Pixels visited between looks at the clock. */
const PIXELS_PER_SLICE = 4_000_000
/** Rows of the residual that are finished before the next ones are looked at. */
const ROWS_PER_BLOCK = 8

/**
 * Högbom's clean: again and again, `gain` times the PSF is taken away at the largest residual in the mask.
 *
 *   while components ≤ maxIterations and |peak| > limit:
 *     model[peak] += gain·peak;  residual −= gain·peak·psf shifted to the peak
 *
 * The PSF is as large as the plane, so that a component far from the centre is subtracted where the two overlap.
 * Of equal peaks the first in storage order is taken. *Difference from the paper:* while iterating, only the box around
 * the mask is kept up to date; the rest of the plane has its components subtracted at the end, once per pixel of the
 * model, which is the same but for rounding.
 * *CASA's counting:* a clean that ends at the iteration limit has taken one component more than it reports (25 reported
 * in tp_cube_hogbom are 26 by flux and peak); so does this one.
 * @see J. A. Högbom, A&AS 15 (1974) 417
 */
export async function hogbomClean(
  plane: MinorCyclePlane,
  control: MinorCycleControl,
  pacer: Pacer,
): Promise<MinorCycleOutcome> {
  const { nx, residual, model, mask } = plane
  const box = maskBox(plane)
  const boxPixels = (box.x1 - box.x0) * (box.y1 - box.y0)
  const maskSum = countMask(plane)
  const startEverywhere = planePeak(residual, null, nx)
  const start = planePeak(residual, mask, nx)
  const startModelFluxJy = modelFluxJy(model)
  const limitJy = Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0)
  const components = new Map<number, number>()
  const maxComponents = control.maxIterations > 0 ? control.maxIterations + 1 : 0
  let nComponent = 0
  let peak: PlanePeak = start
  let visited = 0
  while (maskSum > 0 && nComponent < maxComponents && peak.absoluteJy > limitJy) {
    const value = control.gain * residual[peak.index]
    components.set(peak.index, (components.get(peak.index) ?? 0) + value)
    model[peak.index] += value
    subtractWithin(plane, peak.index, value, box)
    peak = planePeak(residual, mask, nx, box)
    nComponent++
    visited += boxPixels
    if (visited > PIXELS_PER_SLICE) {
      visited = 0
      if (pacer.due()) await pacer.rest()
    }
  }
  await subtractOutside(plane, components, box, pacer)
  const iterations = Math.min(nComponent, control.maxIterations)
  return {
    iterations,
    stopCode: minorStopCode(control, maskSum, iterations, start.absoluteJy, peak.absoluteJy),
    startPeakResidualJy: start.absoluteJy,
    startPeakResidualNoMaskJy: startEverywhere.absoluteJy,
    peakResidualJy: peak.absoluteJy,
    peakResidualNoMaskJy: planePeak(residual, null, nx).absoluteJy,
    startModelFluxJy,
    modelFluxJy: modelFluxJy(model),
    maskSum,
  }
}

/**
 * residual −= value·psf around pixel `at`, where PSF, plane and bounds overlap. `| 0` keeps every index a small integer:
 * an index the engine has to treat as a float makes this loop three times slower.
 */
function subtractWithin(plane: MinorCyclePlane, at: number, value: number, bounds: PixelBounds): void {
  const { nx, ny, residual, psf } = plane
  const shiftX = ((at % nx) - (nx >> 1)) | 0
  const shiftY = (((at / nx) | 0) - (ny >> 1)) | 0
  const x0 = Math.max(bounds.x0, shiftX) | 0
  const x1 = Math.min(bounds.x1, nx + shiftX) | 0
  const y0 = Math.max(bounds.y0, shiftY) | 0
  const y1 = Math.min(bounds.y1, ny + shiftY) | 0
  const toPsf = (-shiftX - nx * shiftY) | 0
  for (let y = y0; y < y1; y++) subtractRow(residual, psf, value, (y * nx + x0) | 0, (y * nx + x1) | 0, toPsf)
}

/** residual[j] −= value·psf[j + toPsf] for start ≤ j < end, four at a time. */
function subtractRow(
  residual: Float32Array,
  psf: Float32Array,
  value: number,
  start: number,
  end: number,
  toPsf: number,
): void {
  let j = start
  for (; j + 3 < end; j += 4) {
    const k = (j + toPsf) | 0
    residual[j] -= value * psf[k]
    residual[j + 1] -= value * psf[k + 1]
    residual[j + 2] -= value * psf[k + 2]
    residual[j + 3] -= value * psf[k + 3]
  }
  for (; j < end; j++) residual[j] -= value * psf[j + toPsf]
}

/** Subtracts the gathered components from the four strips around the box. */
async function subtractOutside(
  plane: MinorCyclePlane,
  components: ReadonlyMap<number, number>,
  box: PixelBounds,
  pacer: Pacer,
): Promise<void> {
  const { nx, ny } = plane
  const strips: PixelBounds[] = [
    { x0: 0, x1: nx, y0: 0, y1: box.y0 },
    { x0: 0, x1: nx, y0: box.y1, y1: ny },
    { x0: 0, x1: box.x0, y0: box.y0, y1: box.y1 },
    { x0: box.x1, x1: nx, y0: box.y0, y1: box.y1 },
  ]
  for (const strip of strips) {
    // A few rows at a time, so that they stay in the processor's cache while all components pass over them.
    for (let y0 = strip.y0; y0 < strip.y1; y0 += ROWS_PER_BLOCK) {
      const block = { ...strip, y0, y1: Math.min(strip.y1, y0 + ROWS_PER_BLOCK) }
      for (const [at, value] of components) subtractWithin(plane, at, value, block)
      if (pacer.due()) await pacer.rest()
    }
  }
}
