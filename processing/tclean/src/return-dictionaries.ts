// The return dictionaries of tclean and deconvolve in the forms that CASA 6.7 gives them. Loop numbers are float32
// widened to float64, as CASA's loop control hands them on.

import type { ReturnDictionary, SummaryMinor } from '@cleanbeam/types'
import { GLOBAL_STOP, type GlobalStopCode, stopDescription, ZERO_ITERATIONS } from './iteration-control.ts'
import { shortSummary } from './minor-summary.ts'

/** The parameters of a run that its dictionary repeats. */
export interface DictionaryParameters {
  readonly niter: number
  readonly cycleniter: number
  readonly cyclefactor: number
  readonly gain: number
  readonly minpsffraction: number
  readonly maxpsffraction: number
  readonly thresholdJy: number
  readonly nsigma: number
  readonly fullsummary: boolean
}

/** What a run did. */
export interface RunResult {
  readonly stopCode: GlobalStopCode
  readonly iterations: number
  /** Per minor-cycle set the largest number of components of one plane, summed. */
  readonly largestPlaneIterations: number
  readonly cycleThresholdJy: number
  readonly maxPsfSidelobe: number
  /** Components found before each major cycle. */
  readonly summaryMajor: readonly number[]
  readonly summaryMinor: SummaryMinor
}

/** Dictionary of a tclean call with niter > 0. */
export function cleanDictionary(parameters: DictionaryParameters, result: RunResult): ReturnDictionary {
  const { niter, cycleniter } = parameters
  return {
    ...loopNumbers(parameters),
    cycleniter: cycleniter < 0 ? niter : Math.min(cycleniter, niter),
    cyclethreshold: Math.fround(result.cycleThresholdJy),
    interactiveiterdone: result.largestPlaneIterations,
    iterdone: result.iterations,
    maxpsfsidelobe: Math.fround(result.maxPsfSidelobe),
    niter,
    nmajordone: result.summaryMajor.length,
    stopcode: result.stopCode,
    summarymajor: [...result.summaryMajor],
    summaryminor: parameters.fullsummary ? result.summaryMinor : shortSummary(result.summaryMinor),
    stopDescription: stopDescription(result.stopCode),
  }
}

/** Dictionary of a tclean call with niter = 0: nearly all zeros, one entry per plane. */
export function dirtyDictionary(parameters: DictionaryParameters, summary: SummaryMinor): ReturnDictionary {
  return {
    ...loopNumbers(parameters),
    cycleniter: 0,
    cyclethreshold: 0,
    interactiveiterdone: 0,
    interactivethreshold: 0,
    iterdone: 0,
    loopgain: 0,
    maxpsffraction: 0,
    maxpsfsidelobe: 0,
    minpsffraction: 0,
    niter: 0,
    nmajordone: 1,
    nsigma: 0,
    stopcode: GLOBAL_STOP.forced,
    summarymajor: [0],
    summaryminor: parameters.fullsummary ? summary : shortSummary(summary),
    threshold: parameters.thresholdJy,
    stopDescription: ZERO_ITERATIONS,
  }
}

/** What deconvolve has in place of minpsffraction, whatever is given; it decides nothing there. */
const DECONVOLVE_MINPSFFRACTION = 0.1

/** Dictionary of a deconvolve call: no major cycles, and no stopDescription unless niter is 0. */
export function deconvolveDictionary(parameters: DictionaryParameters, result: RunResult): ReturnDictionary {
  const idle = parameters.niter === 0
  return {
    ...loopNumbers({ ...parameters, minpsffraction: DECONVOLVE_MINPSFFRACTION }),
    cyclefactor: 1,
    cycleniter: parameters.niter,
    cyclethreshold: Math.fround(result.cycleThresholdJy),
    interactiveiterdone: 0,
    iterdone: result.iterations,
    maxpsfsidelobe: Math.fround(result.maxPsfSidelobe),
    niter: parameters.niter,
    nmajordone: 0,
    stopcode: result.stopCode,
    summarymajor: [],
    summaryminor: parameters.fullsummary ? result.summaryMinor : shortSummary(result.summaryMinor),
    ...(idle ? { stopDescription: ZERO_ITERATIONS } : {}),
  }
}

type LoopNumbers = Pick<
  ReturnDictionary,
  | 'cleanstate'
  | 'cyclefactor'
  | 'cycleiterdone'
  | 'interactivemode'
  | 'interactiveniter'
  | 'interactivethreshold'
  | 'loopgain'
  | 'maxpsffraction'
  | 'minpsffraction'
  | 'nsigma'
  | 'threshold'
>

function loopNumbers(parameters: DictionaryParameters): LoopNumbers {
  return {
    cleanstate: 'running',
    cyclefactor: Math.fround(parameters.cyclefactor),
    cycleiterdone: 0,
    interactivemode: false,
    interactiveniter: 0,
    interactivethreshold: 0,
    loopgain: Math.fround(parameters.gain),
    maxpsffraction: Math.fround(parameters.maxpsffraction),
    minpsffraction: Math.fround(parameters.minpsffraction),
    nsigma: Math.fround(parameters.nsigma),
    threshold: Math.fround(parameters.thresholdJy),
  }
}
