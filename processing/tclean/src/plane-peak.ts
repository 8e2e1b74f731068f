/** Sizes of a residual plane that stop criteria and return dictionaries need. */
export interface PlaneExtremes {
  /** Largest absolute value where the mask is above 0, Jy; 0 where it is nowhere above 0. */
  readonly peakResidualJy: number
  readonly peakResidualNoMaskJy: number
  /** Largest value with its sign, mask or not, Jy: what CASA reports as the peak when nothing is cleaned. */
  readonly maximumJy: number
  /** Number of pixels where the mask is above 0; all of them without a mask. */
  readonly maskSum: number
}

/** Looks through one plane; NaN pixels (blanked) count for nothing. `mask` null: everywhere. */
export function planeExtremes(residual: Float32Array | Float64Array, mask: ArrayLike<number> | null): PlaneExtremes {
  let inside = 0
  let anywhere = 0
  let maximum = Number.NEGATIVE_INFINITY
  let maskSum = 0
  for (let i = 0; i < residual.length; i++) {
    const size = Math.abs(residual[i])
    if (residual[i] > maximum) maximum = residual[i]
    if (size > anywhere) anywhere = size
    if (mask === null || mask[i] > 0) {
      maskSum++
      if (size > inside) inside = size
    }
  }
  const maximumJy = Number.isFinite(maximum) ? maximum : 0
  return { peakResidualJy: inside, peakResidualNoMaskJy: anywhere, maximumJy, maskSum }
}
