import { MINOR_STOP, type MinorCycleControl, type MinorStopCode } from './minor-cycle-types.ts'

/** A plane counts as diverging when a minor cycle leaves its peak this much above where it began (CASA's 10 %). */
const DIVERGENCE_RATIO = 1.1

/** Why a minor cycle ended, from where its peak began and ended (Jy). */
export function minorStopCode(
  control: MinorCycleControl,
  maskSum: number,
  iterations: number,
  startJy: number,
  endJy: number,
): MinorStopCode {
  const nsigmaJy = control.nsigmaThresholdJy ?? 0
  if (maskSum === 0) return MINOR_STOP.skippedZeroMask
  if (control.maxIterations <= 0) return MINOR_STOP.zeroIterations
  if (endJy > DIVERGENCE_RATIO * startJy) return MINOR_STOP.divergence
  if (endJy <= Math.max(control.cycleThresholdJy, nsigmaJy)) {
    return nsigmaJy > control.cycleThresholdJy ? MINOR_STOP.nsigma : MINOR_STOP.cycleThreshold
  }
  return iterations >= control.maxIterations ? MINOR_STOP.cycleIterations : MINOR_STOP.none
}
