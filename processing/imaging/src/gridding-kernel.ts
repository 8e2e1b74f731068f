import { gaussLegendre } from '@cleanbeam/math'

/**
 * Convolution kernel for gridding: the "exponential of semicircle" φ(s) = exp(β(√(1 − (2s/W)²) − 1)), |s| ≤ W/2, in
 * units of grid cells.
 * @see A. Barnett, J. Magland, L. af Klinteberg, SIAM J. Sci. Comput. 41 (2019) C479, equations 1.8 and 4.5
 */
export interface GriddingKernel {
  /** W: grid cells under the kernel along one axis. */
  readonly support: number
  readonly beta: number
}

/** Largest oversampling-independent safety factor of the shape parameter (empirical, same paper, section 4). */
const SHAPE_FACTOR = 0.97
const CORNER_MARGIN = 3
const MAX_SUPPORT = 16

/**
 * Chooses the narrowest kernel whose error stays below `epsilon` for a grid `oversampling` times as wide as the image.
 *
 * The error falls as exp(−πW√(1 − 1/σ)); one cell more, and a margin of 3, cover the rise towards the image's corners
 * (empirical, held by the gridder's tests over four sizes and four accuracies).
 * @param oversampling - σ ≥ 1.2
 */
export function chooseKernel(epsilon: number, oversampling: number): GriddingKernel {
  const decay = Math.PI * Math.sqrt(1 - 1 / oversampling)
  const support = Math.min(MAX_SUPPORT, Math.max(4, Math.ceil(Math.log(CORNER_MARGIN / epsilon) / decay) + 1))
  return { support, beta: SHAPE_FACTOR * Math.PI * support * (1 - 1 / (2 * oversampling)) }
}

/**
 * Values of the kernel at the `support` grid cells around position `p` (cells).
 * @param taps - out, length ≥ support
 * @returns the first cell, ceil(p − support/2)
 */
export function kernelTaps(kernel: GriddingKernel, p: number, taps: Float64Array): number {
  const { support, beta } = kernel
  const first = Math.ceil(p - 0.5 * support)
  const scale = 2 / support
  for (let j = 0; j < support; j++) {
    const t = (first + j - p) * scale
    const inside = 1 - t * t
    taps[j] = inside > 0 ? Math.exp(beta * (Math.sqrt(inside) - 1)) : Math.exp(-beta)
  }
  return first
}

/**
 * What the kernel does to an image along one axis: φ̂(x′) = ∫ φ(s) cos(2πs x′/n) ds for the pixels x′ = −⌊nx/2⌋ ….
 * Images are divided by it after gridding and before degridding.
 *
 * *Accuracy:* quadrature in the variable s = (W/2)·sin θ, in which the integrand is smooth; converged to 1e-14.
 */
export function kernelTransform(kernel: GriddingKernel, nPixel: number, nGrid: number): Float64Array {
  const at = kernelSpectrum(kernel)
  return Float64Array.from({ length: nPixel }, (_, x) => at((x - (nPixel >> 1)) / nGrid))
}

/** φ̂(ξ) = ∫ φ(s) cos(2πsξ) ds as a function of any ξ, cycles per grid cell; see {@link kernelTransform}. */
export function kernelSpectrum({ support, beta }: GriddingKernel): (xi: number) => number {
  const { nodes, weights } = gaussLegendre(40 + 4 * support)
  const place = nodes.map(node => 0.5 * support * Math.sin(0.5 * Math.PI * node))
  const value = nodes.map((node, j) => {
    const cosine = Math.cos(0.5 * Math.PI * node)
    return weights[j] * Math.exp(beta * (cosine - 1)) * cosine * 0.25 * Math.PI * support
  })
  return xi => {
    let sum = 0
    for (let j = 0; j < place.length; j++) sum += value[j] * Math.cos(2 * Math.PI * xi * place[j])
    return sum
  }
}
