import { gaussLegendre } from '../gauss-legendre.ts'

/*
 * Gridding kernel "exponential of semicircle": φ(z) = exp(β(√(1−z²) − 1)) for |z| ≤ 1, 0 outside, stretched over W cells:
 * z = 2x/W with x the distance in cells.
 * Source: Barnett, Magland, af Klinteberg 2019, SIAM J. Sci. Comput. 41, C479 (eq. 1.8).
 */

/** φ(z) for one β. */
export function esKernel(beta: number, z: number): number {
  return Math.abs(z) <= 1 ? Math.exp(beta * (Math.sqrt((1 - z) * (1 + z)) - 1)) : 0
}

/**
 * φ̂(ξ) = ∫ φ(2x/W)·cos(2πxξ) dx, the kernel's Fourier transform at ξ cycles per cell.
 *
 * *Accuracy:* 1e-12 of φ̂(0) for |ξ| up to 7 (es-kernel.test.ts).
 */
export function esKernelTransform(support: number, beta: number): (xi: number) => number {
  // Gauss–Legendre on θ with z = sin θ, where the integrand has no square root singularity.
  const { nodes, weights } = gaussLegendre(40 + 24 * support)
  const z = nodes.map(x => Math.sin((x * Math.PI) / 2))
  const values = nodes.map((x, k) => {
    const cosine = Math.cos((x * Math.PI) / 2)
    return weights[k] * (Math.PI / 2) * cosine * Math.exp(beta * (cosine - 1)) * (support / 2)
  })
  return xi => {
    let sum = 0
    for (let k = 0; k < z.length; k++) sum += values[k] * Math.cos(Math.PI * support * xi * z[k])
    return sum
  }
}

/**
 * Aliasing error of gridding (and degridding) along one axis, relative, rms over sample positions, largest over the part
 * of the transform that is kept, |ξ| ≤ 1/(2σ): max √(Σ_{m≠0} φ̂(ξ+m)²) / |φ̂(ξ)|.
 */
export function esAliasingError(support: number, oversampling: number, beta: number): number {
  const transform = esKernelTransform(support, beta)
  // The image of sharp truncation falls as 1/m: what lies beyond m = 6 adds a few per cent.
  let worst = 0
  const steps = 12
  for (let k = 0; k <= steps; k++) {
    const xi = k / steps / (2 * oversampling)
    let aliases = 0
    for (let m = 1; m <= 6; m++) aliases += transform(xi + m) ** 2 + transform(xi - m) ** 2
    worst = Math.max(worst, Math.sqrt(aliases) / Math.abs(transform(xi)))
  }
  return worst
}

/** The β that makes the aliasing error smallest: a scan, as there are several local minima, then golden sections. */
export function bestEsBeta(support: number, oversampling: number): { beta: number; error: number } {
  const errorAt = (beta: number) => esAliasingError(support, oversampling, beta)
  // The optimum lies somewhat below π(1 − 1/2σ)·W (Barnett et al. 2019, eq. 4.5 and remark).
  const limit = Math.PI * (1 - 1 / (2 * oversampling)) * support
  const scan = Array.from({ length: 33 }, (_, k) => (0.8 + 0.25 * (k / 32)) * limit)
  const errors = scan.map(errorAt)
  const best = errors.indexOf(Math.min(...errors))
  return goldenSection(errorAt, scan[Math.max(0, best - 1)], scan[Math.min(32, best + 1)])
}

function goldenSection(errorAt: (beta: number) => number, from: number, to: number): { beta: number; error: number } {
  const ratio = (Math.sqrt(5) - 1) / 2
  let low = from
  let high = to
  let a = high - ratio * (high - low)
  let b = low + ratio * (high - low)
  let errorA = errorAt(a)
  let errorB = errorAt(b)
  for (let step = 0; step < 14; step++) {
    if (errorA < errorB) {
      high = b
      b = a
      errorB = errorA
      a = high - ratio * (high - low)
      errorA = errorAt(a)
    } else {
      low = a
      a = b
      errorA = errorB
      b = low + ratio * (high - low)
      errorB = errorAt(b)
    }
  }
  return errorA < errorB ? { beta: a, error: errorA } : { beta: b, error: errorB }
}
