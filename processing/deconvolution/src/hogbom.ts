import type { Pacer } from '@cleanbeam/math'
import {
  MINOR_STOP,
  type MinorCycleControl,
  type MinorCycleOutcome,
  type MinorCyclePlane,
} from './minor-cycle-types.ts'
import { countMask, modelFluxJy, type PlanePeak, planePeak } from './plane-peak.ts'

/** A plane counts as diverging when a minor cycle leaves its peak this much above where it began (CASA's 10 %). */
const DIVERGENCE_RATIO = 1.1
/** Pixels visited between looks at the clock. */
const PIXELS_PER_SLICE = 4_000_000

/**
 * Högbom's clean: again and again, `gain` times the PSF is taken away at the largest residual in the mask.
 *
 *   while iterations < maxIterations and |peak| > limit:
 *     model[peak] += gain·peak;  residual −= gain·peak·psf shifted to the peak, over the whole plane
 *
 * The PSF is as large as the plane, so that a component far from the centre is subtracted where the two overlap.
 * Of equal peaks the first in storage order is taken.
 * @see J. A. Högbom, A&AS 15 (1974) 417
 */
export async function hogbomClean(
  plane: MinorCyclePlane,
  control: MinorCycleControl,
  pacer: Pacer,
): Promise<MinorCycleOutcome> {
  const { nx, ny, residual, model, mask } = plane
  const maskSum = countMask(plane)
  const startEverywhere = planePeak(residual, null, nx, 0, ny)
  const start = planePeak(residual, mask, nx, 0, ny)
  const startModelFluxJy = modelFluxJy(model)
  const nsigmaJy = control.nsigmaThresholdJy ?? 0
  const limitJy = Math.max(control.cycleThresholdJy, nsigmaJy)
  let iterations = 0
  let peak: PlanePeak = start
  let visited = 0
  while (maskSum > 0 && iterations < control.maxIterations && peak.absoluteJy > limitJy) {
    const value = control.gain * residual[peak.index]
    model[peak.index] += value
    peak = subtractAndFindPeak(plane, peak.index, value)
    iterations++
    visited += nx * ny
    if (visited > PIXELS_PER_SLICE) {
      visited = 0
      if (pacer.due()) await pacer.rest()
    }
  }
  return {
    iterations,
    stopCode: stopCode(control, maskSum, iterations, start.absoluteJy, peak.absoluteJy, nsigmaJy),
    startPeakResidualJy: start.absoluteJy,
    startPeakResidualNoMaskJy: startEverywhere.absoluteJy,
    peakResidualJy: peak.absoluteJy,
    peakResidualNoMaskJy: planePeak(residual, null, nx, 0, ny).absoluteJy,
    startModelFluxJy,
    modelFluxJy: modelFluxJy(model),
    maskSum,
  }
}

function stopCode(
  control: MinorCycleControl,
  maskSum: number,
  iterations: number,
  startJy: number,
  endJy: number,
  nsigmaJy: number,
): MinorCycleOutcome['stopCode'] {
  if (maskSum === 0) return MINOR_STOP.skippedZeroMask
  if (control.maxIterations <= 0) return MINOR_STOP.zeroIterations
  if (endJy > DIVERGENCE_RATIO * startJy) return MINOR_STOP.divergence
  if (endJy <= Math.max(control.cycleThresholdJy, nsigmaJy)) {
    return nsigmaJy > control.cycleThresholdJy ? MINOR_STOP.nsigma : MINOR_STOP.cycleThreshold
  }
  return iterations >= control.maxIterations ? MINOR_STOP.cycleIterations : MINOR_STOP.none
}

/** residual −= value·psf around `at`; answers the largest absolute residual in the mask afterwards. */
function subtractAndFindPeak(plane: MinorCyclePlane, at: number, value: number): PlanePeak {
  const { nx, ny, residual, psf, mask } = plane
  const shiftX = (at % nx) - (nx >> 1)
  const shiftY = Math.floor(at / nx) - (ny >> 1)
  const x0 = Math.max(0, shiftX)
  const x1 = Math.min(nx, nx + shiftX)
  let best = 0
  let index = 0
  for (let y = 0; y < ny; y++) {
    const row = y * nx
    const psfY = y - shiftY
    if (psfY >= 0 && psfY < ny) {
      const psfRow = psfY * nx - shiftX
      for (let x = x0; x < x1; x++) residual[row + x] -= value * psf[psfRow + x]
    }
    if (mask === null) {
      for (let j = row; j < row + nx; j++) {
        const size = Math.abs(residual[j])
        if (size > best) {
          best = size
          index = j
        }
      }
    } else {
      for (let j = row; j < row + nx; j++) {
        const size = Math.abs(residual[j])
        if (size > best && mask[j] > 0) {
          best = size
          index = j
        }
      }
    }
  }
  return { absoluteJy: best, index }
}
