/** WebAssembly kernels over shared memory: everything but the worker pool itself, which needs Node. */
export { type ComplexFft, type ComplexFftOptions, createComplexFft } from './complex-fft.ts'
export type { Precision } from './fft-tables.ts'
export type { KernelPool, KernelStep, RunOptions } from './kernel-pool.ts'
export { MemoryArena } from './memory-arena.ts'
