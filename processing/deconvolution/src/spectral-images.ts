import { DeconvolutionError } from './deconvolution-error.ts'
import type { SpectralImages } from './mtmfs-types.ts'
import { choleskyFactor, inverseOf } from './scale-responses.ts'

/** A spectral index is given where tt0 is above this part of the largest principal residual of tt0, as CASA cuts it. */
const CUT_FRACTION = 0.1

/**
 * Residual Taylor terms in the units of the model's terms: H⁻¹ times the residuals of every pixel, H[i, j] the centre of PSF
 * term i + j. The restored terms of mtmfs are model ⊛ beam plus these.
 * @param residual - nTerms planes, Jy/beam
 * @param psf - 2·nTerms − 1 planes, origin at (⌊nx/2⌋, ⌊ny/2⌋)
 * @returns nTerms new planes, Jy/beam
 * @throws DeconvolutionError when the data do not fix so many terms
 * @see U. Rau & T. J. Cornwell, A&A 532 (2011) A71, equations 20 to 24
 */
export function principalResiduals(
  residual: readonly Float32Array[],
  psf: readonly Float32Array[],
  nx: number,
  ny: number,
): Float32Array[] {
  const n = residual.length
  const centre = (nx >> 1) + nx * (ny >> 1)
  const hessian = Float64Array.from({ length: n * n }, (_, k) => psf[Math.floor(k / n) + (k % n)][centre])
  const cholesky = choleskyFactor(hessian, n)
  if (cholesky === null) {
    throw new DeconvolutionError(
      `expected data that fix ${n} Taylor terms, got a singular Hessian: use a smaller nterms`,
      { nterms: n },
    )
  }
  const inverse = inverseOf(cholesky, n)
  return residual.map((_, i) => {
    const plane = new Float32Array(nx * ny)
    for (let k = 0; k < plane.length; k++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += inverse[i * n + j] * residual[j][k]
      plane[k] = sum
    }
    return plane
  })
}

/**
 * Spectral index α = tt1/tt0 with its error, and curvature β = tt2/tt0 − α(α − 1)/2, from the restored Taylor terms.
 *
 * Given where tt0 is above a tenth of the largest principal residual of tt0. The error is that of the quotient, the
 * residuals of the pixel itself standing for the errors of its terms: √((r₁/tt0)² + (tt1·r₀/tt0²)²).
 * @param restored - at least two planes: image.tt0, image.tt1, …, Jy/beam
 * @param principal - the residuals in them, from {@link principalResiduals}
 * @param valid - 1 where the primary beam is above its limit; null: everywhere
 * @throws DeconvolutionError with fewer than two terms
 * @see U. Rau & T. J. Cornwell, A&A 532 (2011) A71, equations 37 to 39; CASA's products alpha, alpha.error and beta agree
 *   to single precision
 */
export function spectralImages(
  restored: readonly Float32Array[],
  principal: readonly Float32Array[],
  valid: Uint8Array | null = null,
): SpectralImages {
  if (restored.length < 2 || principal.length < 2) {
    throw new DeconvolutionError(`expected at least two Taylor terms for a spectral index, got ${restored.length}`, {
      terms: restored.length,
    })
  }
  const [tt0, tt1, tt2] = restored
  const [r0, r1] = principal
  const cut = CUT_FRACTION * largest(r0, valid)
  const images = {
    alpha: new Float32Array(tt0.length),
    alphaError: new Float32Array(tt0.length),
    beta: tt2 === undefined ? null : new Float32Array(tt0.length),
    valid: new Uint8Array(tt0.length),
  }
  for (let k = 0; k < tt0.length; k++) {
    if (!(tt0[k] > cut) || (valid !== null && valid[k] === 0)) continue
    const alpha = tt1[k] / tt0[k]
    images.valid[k] = 1
    images.alpha[k] = alpha
    images.alphaError[k] = Math.hypot(r1[k] / tt0[k], (alpha * r0[k]) / tt0[k])
    if (images.beta) images.beta[k] = tt2[k] / tt0[k] - (alpha * (alpha - 1)) / 2
  }
  return images
}

/** The largest value, at least 0; NaN is passed over. */
function largest(plane: Float32Array, valid: Uint8Array | null): number {
  let most = 0
  for (let k = 0; k < plane.length; k++) if (plane[k] > most && (valid === null || valid[k] > 0)) most = plane[k]
  return most
}
