// The counters of a session. Plain JSON, because they are saved with every step.

import { GLOBAL_STOP, type GlobalStopCode } from '@cleanbeam/tclean'
import type { JsonObject, ReturnDictionary, SummaryMinor, TcleanParameters } from '@cleanbeam/types'
import type { FieldOverrides } from './session-fields.ts'

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
  /**
   * The residual on disk: from the visibilities, from dirty image and PSF, or from the visibilities in place of the latter
   * because images were restored.
   */
  residual: 'exact' | 'instant' | 'replaced'
  /** An update was accepted after the last step, so that a session that has ended goes on. */
  reopened: boolean
  stopRequested: boolean
  cycleThresholdsJy: number[]
  summaryMajor: number[]
  /** As tclean would return it, all steps so far. */
  summaryMinor: SummaryMinor
  /** Per entry of `summaryMinor` the nsigma limit in force, Jy, by the same keys. */
  nsigmaThresholdsJy: Record<string, number[]>
  /** What sets each outlier apart from the main image; known from the first step on. */
  outliers: FieldOverrides[]
  /** The planes of all fields before any cleaning. */
  firstPlanes: FirstPlane[]
}

/** What the first major cycle found of a plane, before any cleaning. */
export interface FirstPlane {
  readonly field: string
  readonly channel: string
  readonly polarisation: string
  readonly peakResidualJy: number
  readonly modelFluxJy: number
}

/** The planes that a call without cleaning reports. */
export function firstPlanes({ summaryminor }: ReturnDictionary): FirstPlane[] {
  return summaryPlanes(summaryminor).map(key => {
    const { peakRes, modelFlux } = summaryminor[key.field][key.channel][key.polarisation]
    return { ...key, peakResidualJy: peakRes[0], modelFluxJy: modelFlux[0] }
  })
}

/** Key of a plane in `nsigmaThresholdsJy`. */
export function planeKey({ field, channel, polarisation }: PlaneName): string {
  return `${field}/${channel}/${polarisation}`
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
    residual: 'exact',
    reopened: false,
    stopRequested: false,
    cycleThresholdsJy: [],
    summaryMajor: [],
    summaryMinor: {},
    nsigmaThresholdsJy: {},
    outliers: [],
    firstPlanes: [],
  }
}

export function stateToJson(state: LoopState): JsonObject {
  return structuredClone(state) as unknown as JsonObject
}

export function stateFromJson(json: JsonObject): LoopState {
  return structuredClone(json) as unknown as LoopState
}

/** Keys of a plane in a summary. */
export interface PlaneName {
  readonly field: string
  readonly channel: string
  readonly polarisation: string
}

/** The planes of a summary in order: field slowest, polarisation fastest. */
export function summaryPlanes(summary: SummaryMinor): PlaneName[] {
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
 * Appends what one step's minor cycle found in a field, counting on: a task starts its counts at 0 and knows of one field.
 * @param nsigmaInForceJy - per channel
 */
export function appendStep(
  state: LoopState,
  field: number,
  from: SummaryMinor[string],
  nsigmaInForceJy: readonly number[],
): void {
  const into = (state.summaryMinor[field] ??= {})
  for (const { channel, polarisation } of summaryPlanes({ [field]: from })) {
    const source = from[channel][polarisation]
    const shifted = {
      ...source,
      startIterDone: source.startIterDone?.map(n => n + state.iterations),
      cycleStartIters: source.cycleStartIters?.map(n => n + state.iterations),
    }
    const limits = (state.nsigmaThresholdsJy[planeKey({ field: String(field), channel, polarisation })] ??= [])
    limits.push(...source.iterDone.map(() => nsigmaInForceJy[Number(channel)] ?? 0))
    const planes = (into[channel] ??= {})
    const target = planes[polarisation]
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
