import { DeconvolutionError } from './deconvolution-error.ts'

/** Robust centre and spread of a residual plane. */
export interface ResidualNoise {
  readonly medianJy: number
  /** 1.4826 × median absolute deviation. */
  readonly rmsJy: number
}

/**
 * Measures the noise of a residual plane for nsigma and for automatic masks.
 * @param residual - nx·ny, Jy/beam
 * @param mask - the clean mask of that plane (> 0 inside), or null
 * @param valid - 1 where the primary beam is above its limit, or null when every pixel counts
 * @param fastNoise - CASA's fastnoise: statistics over everything instead of outside the mask
 */
export function residualNoise(
  residual: Float32Array,
  mask: Float32Array | Uint8Array | null,
  valid: Uint8Array | null,
  fastNoise: boolean,
): ResidualNoise {
  throw new DeconvolutionError('expected noise statistics, got their signature only', {
    n: residual.length,
    masked: mask !== null,
    valid: valid !== null,
    fastNoise,
  })
}

/** The limit an nsigma parameter stands for in a plane with this noise, Jy; 0 for nsigma 0. */
export function nsigmaThresholdJy(nsigma: number, noise: ResidualNoise): number {
  return nsigma > 0 ? nsigma * noise.rmsJy + noise.medianJy : 0
}
