// summaryminor of the return dictionary: one list entry per minor-cycle set and plane.

import type { MinorCycleOutcome } from '@cleanbeam/deconvolution'
import type { MinorCycleSummary, SummaryMinor } from '@cleanbeam/types'

/** Where an outcome belongs. */
export interface PlaneKey {
  readonly field: number
  readonly channel: number
  /** Index of the Stokes plane in the image; 0 for algorithms that clean all planes jointly. */
  readonly polarisation: number
}

/** One minor cycle on one plane, as the return dictionary lists it. */
export interface MinorCycleEntry {
  readonly outcome: MinorCycleOutcome
  readonly cycleThresholdJy: number
  /** Components found in the run before this plane's turn. */
  readonly startIterations: number
  /** Components found in the run before this field's minor cycle. */
  readonly cycleStartIterations: number
}

/** Adds one plane's entry, numbers rounded to float32 as CASA returns them. */
export function appendEntry(summary: SummaryMinor, key: PlaneKey, entry: MinorCycleEntry): void {
  const lists = listsOf(summary, key)
  const { outcome } = entry
  lists.startIterDone.push(entry.startIterations)
  lists.iterDone.push(outcome.iterations)
  lists.startPeakRes.push(Math.fround(outcome.startPeakResidualJy))
  lists.peakRes.push(Math.fround(outcome.peakResidualJy))
  lists.startModelFlux.push(Math.fround(outcome.startModelFluxJy))
  lists.modelFlux.push(Math.fround(outcome.modelFluxJy))
  lists.startPeakResNM.push(Math.fround(outcome.startPeakResidualNoMaskJy))
  lists.peakResNM.push(Math.fround(outcome.peakResidualNoMaskJy))
  lists.cycleThresh.push(Math.fround(entry.cycleThresholdJy))
  lists.cycleStartIters.push(entry.cycleStartIterations)
  lists.masksum.push(outcome.maskSum)
  lists.mpiServer.push(0)
  lists.stopCode.push(outcome.stopCode)
}

/** State of a plane in a call that cleans nothing (niter=0). */
export interface IdlePlane {
  readonly peakResidualJy: number
  readonly peakResidualNoMaskJy: number
  readonly modelFluxJy: number
  readonly maskSum: number
}

/** Adds the entry of a plane that was not cleaned because niter is 0. */
export function appendIdleEntry(summary: SummaryMinor, key: PlaneKey, plane: IdlePlane): void {
  const lists = listsOf(summary, key)
  lists.iterDone.push(0)
  lists.peakRes.push(plane.peakResidualJy)
  lists.modelFlux.push(plane.modelFluxJy)
  lists.cycleThresh.push(0)
  lists.cycleStartIters.push(0)
  lists.startIterDone.push(0)
  lists.startPeakRes.push(plane.peakResidualJy)
  lists.startModelFlux.push(plane.modelFluxJy)
  lists.startPeakResNM.push(plane.peakResidualNoMaskJy)
  lists.peakResNM.push(plane.peakResidualNoMaskJy)
  lists.masksum.push(plane.maskSum)
  lists.mpiServer.push(0)
  lists.stopCode.push(3)
}

function listsOf(summary: SummaryMinor, key: PlaneKey): Required<MinorCycleSummary> {
  const field = (summary[key.field] ??= {})
  const channel = (field[key.channel] ??= {})
  return (channel[key.polarisation] ??= emptyLists()) as Required<MinorCycleSummary>
}

function emptyLists(): Required<MinorCycleSummary> {
  return {
    startIterDone: [],
    iterDone: [],
    startPeakRes: [],
    peakRes: [],
    startModelFlux: [],
    modelFlux: [],
    startPeakResNM: [],
    peakResNM: [],
    cycleThresh: [],
    cycleStartIters: [],
    masksum: [],
    mpiServer: [],
    stopCode: [],
  }
}

/** The summary as CASA gives it without fullsummary: four lists per plane. */
export function shortSummary(summary: SummaryMinor): SummaryMinor {
  const short: SummaryMinor = {}
  for (const [field, channels] of Object.entries(summary)) {
    short[field] = {}
    for (const [channel, planes] of Object.entries(channels)) {
      short[field][channel] = {}
      for (const [polarisation, { iterDone, peakRes, modelFlux, cycleThresh }] of Object.entries(planes)) {
        short[field][channel][polarisation] = { iterDone, peakRes, modelFlux, cycleThresh }
      }
    }
  }
  return short
}
