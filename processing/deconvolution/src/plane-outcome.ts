import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { minorStopCode } from './minor-stop-code.ts'
import { countMask, modelFluxJy, planePeak } from './plane-peak.ts'

/** What is reported of a plane as it was. */
export interface StateBefore {
  readonly maskSum: number
  readonly peakResidualJy: number
  readonly peakResidualNoMaskJy: number
  readonly modelFluxJy: number
}

/** Looks at a plane before its minor cycle. */
export function stateBefore(plane: MinorCyclePlane): StateBefore {
  const { nx, residual, mask, model } = plane
  const everywhere = planePeak(residual, null, nx).absoluteJy
  return {
    maskSum: countMask(plane),
    peakResidualJy: mask === null ? everywhere : planePeak(residual, mask, nx).absoluteJy,
    peakResidualNoMaskJy: everywhere,
    modelFluxJy: modelFluxJy(model),
  }
}

/** What is reported of a plane after its minor cycle. */
export function outcomeOf(
  plane: MinorCyclePlane,
  control: MinorCycleControl,
  start: StateBefore,
  iterations: number,
): MinorCycleOutcome {
  const peakResidualJy = planePeak(plane.residual, plane.mask, plane.nx).absoluteJy
  return {
    iterations,
    stopCode: minorStopCode(control, start.maskSum, iterations, start.peakResidualJy, peakResidualJy),
    startPeakResidualJy: start.peakResidualJy,
    startPeakResidualNoMaskJy: start.peakResidualNoMaskJy,
    peakResidualJy,
    peakResidualNoMaskJy: planePeak(plane.residual, null, plane.nx).absoluteJy,
    startModelFluxJy: start.modelFluxJy,
    modelFluxJy: modelFluxJy(plane.model),
    maskSum: start.maskSum,
  }
}
