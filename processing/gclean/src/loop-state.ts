// The counters of a session. Plain JSON, because they are saved with every step.

import { GLOBAL_STOP, type GlobalStopCode } from '@cleanbeam/tclean'
import type { JsonObject, ReturnDictionary, SummaryMinor, TcleanParameters } from '@cleanbeam/types'

export interface LoopState {
  /** False before the first residual exists. */
  started: boolean
  /** Components that may still be found. */
  niterLeft: number
  /** Major cycles that may still be made; −1: no limit. */
  nmajorLeft: number
  /** Components found so far, over all planes. */
  iterations: number
  /** Major cycles after the first one. */
  majorCycles: number
  /** Per step the largest number of components of one plane, summed. */
  largestPlaneIterations: number
  maxPsfSidelobe: number
  /** Peak residual after each major cycle since the mask last changed, Jy. */
  peakHistoryJy: number[]
  /** Cycle threshold given by update for the next cycle only, Jy. */
  onceCycleThresholdJy: number | null
  stopCode: GlobalStopCode
  /** An update was accepted after the last step, so that a session that has ended goes on. */
  reopened: boolean
  stopRequested: boolean
  cycleThresholdsJy: number[]
  summaryMajor: number[]
  /** As tclean would return it, all steps so far. */
  summaryMinor: SummaryMinor
  /** nsigma limit in force in each step, Jy: [step][plane], planes Stokes fastest. */
  nsigmaThresholdsJy: number[][]
}

export function initialState(parameters: TcleanParameters): LoopState {
  return {
    started: false,
    niterLeft: parameters.niter,
    nmajorLeft: parameters.nmajor,
    iterations: 0,
    majorCycles: 0,
    largestPlaneIterations: 0,
    maxPsfSidelobe: 0,
    peakHistoryJy: [],
    onceCycleThresholdJy: null,
    stopCode: GLOBAL_STOP.running,
    reopened: false,
    stopRequested: false,
    cycleThresholdsJy: [],
    summaryMajor: [],
    summaryMinor: {},
    nsigmaThresholdsJy: [],
  }
}

export function stateToJson(state: LoopState): JsonObject {
  return structuredClone(state) as unknown as JsonObject
}

export function stateFromJson(json: JsonObject): LoopState {
  return structuredClone(json) as unknown as LoopState
}

/** The planes of a summary in order: channel slowest, polarisation fastest. */
export function summaryPlanes(summary: SummaryMinor): { field: string; channel: string; polarisation: string }[] {
  const ascending = (a: string, b: string): number => Number(a) - Number(b)
  return Object.keys(summary)
    .sort(ascending)
    .flatMap(field =>
      Object.keys(summary[field])
        .sort(ascending)
        .flatMap(channel =>
          Object.keys(summary[field][channel])
            .sort(ascending)
            .map(polarisation => ({ field, channel, polarisation })),
        ),
    )
}

/**
 * Appends one step's minor-cycle summary to the session's, counting on: a task starts its counts at 0 each time.
 * @param iterationsBefore - components found before the step
 */
export function appendSummary(into: SummaryMinor, from: SummaryMinor, iterationsBefore: number): void {
  for (const { field, channel, polarisation } of summaryPlanes(from)) {
    const source = from[field][channel][polarisation]
    const channels = (into[field] ??= {})
    const planes = (channels[channel] ??= {})
    const target = planes[polarisation]
    const shifted = {
      ...source,
      startIterDone: source.startIterDone?.map(n => n + iterationsBefore),
      cycleStartIters: source.cycleStartIters?.map(n => n + iterationsBefore),
    }
    if (!target) {
      planes[polarisation] = structuredClone(shifted)
      continue
    }
    for (const [key, list] of Object.entries(shifted)) {
      if (list) (target[key as keyof typeof target] ??= []).push(...list)
    }
  }
}

/** Largest number of components that one plane got in a task call. */
export function largestPlaneCount(dictionary: ReturnDictionary): number {
  const counts = summaryPlanes(dictionary.summaryminor).map(({ field, channel, polarisation }) =>
    dictionary.summaryminor[field][channel][polarisation].iterDone.reduce((sum, n) => sum + n, 0),
  )
  return Math.max(0, ...counts)
}
