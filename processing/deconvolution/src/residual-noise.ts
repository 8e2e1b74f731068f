import { MAD_TO_SIGMA, robustStatistics } from '@cleanbeam/math'

/** Robust centre and spread of a residual plane. */
export interface ResidualNoise {
  readonly medianJy: number
  /** 1.4826 × median absolute deviation. */
  readonly rmsJy: number
}

/**
 * Measures the noise of a residual plane for nsigma and for automatic masks.
 *
 * With `fastNoise` over all valid pixels; otherwise over those outside the clean mask (over all of them when the mask is
 * empty, full or null).
 * @param residual - nx·ny, Jy/beam; NaN is passed over
 * @param mask - the clean mask of that plane (> 0 inside), or null
 * @param valid - 1 where the primary beam is above its limit, or null when every pixel counts
 * @param fastNoise - CASA's parameter of that name
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (nsigma, fastnoise)
 */
export function residualNoise(
  residual: Float32Array,
  mask: Float32Array | Uint8Array | null,
  valid: Uint8Array | null,
  fastNoise: boolean,
): ResidualNoise {
  const use = fastNoise || mask === null ? valid : outside(mask, valid)
  const { median, medianAbsoluteDeviation, count } = robustStatistics(residual, use)
  if (count === 0) return use === valid ? { medianJy: 0, rmsJy: 0 } : residualNoise(residual, null, valid, true)
  return { medianJy: median, rmsJy: MAD_TO_SIGMA * medianAbsoluteDeviation }
}

function outside(mask: Float32Array | Uint8Array, valid: Uint8Array | null): Uint8Array {
  const use = new Uint8Array(mask.length)
  for (let j = 0; j < use.length; j++) use[j] = mask[j] > 0 || (valid !== null && valid[j] === 0) ? 0 : 1
  return use
}

/**
 * The limit an nsigma parameter stands for in a plane with this noise, Jy; 0 for nsigma 0. The median plays no part
 * (found from the recorded stops of M87: with it they would not have happened).
 */
export function nsigmaThresholdJy(nsigma: number, noise: ResidualNoise): number {
  return nsigma > 0 ? nsigma * noise.rmsJy : 0
}
