/** Numerical kernels: Fourier transforms, robust statistics, compensated sums. */
export { goodFftSize } from './fft-size.ts'
