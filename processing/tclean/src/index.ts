/** The tasks tclean and deconvolve: parameters, iteration control and return dictionaries. The engine is in `/node`. */
export { fluxJy, listOf } from './check-combination.ts'
export { checkDeconvolveParameters, checkTcleanParameters, DECONVOLVE_PARAMETERS } from './check-parameters.ts'
export { checkValue } from './check-value.ts'
export { planeNsigmaThresholdJy } from './clean-cubes.ts'
export { formatTaskCall } from './format-call.ts'
export {
  type CycleDepth,
  cycleIterations,
  GLOBAL_STOP,
  type GlobalProgress,
  type GlobalStopCode,
  globalStopCode,
  type IterationLimits,
  nextCycleThresholdJy,
  overallPeakJy,
  type PlanePeak,
  stopDescription,
  ZERO_ITERATIONS,
} from './iteration-control.ts'
export { nearestName } from './nearest-name.ts'
export {
  type ParameterDescription,
  type ParameterGroup,
  type ParameterKind,
  TCLEAN_PARAMETERS,
  type TcleanParameterName,
} from './parameters.ts'
export { type PlaneExtremes, planeExtremes } from './plane-peak.ts'
export { ParameterError, TcleanError } from './tclean-error.ts'
