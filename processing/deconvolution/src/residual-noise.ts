import { MAD_TO_SIGMA, medianInPlace, robustStatistics } from '@cleanbeam/math'
import { chauvenetKeep } from './chauvenet.ts'

/** Robust centre and spread of a residual plane. */
export interface ResidualNoise {
  readonly medianJy: number
  /** 1.4826 × median absolute deviation. */
  readonly rmsJy: number
}

/**
 * Measures the noise of a residual plane for nsigma and for automatic masks.
 *
 * With `fastNoise` over all valid pixels. Otherwise over those outside the clean mask; where there is none (empty or null),
 * or it leaves no pixel, over those that Chauvenet's criterion keeps.
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
  const use = fastNoise ? valid : outsideMask(mask, valid)
  if (use === 'none') return keptNoise(residual, valid)
  const { median, medianAbsoluteDeviation, count } = robustStatistics(residual, use)
  if (count > 0) return { medianJy: median, rmsJy: MAD_TO_SIGMA * medianAbsoluteDeviation }
  return fastNoise ? { medianJy: 0, rmsJy: 0 } : keptNoise(residual, valid)
}

function keptNoise(residual: Float32Array, valid: Uint8Array | null): ResidualNoise {
  const values = Float64Array.from(
    residual.filter((value, j) => Number.isFinite(value) && (valid === null || valid[j] > 0)),
  )
  const kept = chauvenetKeep(values)
  if (kept.length === 0) return { medianJy: 0, rmsJy: 0 }
  const medianJy = medianInPlace(kept.slice())
  return { medianJy, rmsJy: MAD_TO_SIGMA * medianInPlace(kept.map(value => Math.abs(value - medianJy))) }
}

/** Valid pixels outside the mask; 'none' when there is no mask. */
function outsideMask(mask: Float32Array | Uint8Array | null, valid: Uint8Array | null): Uint8Array | 'none' {
  if (mask === null) return 'none'
  const use = new Uint8Array(mask.length)
  let masked = false
  for (let j = 0; j < use.length; j++) {
    if (mask[j] > 0) masked = true
    else use[j] = valid !== null && valid[j] === 0 ? 0 : 1
  }
  return masked ? use : 'none'
}

/**
 * The limit an nsigma parameter stands for in a plane with this noise, Jy; 0 for nsigma 0. The median plays no part
 * (found from the recorded stops of M87: with it they would not have happened).
 */
export function nsigmaThresholdJy(nsigma: number, noise: ResidualNoise): number {
  return nsigma > 0 ? nsigma * noise.rmsJy : 0
}
