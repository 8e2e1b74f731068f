/** WebAssembly kernels over shared memory: everything but the worker pool itself, which needs Node. */

export { type ComplexFft, type ComplexFftOptions, createComplexFft } from './complex-fft.ts'
export {
  type ClarkList,
  type ComponentList,
  clarkComponents,
  type HogbomPlane,
  hogbomComponents,
} from './component-loops.ts'
export { type Convolver, type ConvolverOptions, createConvolver } from './convolver.ts'
export type { Precision } from './fft-tables.ts'
export {
  createGridder,
  type DegriddedSamples,
  type GriddedSamples,
  type Gridder,
  type GridderArray,
} from './gridder.ts'
export { type GridderOptions, type GridderPlan, type KernelChoice, planGridder, type WPlanes } from './gridder-plan.ts'
export type { KernelPool, KernelStep, RunOptions } from './kernel-pool.ts'
export { MemoryArena } from './memory-arena.ts'
export { type PlaneStatistics, planeStatistics } from './plane-statistics.ts'
export type { SampleBins, SamplePositions } from './sample-bins.ts'
