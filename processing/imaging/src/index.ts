/** The major cycle: visibilities to images and back. */
export type {
  CubeDefinition,
  ImageDefinition,
  MfsDefinition,
  SpectralDefinition,
  SpectralInterpolation,
  SpectralPosition,
} from './image-definition.ts'
export { ImagingError } from './imaging-error.ts'
export type { MajorCycle, MajorCycleOptions, OtherField, SampleCensus } from './major-cycle.ts'
export type { MosaicOptions } from './mosaic-options.ts'
export { openMajorCycle } from './open-major-cycle.ts'
export type {
  PlacedSamples,
  PlaneTransforms,
  SampleMemory,
  SamplePositions,
  Samples,
  SamplesToGrid,
  SamplesToPredict,
} from './plane-transforms.ts'
export {
  type PredictedChunk,
  type PredictedImage,
  type PredictionOptions,
  predictVisibilities,
} from './predict-visibilities.ts'
export type { SampleBlock } from './sample-block.ts'
export { parseStokes, type StokesPlanes } from './stokes-planes.ts'
export type { UvTaper } from './uv-taper.ts'
export type {
  BriggsAbsWeighting,
  BriggsBandwidthTaperWeighting,
  BriggsWeighting,
  NaturalWeighting,
  RadialWeighting,
  UniformWeighting,
  WeightingOptions,
} from './weighting-options.ts'
