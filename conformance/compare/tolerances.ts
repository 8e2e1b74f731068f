/** Largest allowed maximum and rms of a difference, as fractions of the peak of the restored (or dirty) image. */
export interface PixelTolerance {
  readonly max: number
  readonly rms: number
}

/**
 * Tolerances of a reference case, and why: CASA's standard gridder is 8e-4 (max) and 9e-5 (rms) of the peak away from
 * the exact transform, so dirty products may differ by somewhat more than that. Rerun with its data disturbed by as much
 * as its own gridding error, CASA moves its own hogbom images by up to 4.8e-3 of the peak and its residuals by 1e-2.
 */
export interface Tolerances {
  readonly psf: PixelTolerance
  /** null: pixels are not compared (mem and asp take other ways to the same sky). */
  readonly residual: PixelTolerance | null
  readonly image: PixelTolerance | null
  readonly pb: PixelTolerance
  readonly sumWeight: number
  readonly modelFlux: number
  readonly beamAxis: number
  readonly beamAngleDeg: number
  /** Least share of common pixels of two masks. */
  readonly maskOverlap: number
}

const DIRTY: PixelTolerance = { max: 2e-3, rms: 3e-4 }

export function tolerancesFor(parameters: Record<string, unknown> & { niter?: number }): Tolerances {
  const dirty = (parameters.niter ?? 0) === 0
  const { deconvolver, specmode, usemask } = parameters
  const isFree = deconvolver === 'mem' || deconvolver === 'asp'
  const isLoose = deconvolver === 'multiscale' || deconvolver === 'mtmfs' || String(specmode).startsWith('cube')
  return {
    psf: DIRTY,
    residual: dirty ? DIRTY : isFree ? null : { max: 1.5e-2, rms: 3e-3 },
    image: dirty ? DIRTY : isFree ? null : { max: isLoose ? 1e-2 : 5e-3, rms: 2e-3 },
    pb: { max: 1e-2, rms: 3e-3 },
    // Runs at 64 pixels of 15″ lose samples off the grid, and not quite the same ones as CASA.
    sumWeight: parameters.imsize === 64 ? 5e-3 : 1e-5,
    modelFlux: isFree ? Number.POSITIVE_INFINITY : 0.03,
    beamAxis: 5e-3,
    beamAngleDeg: 0.5,
    maskOverlap: usemask === 'auto-multithresh' ? 0.95 : 0.995,
  }
}
