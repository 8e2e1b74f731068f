import { stopDescription, ZERO_ITERATIONS } from '@cleanbeam/tclean'
import type {
  FieldConvergence,
  GcleanRecord,
  PlaneConvergence,
  ReturnDictionary,
  TcleanParameters,
} from '@cleanbeam/types'
import { type LoopState, planeKey, summaryPlanes } from './loop-state.ts'

/**
 * The record of a session: its whole history, as plain JSON.
 * @param imagenames - of all fields, the main one first; `chan` is the main one's
 */
export function buildRecord(
  parameters: TcleanParameters,
  state: LoopState,
  imagenames: readonly string[],
  thresholdJy: number,
): GcleanRecord {
  const fields = imagenames.map((imagename, field) => ({ imagename, chan: convergence(state, String(field)) }))
  return {
    stopcode: state.stopCode,
    stopDescription: describeStop(state),
    nmajordone: state.majorCycles,
    nmajorleft: state.nmajorLeft,
    niterdone: state.iterations,
    niterleft: state.niterLeft,
    chan: structuredClone(fields[0].chan),
    major: { cyclethreshold: [...state.cycleThresholdsJy] },
    fields,
    returndict: returnDictionary(parameters, state, thresholdJy),
  }
}

function describeStop(state: LoopState): string {
  const nothingDone = state.stopCode === 3 && state.iterations === 0 && state.niterLeft <= 0
  return nothingDone ? ZERO_ITERATIONS : stopDescription(state.stopCode)
}

function convergence(state: LoopState, field: string): FieldConvergence['chan'] {
  const chan: Record<string, Record<string, PlaneConvergence>> = {}
  for (const first of state.firstPlanes) {
    if (first.field !== field) continue
    const planes = (chan[first.channel] ??= {})
    planes[first.polarisation] = {
      modelFlux: [first.modelFluxJy],
      iterations: [0],
      peakRes: [first.peakResidualJy],
      stopCode: [3],
      cycleThresh: [0],
      nsigmaThresh: [0],
    }
  }
  for (const key of summaryPlanes({ [field]: state.summaryMinor[field] ?? {} })) {
    const lists = state.summaryMinor[field][key.channel][key.polarisation]
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
      plane.nsigmaThresh.push(state.nsigmaThresholdsJy[planeKey(key)]?.[set] ?? 0)
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
