import type { WeightedSamples } from './weighted-samples.ts'

/** A Gaussian taper of the weights, given by the beam on the sky that it is the transform of. */
export interface UvTaper {
  /** Full widths at half maximum on the sky, radians; the angle runs from north through east. */
  readonly majorRad: number
  readonly minorRad: number
  readonly positionAngleRad: number
}

/**
 * Multiplies the weights by exp(−π²(θ₁²p² + θ₂²q²)/(4 ln 2)), p and q the baseline along the major and the minor axis: the
 * transform of a Gaussian of full widths θ₁, θ₂ at half maximum.
 */
export function applyUvTaper(samples: WeightedSamples, taper: UvTaper): void {
  const scale = Math.PI ** 2 / (4 * Math.LN2)
  const sin = Math.sin(taper.positionAngleRad)
  const cos = Math.cos(taper.positionAngleRad)
  const major = scale * taper.majorRad ** 2
  const minor = scale * taper.minorRad ** 2
  for (let s = 0; s < samples.nSample; s++) {
    const u = samples.uLambda[s]
    const v = samples.vLambda[s]
    const along = u * sin + v * cos
    const across = u * cos - v * sin
    samples.imagingWeight[s] *= Math.exp(-(major * along * along + minor * across * across))
  }
}
