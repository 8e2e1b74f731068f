/** Minor cycles, beam fit and restoration. */
export { autoMask } from './auto-mask.ts'
export type { AutoMaskParameters, AutoMaskPlane, AutoMaskResult, AutoMaskState } from './auto-mask-types.ts'
export { commonBeam, encloses } from './common-beam.ts'
export { type ConvergenceForecast, type ConvergencePoint, forecastConvergence } from './convergence-forecast.ts'
export { type CycleThresholdInput, cycleThresholdJy } from './cycle-threshold.ts'
export { DeconvolutionError } from './deconvolution-error.ts'
export {
  type AspMethod,
  type ClarkMethod,
  type ClarkStokesMethod,
  type HogbomMethod,
  type MemMethod,
  type MinorCycleCall,
  type MinorCycleMethod,
  type MultiscaleMethod,
  minorCycle,
} from './minor-cycle.ts'
export {
  MINOR_STOP,
  type MinorCycleControl,
  type MinorCycleOutcome,
  type MinorCyclePlane,
  type MinorStopCode,
} from './minor-cycle-types.ts'
export { mtmfsMinorCycle } from './mtmfs.ts'
export type { MtmfsOptions, MtmfsPlane, SpectralImages } from './mtmfs-types.ts'
export { judgeNoise, type NoiseStopPlane, type NoiseVerdict } from './noise-stop.ts'
export { nsigmaThresholdJy, type ResidualNoise, residualNoise } from './residual-noise.ts'
export { createResponseCache, type ResponseCache } from './response-cache.ts'
export { beamAreaPixels, type RestorationPlane, restorePlane } from './restoration.ts'
export { fitRestoringBeam, maxPsfSidelobe } from './restoring-beam-fit.ts'
export { chooseScales, type ScaleChoiceInput } from './scale-choice.ts'
export { principalResiduals, spectralImages } from './spectral-images.ts'
