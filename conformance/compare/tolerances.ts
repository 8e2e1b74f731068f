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
  readonly residual: PixelTolerance
  readonly image: PixelTolerance
  readonly pb: PixelTolerance
  readonly sumWeight: number
  readonly modelFlux: number
  readonly beamAxis: number
  readonly beamAngleDeg: number
}

const DIRTY: PixelTolerance = { max: 2e-3, rms: 3e-4 }

export function tolerancesFor(parameters: { niter?: number }): Tolerances {
  const dirty = (parameters.niter ?? 0) === 0
  return {
    psf: DIRTY,
    residual: dirty ? DIRTY : { max: 1.5e-2, rms: 3e-3 },
    image: dirty ? DIRTY : { max: 5e-3, rms: 2e-3 },
    pb: { max: 1e-2, rms: 3e-3 },
    sumWeight: 1e-5,
    modelFlux: 0.03,
    beamAxis: 5e-3,
    beamAngleDeg: 0.5,
  }
}
