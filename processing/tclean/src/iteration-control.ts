// When to stop, how deep to clean and how many components: the rules between major and minor cycles that tclean and
// gclean share. Codes, their order and their texts are CASA's.

import { cycleThresholdJy } from '@cleanbeam/deconvolution'

/** Why cleaning ended (`stopcode` of the return dictionary). */
export const GLOBAL_STOP = {
  running: 0,
  iterationLimit: 1,
  threshold: 2,
  forced: 3,
  noChange: 4,
  roseSinceLastMajor: 5,
  roseAboveMinimum: 6,
  zeroMask: 7,
  nsigma: 8,
  majorLimit: 9,
} as const
export type GlobalStopCode = (typeof GLOBAL_STOP)[keyof typeof GLOBAL_STOP]

const DESCRIPTIONS: Readonly<Record<GlobalStopCode, string>> = {
  0: '',
  1: 'iteration limit',
  2: 'threshold',
  3: 'force stop',
  4: 'no change in peak residual across two major cycles',
  5: 'peak residual increased by more than 3 times from the previous major cycle',
  6: 'peak residual increased by more than 3 times from the minimum reached',
  7: 'zero mask',
  8: 'any combination of n-sigma and other valid exit criterion',
  9: 'reached nmajor',
}

/** What a call with niter=0 says next to stop code 3. */
export const ZERO_ITERATIONS = 'Zero iterations performed'

/** CASA's text for a stop code. */
export function stopDescription(code: GlobalStopCode): string {
  return DESCRIPTIONS[code]
}

/** Limits of the whole run. */
export interface IterationLimits {
  readonly thresholdJy: number
  /** 0 when n-sigma is not asked for. */
  readonly nsigma: number
}

/** State of a plane (field, channel, Stokes) after a major cycle. */
export interface PlanePeak {
  /** Largest absolute residual in the mask, Jy. */
  readonly peakResidualJy: number
  /** nsigma times the noise of the plane, Jy; 0 when n-sigma is not asked for. */
  readonly nsigmaThresholdJy: number
}

/** Where a run stands after a major cycle. */
export interface GlobalProgress {
  readonly planes: readonly PlanePeak[]
  /** Sum of the mask over all planes. */
  readonly maskSum: number
  /** Components still allowed; 0 or less when used up (planes share niter, so the sum can go beyond it). */
  readonly iterationsLeft: number
  /** Major cycles still allowed; negative: no limit. */
  readonly majorCyclesLeft: number
  /** Peak over all planes after each major cycle, the first included, the present one last, Jy. */
  readonly peakHistoryJy: readonly number[]
  readonly stopRequested?: boolean
}

/** Changes of the peak below this (Jy) count as none; empirical, CASA's runs with a vanishing gain stop by it. */
const NO_CHANGE_JY = 1e-10
/**
 * How far above a limit a peak may be and still count as having reached it: a minor cycle ends just below the limit, the
 * major cycle after it moves the peak a little, and another minor cycle would be spent on a component or two. Fitted:
 * CASA stopped M87 with the peak 0.93 % above n-sigma, after having gone on at 1.9 % above.
 */
const LIMIT_TOLERANCE = 1.01
/** CASA's documentation: "more than 3 times". */
const DIVERGENCE_FACTOR = 3

/**
 * The stop code after a major cycle, 0 to go on. The threshold goes before the iteration limit: a run that reaches both
 * in the same cycle reports the threshold, as CASA does.
 * @see https://casadocs.readthedocs.io/en/stable/notebooks/synthesis_imaging.html (Iteration control, Returned dictionary)
 */
export function globalStopCode(limits: IterationLimits, progress: GlobalProgress): GlobalStopCode {
  if (progress.maskSum === 0) return GLOBAL_STOP.zeroMask
  if (progress.stopRequested) return GLOBAL_STOP.forced
  const peakJy = overallPeakJy(progress.planes)
  if (peakJy <= LIMIT_TOLERANCE * limits.thresholdJy) return GLOBAL_STOP.threshold
  if (limits.nsigma > 0 && peakJy <= LIMIT_TOLERANCE * Math.max(largestNsigmaJy(progress.planes), limits.thresholdJy)) {
    return GLOBAL_STOP.nsigma
  }
  if (progress.iterationsLeft <= 0) return GLOBAL_STOP.iterationLimit
  return divergenceCode(progress.peakHistoryJy) || majorLimitCode(progress.majorCyclesLeft)
}

/** CASA holds the largest peak against the largest limit; planes that are noisier than others decide. */
function largestNsigmaJy(planes: readonly PlanePeak[]): number {
  return planes.reduce((limit, plane) => Math.max(limit, plane.nsigmaThresholdJy), 0)
}

function divergenceCode(historyJy: readonly number[]): GlobalStopCode {
  if (historyJy.length < 2) return GLOBAL_STOP.running
  const peakJy = historyJy[historyJy.length - 1]
  const previousJy = historyJy[historyJy.length - 2]
  if (Math.abs(peakJy - previousJy) < NO_CHANGE_JY) return GLOBAL_STOP.noChange
  if (peakJy > DIVERGENCE_FACTOR * previousJy) return GLOBAL_STOP.roseSinceLastMajor
  if (peakJy > DIVERGENCE_FACTOR * Math.min(...historyJy)) return GLOBAL_STOP.roseAboveMinimum
  return GLOBAL_STOP.running
}

function majorLimitCode(majorCyclesLeft: number): GlobalStopCode {
  return majorCyclesLeft === 0 ? GLOBAL_STOP.majorLimit : GLOBAL_STOP.running
}

/** The largest peak residual of all planes, Jy; 0 without planes. */
export function overallPeakJy(planes: readonly PlanePeak[]): number {
  return planes.reduce((peak, plane) => Math.max(peak, plane.peakResidualJy), 0)
}

/** What decides the depth of the next minor cycle. */
export interface CycleDepth {
  readonly peakResidualJy: number
  readonly maxPsfSidelobe: number
  readonly cyclefactor: number
  readonly minpsffraction: number
  readonly maxpsffraction: number
  readonly thresholdJy: number
}

/** The cycle threshold, rounded to float32 as CASA's loop control keeps it, Jy. */
export function nextCycleThresholdJy(depth: CycleDepth): number {
  return Math.fround(
    cycleThresholdJy({
      peakResidualJy: depth.peakResidualJy,
      maxPsfSidelobe: depth.maxPsfSidelobe,
      cycleFactor: depth.cyclefactor,
      minPsfFraction: depth.minpsffraction,
      maxPsfFraction: depth.maxpsffraction,
      thresholdJy: depth.thresholdJy,
    }),
  )
}

/** The number of components a minor cycle may find in each plane: cycleniter (−1: no limit of its own), within what is left. */
export function cycleIterations(cycleniter: number, iterationsLeft: number): number {
  const left = Math.max(0, iterationsLeft)
  return cycleniter < 0 ? left : Math.min(cycleniter, left)
}
