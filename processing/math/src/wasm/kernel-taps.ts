import { esKernel } from './es-kernel.ts'

/** Polynomials of a kernel's taps in the order the gridding kernels read them. */
export interface TapPolynomials {
  /** Terms of the even part and of the odd part of each polynomial. */
  readonly nTerm: number
  /** [term, group of taps, even/odd, tap in group], highest power first. */
  readonly coefficients: Float64Array
  /** Largest deviation from the kernel, whose peak is 1. */
  readonly error: number
}

const MAX_TERMS = 10

/**
 * Polynomials in t ∈ [−1, 1] of tap k = 0 … ⌈W/2⌉ − 1, φ((t + 1 + 2k)/W − 1), split into even and odd parts; the other
 * taps follow from tap W−1−k at t being tap k at −t. The degree is the lowest odd one whose error is below `tolerance`.
 * @param groupSize - taps side by side in one vector: 4 (f32, which always has one group) or 2 (f64)
 */
export function tapPolynomials(support: number, beta: number, groupSize: 2 | 4, tolerance: number): TapPolynomials {
  const nGroup = groupSize === 4 ? 1 : (support + 3) >> 2
  for (let nTerm = 2; ; nTerm++) {
    const polynomials = Array.from({ length: nGroup * groupSize }, (_, tap) => {
      const value = (t: number) => (tap < support ? esKernel(beta, (t + 1 + 2 * tap) / support - 1) : 0)
      return { value, monomials: chebyshevFit(value, 2 * nTerm) }
    })
    const error = Math.max(...polynomials.map(({ value, monomials }) => fitError(value, monomials)))
    if (error > tolerance && nTerm < MAX_TERMS) continue
    const coefficients = new Float64Array(nTerm * nGroup * groupSize * 2)
    let at = 0
    for (let term = nTerm - 1; term >= 0; term--) {
      for (let group = 0; group < nGroup; group++) {
        for (const parity of [0, 1]) {
          for (let k = 0; k < groupSize; k++) {
            coefficients[at++] = polynomials[group * groupSize + k].monomials[2 * term + parity]
          }
        }
      }
    }
    return { nTerm, coefficients, error }
  }
}

/** Monomial coefficients, lowest power first, of the interpolant in n Chebyshev nodes on [−1, 1]. */
function chebyshevFit(value: (t: number) => number, n: number): Float64Array {
  const samples = Array.from({ length: n }, (_, j) => value(Math.cos((Math.PI * (j + 0.5)) / n)))
  const monomials = new Float64Array(n)
  let previous = new Float64Array(n)
  let current = new Float64Array(n)
  current[0] = 1
  for (let order = 0; order < n; order++) {
    let coefficient = 0
    for (let j = 0; j < n; j++) coefficient += samples[j] * Math.cos((Math.PI * order * (j + 0.5)) / n)
    coefficient *= (order === 0 ? 1 : 2) / n
    for (let power = 0; power < n; power++) monomials[power] += coefficient * current[power]
    const next = new Float64Array(n)
    for (let power = 0; power < n; power++) {
      next[power] = (order === 0 ? 1 : 2) * (power > 0 ? current[power - 1] : 0) - (order === 0 ? 0 : previous[power])
    }
    previous = current
    current = next
  }
  return monomials
}

function fitError(value: (t: number) => number, monomials: Float64Array): number {
  let worst = 0
  for (let step = 0; step <= 60; step++) {
    const t = Math.cos((Math.PI * step) / 60)
    let sum = 0
    for (let power = monomials.length - 1; power >= 0; power--) sum = sum * t + monomials[power]
    worst = Math.max(worst, Math.abs(sum - value(t)))
  }
  return worst
}

/**
 * Chebyshev coefficients c of f(√s·limit) = Σ c_k·T_k(2s − 1), s ∈ [0, 1], for an even function f on [−limit, limit];
 * ends where what follows is below `tolerance` of the largest.
 */
export function evenChebyshevSeries(f: (x: number) => number, limit: number, tolerance: number): number[] {
  const n = 40
  const samples = Array.from({ length: n }, (_, j) =>
    f(limit * Math.sqrt((Math.cos((Math.PI * (j + 0.5)) / n) + 1) / 2)),
  )
  const series = Array.from({ length: n }, (_, order) => {
    let sum = 0
    for (let j = 0; j < n; j++) sum += samples[j] * Math.cos((Math.PI * order * (j + 0.5)) / n)
    return (sum * (order === 0 ? 1 : 2)) / n
  })
  const floor = tolerance * Math.max(...series.map(Math.abs))
  let length = n
  while (length > 1 && Math.abs(series[length - 1]) < floor) length--
  return series.slice(0, length)
}
