/** What decides whether instant residuals are worth their preparation. */
export interface InstantSituation {
  readonly nx: number
  readonly ny: number
  readonly nStokes: number
  readonly nChannel: number
  readonly nTerm: number
  readonly nSample: number
  readonly memoryBytes: number
}

/** Nanoseconds on one thread, up to a common factor; empirical (a 2 GHz Xeon), they only matter relative to each other. */
const PER_SAMPLE = 120
const PER_GRID_CELL = 12
/** Cells of the padded grid of the exact way, and of the doubled one, per pixel. */
const PADDED_CELLS = 2.25
const DOUBLED_CELLS = 4
/** Bytes per pixel: two half spectra of the doubled grid; the grid on which the wide PSF is made. */
const BYTES_PER_CONVOLUTION = 36
const BYTES_FOR_PSF = 110
/** Weights and residuals; positions and visibilities of one plane. */
const BYTES_PER_SAMPLE = 20

/** Whether residuals by convolution take less than half of what residuals by visibilities take. */
export function isInstantWorthwhile({ nx, ny, nStokes, nChannel, nTerm, nSample }: InstantSituation): boolean {
  const pixels = nx * ny * nStokes * nChannel
  const exact = nTerm * (2 * PER_SAMPLE * nSample * nStokes + 2 * PER_GRID_CELL * PADDED_CELLS * pixels)
  const instant = nTerm * nTerm * 2 * PER_GRID_CELL * DOUBLED_CELLS * pixels
  return 2 * instant < exact
}

/** Whether the spectra of all PSFs fit beside the samples. */
export function fitsInstant({ nx, ny, nStokes, nChannel, nTerm, nSample, memoryBytes }: InstantSituation): boolean {
  const bytes = nx * ny * (BYTES_FOR_PSF + BYTES_PER_CONVOLUTION * nChannel * (2 * nTerm - 1))
  const sampleBytes = nSample * (BYTES_PER_SAMPLE + 8 * nStokes)
  return bytes + sampleBytes <= 0.8 * memoryBytes
}
