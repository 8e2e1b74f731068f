/** The major cycle: visibilities to images and back. */
export type { ImageDefinition, MfsDefinition, SpectralDefinition } from './image-definition.ts'
export { ImagingError } from './imaging-error.ts'
export type { MajorCycle, MajorCycleOptions, SampleCensus } from './major-cycle.ts'
export { openMajorCycle } from './open-major-cycle.ts'
export { parseStokes, type StokesPlanes } from './stokes-planes.ts'
export type { BriggsWeighting, NaturalWeighting, UniformWeighting, WeightingOptions } from './weighting-options.ts'
