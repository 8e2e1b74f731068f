import type { RestoringBeam } from '@cleanbeam/types'

/**
 * The Gaussian that turns beam `from` into beam `to` by convolution: the difference of their covariance matrices.
 * @returns null when `to` is not larger than `from` in every direction
 * @see Wild 1970, Aust. J. Phys. 23, 113 (deconvolution of Gaussian beams)
 */
export function convolvingBeam(from: RestoringBeam, to: RestoringBeam): RestoringBeam | null {
  const a = covariance(from)
  const b = covariance(to)
  const xx = b.xx - a.xx
  const yy = b.yy - a.yy
  const xy = b.xy - a.xy
  const half = (xx + yy) / 2
  const spread = Math.hypot((xx - yy) / 2, xy)
  if (half - spread <= 0) return null
  return {
    majorRad: Math.sqrt(half + spread),
    minorRad: Math.sqrt(half - spread),
    positionAngleRad: Math.atan2(2 * xy, yy - xx) / 2,
  }
}

/** Covariance in units of squared widths (the factor between width and σ cancels); x east, y north. */
function covariance({ majorRad, minorRad, positionAngleRad }: RestoringBeam): { xx: number; yy: number; xy: number } {
  const sin = Math.sin(positionAngleRad)
  const cos = Math.cos(positionAngleRad)
  const major = majorRad * majorRad
  const minor = minorRad * minorRad
  return {
    xx: major * sin * sin + minor * cos * cos,
    yy: major * cos * cos + minor * sin * sin,
    xy: (major - minor) * sin * cos,
  }
}
