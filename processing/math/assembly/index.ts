export { fftColumnsF32, fftColumnsF64, fftRowsF32, fftRowsF64 } from './fft-complex'
