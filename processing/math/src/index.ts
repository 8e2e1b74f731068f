/** Numerical kernels: Fourier transforms, robust statistics, compensated sums, pacing of long loops. */
export { compensatedSum } from './compensated-sum.ts'
export { createFftPlan, type FftPlan, fftInPlace } from './fft-plan.ts'
export { goodFftSize } from './fft-size.ts'
export { gaussLegendre, type QuadratureRule } from './gauss-legendre.ts'
export { createHermitianGrid, fillGuards, foldGuards, type HermitianGrid } from './hermitian-grid.ts'
export { MathError } from './math-error.ts'
export {
  MAD_TO_SIGMA,
  medianInPlace,
  type RobustStatistics,
  robustStatistics,
  selectInPlace,
} from './order-statistics.ts'
export { createPacer, type Pacer, type PacerOptions } from './pacer.ts'
export { createRealImageTransform, gridToImage, imageToGrid, type RealImageTransform } from './real-image-transform.ts'
export * from './wasm/index.ts'
