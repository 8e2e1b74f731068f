import { stopDescription, ZERO_ITERATIONS } from '@cleanbeam/tclean'
import type {
  FieldConvergence,
  GcleanRecord,
  PlaneConvergence,
  ReturnDictionary,
  TcleanParameters,
} from '@cleanbeam/types'
import { type LoopState, summaryPlanes } from './loop-state.ts'

/** What the first major cycle found of a plane, before any cleaning. */
export interface FirstPlane {
  readonly channel: string
  readonly polarisation: string
  readonly peakResidualJy: number
  readonly modelFluxJy: number
}

/** The record of a session: its whole history, as plain JSON. */
export function buildRecord(
  parameters: TcleanParameters,
  state: LoopState,
  first: readonly FirstPlane[],
  thresholdJy: number,
): GcleanRecord {
  const chan = convergence(state, first)
  const field: FieldConvergence = { imagename: parameters.imagename, chan }
  return {
    stopcode: state.stopCode,
    stopDescription: describeStop(state),
    nmajordone: state.majorCycles,
    nmajorleft: state.nmajorLeft,
    niterdone: state.iterations,
    niterleft: state.niterLeft,
    chan: structuredClone(chan),
    major: { cyclethreshold: [...state.cycleThresholdsJy] },
    fields: [field],
    returndict: returnDictionary(parameters, state, thresholdJy),
  }
}

function describeStop(state: LoopState): string {
  const nothingDone = state.stopCode === 3 && state.iterations === 0 && state.niterLeft <= 0
  return nothingDone ? ZERO_ITERATIONS : stopDescription(state.stopCode)
}

function convergence(state: LoopState, first: readonly FirstPlane[]): Record<string, Record<string, PlaneConvergence>> {
  const chan: Record<string, Record<string, PlaneConvergence>> = {}
  for (const { channel, polarisation, peakResidualJy, modelFluxJy } of first) {
    const planes = (chan[channel] ??= {})
    planes[polarisation] = {
      modelFlux: [modelFluxJy],
      iterations: [0],
      peakRes: [peakResidualJy],
      stopCode: [3],
      cycleThresh: [0],
      nsigmaThresh: [0],
    }
  }
  for (const [index, key] of summaryPlanes(state.summaryMinor).entries()) {
    const lists = state.summaryMinor[key.field][key.channel][key.polarisation]
    const plane = chan[key.channel]?.[key.polarisation]
    if (!plane) continue
    let sum = 0
    for (const [set, count] of lists.iterDone.entries()) {
      sum += count
      plane.modelFlux.push(lists.modelFlux[set])
      plane.iterations.push(sum)
      plane.peakRes.push(lists.peakRes[set])
      plane.stopCode.push(lists.stopCode?.[set] ?? 0)
      plane.cycleThresh.push(lists.cycleThresh[set])
      plane.nsigmaThresh.push(state.nsigmaThresholdsJy[set]?.[index] ?? 0)
    }
  }
  return chan
}

function returnDictionary(parameters: TcleanParameters, state: LoopState, thresholdJy: number): ReturnDictionary {
  const niter = state.iterations + Math.max(0, state.niterLeft)
  const { cycleniter } = parameters
  const thresholds = state.cycleThresholdsJy
  return {
    cleanstate: 'running',
    cyclefactor: Math.fround(parameters.cyclefactor),
    cycleiterdone: 0,
    cycleniter: cycleniter < 0 ? niter : Math.min(cycleniter, niter),
    cyclethreshold: thresholds[thresholds.length - 1] ?? 0,
    interactiveiterdone: state.largestPlaneIterations,
    interactivemode: false,
    interactiveniter: 0,
    interactivethreshold: 0,
    iterdone: state.iterations,
    loopgain: Math.fround(parameters.gain),
    maxpsffraction: Math.fround(parameters.maxpsffraction),
    maxpsfsidelobe: Math.fround(state.maxPsfSidelobe),
    minpsffraction: Math.fround(parameters.minpsffraction),
    niter,
    nmajordone: state.summaryMajor.length,
    nsigma: Math.fround(parameters.nsigma),
    stopcode: state.stopCode,
    stopDescription: describeStop(state),
    summarymajor: [...state.summaryMajor],
    summaryminor: structuredClone({ '0': {}, ...state.summaryMinor }),
    threshold: Math.fround(thresholdJy),
  }
}
