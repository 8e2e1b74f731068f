// What the restored Taylor terms say about the spectrum.

/**
 * Residual terms as they would be added to the model: H⁻¹·residual in every pixel, H[i][j] the PSF of term i + j at its
 * centre. Restored images hold these, not the residuals themselves.
 * @param psfCentres - values of the 2n − 1 PSFs at their centre
 * @param residuals - n planes, Jy/beam
 * @returns n new planes; the residuals unchanged where H is singular
 * @see U. Rau & T. J. Cornwell, A&A 532 (2011) A71, section 3.2 (principal solution)
 */
export function principalResiduals(psfCentres: readonly number[], residuals: readonly Float32Array[]): Float32Array[] {
  const n = residuals.length
  const inverse = invert(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => psfCentres[i + j])))
  if (inverse === null) return residuals.map(plane => plane.slice())
  return inverse.map(row =>
    residuals[0].map((_, pixel) => row.reduce((sum, factor, j) => sum + factor * residuals[j][pixel], 0)),
  )
}

/** Gauss-Jordan elimination with pivots; null for a singular matrix. */
function invert(matrix: readonly (readonly number[])[]): number[][] | null {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let i = column + 1; i < n; i++) if (Math.abs(rows[i][column]) > Math.abs(rows[pivot][column])) pivot = i
    if (!(Math.abs(rows[pivot][column]) > Number.EPSILON)) return null
    ;[rows[column], rows[pivot]] = [rows[pivot], rows[column]]
    const scale = rows[column][column]
    rows[column] = rows[column].map(value => value / scale)
    for (let i = 0; i < n; i++) {
      if (i === column) continue
      const factor = rows[i][column]
      rows[i] = rows[i].map((value, j) => value - factor * rows[column][j])
    }
  }
  return rows.map(row => row.slice(n))
}

/** Maps of the spectrum I(ν) = I₀·(ν/ν₀)^(α + β·ln(ν/ν₀)); 0 where `valid` is 0. */
export interface SpectralMaps {
  readonly alpha: Float32Array
  readonly alphaError: Float32Array
  /** Curvature; null with fewer than three terms. */
  readonly beta: Float32Array | null
  /** 1 where the first term is bright enough. */
  readonly valid: Uint8Array
}

/** CASA gives a spectral index where the restored first term is above a tenth of the largest residual. */
const THRESHOLD_OF_PEAK_RESIDUAL = 0.1

/**
 * Spectral index, its error and, with three terms, the curvature.
 *
 *   α = I₁/I₀;  σ_α = |α|·√((r₀/I₀)² + (r₁/I₁)²);  β = I₂/I₀ − α(α − 1)/2
 * @param restored - restored terms, at least two, Jy/beam
 * @param residuals - their principal residuals, Jy/beam
 * @see U. Rau & T. J. Cornwell, A&A 532 (2011) A71, equations 8 and 9
 */
export function spectralMaps(restored: readonly Float32Array[], residuals: readonly Float32Array[]): SpectralMaps {
  const [first, second, third] = restored
  const peakJy = residuals[0].reduce((peak, value) => (value > peak ? value : peak), 0)
  const valid = Uint8Array.from(first, value => (value > THRESHOLD_OF_PEAK_RESIDUAL * peakJy ? 1 : 0))
  const map = (value: (pixel: number) => number) =>
    Float32Array.from(valid, (isValid, pixel) => (isValid ? value(pixel) : 0))
  const index = (pixel: number) => second[pixel] / first[pixel]
  return {
    alpha: map(index),
    alphaError: map(
      pixel =>
        Math.abs(index(pixel)) * Math.hypot(residuals[0][pixel] / first[pixel], residuals[1][pixel] / second[pixel]),
    ),
    beta: third ? map(pixel => third[pixel] / first[pixel] - (index(pixel) * (index(pixel) - 1)) / 2) : null,
    valid,
  }
}
