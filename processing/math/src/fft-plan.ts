import { MathError } from './math-error.ts'

/** One pass of the transform: `radix`, sub-transform count `m`, stride `s`, twiddles [p, k = 1 … radix − 1]. */
interface FftPass {
  readonly radix: 2 | 3 | 4 | 5
  readonly m: number
  readonly s: number
  readonly cos: Float64Array
  readonly sin: Float64Array
}

/**
 * Everything a transform of one size needs: factors, twiddle factors and scratch space. A plan may be used for any
 * number of transforms, one at a time.
 */
export interface FftPlan {
  readonly size: number
  readonly passes: readonly FftPass[]
  readonly scratchRe: Float64Array
  readonly scratchIm: Float64Array
}

/**
 * Prepares transforms of a 2·3·5-smooth size.
 * @throws MathError for other sizes; `goodFftSize` finds allowed ones
 */
export function createFftPlan(size: number): FftPlan {
  const passes: FftPass[] = []
  let n = size
  let s = 1
  for (const radix of factorise(size)) {
    const m = n / radix
    passes.push({ radix, m, s, ...twiddles(n, m, radix) })
    n = m
    s *= radix
  }
  return { size, passes, scratchRe: new Float64Array(size), scratchIm: new Float64Array(size) }
}

function factorise(size: number): (2 | 3 | 4 | 5)[] {
  const factors: (2 | 3 | 4 | 5)[] = []
  let rest = size
  if (Number.isInteger(size) && size > 0) {
    for (const radix of [4, 2, 3, 5] as const) {
      while (rest % radix === 0) {
        factors.push(radix)
        rest /= radix
      }
    }
  }
  if (rest !== 1 || size < 1) {
    throw new MathError(`expected a transform size with factors 2, 3 and 5 only, got ${size}: use goodFftSize`, {
      size,
    })
  }
  return factors
}

function twiddles(n: number, m: number, radix: number): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(m * (radix - 1))
  const sin = new Float64Array(m * (radix - 1))
  for (let p = 0; p < m; p++) {
    for (let k = 1; k < radix; k++) {
      const angle = (-2 * Math.PI * ((p * k) % n)) / n
      cos[p * (radix - 1) + k - 1] = Math.cos(angle)
      sin[p * (radix - 1) + k - 1] = Math.sin(angle)
    }
  }
  return { cos, sin }
}

/**
 * Transforms `plan.size` complex numbers in place: X[k] = Σ x[j]·exp(−2πi jk/n), unnormalised.
 *
 * The conjugate transform (+2πi) is had by swapping `re` and `im`. Self-sorting (Stockham) passes of radix 4, 2, 3, 5;
 * values start at `offset` in both arrays.
 *
 * *Accuracy:* a few ulp·log₂n of the largest value (tested against a direct sum). *Cost:* O(n log n), no allocation.
 * @see C. Van Loan, Computational Frameworks for the Fast Fourier Transform (1992), section 1.7
 */
export function fftInPlace(plan: FftPlan, re: Float64Array, im: Float64Array, offset = 0): void {
  let fromRe = re
  let fromIm = im
  let from = offset
  let toRe = plan.scratchRe
  let toIm = plan.scratchIm
  let to = 0
  for (const pass of plan.passes) {
    if (pass.radix === 4) pass4(pass, fromRe, fromIm, from, toRe, toIm, to)
    else if (pass.radix === 2) pass2(pass, fromRe, fromIm, from, toRe, toIm, to)
    else if (pass.radix === 3) pass3(pass, fromRe, fromIm, from, toRe, toIm, to)
    else pass5(pass, fromRe, fromIm, from, toRe, toIm, to)
    const swapRe = fromRe
    const swapIm = fromIm
    const swap = from
    fromRe = toRe
    fromIm = toIm
    from = to
    toRe = swapRe
    toIm = swapIm
    to = swap
  }
  if (fromRe === plan.scratchRe) {
    for (let j = 0; j < plan.size; j++) {
      re[offset + j] = plan.scratchRe[j]
      im[offset + j] = plan.scratchIm[j]
    }
  }
}

type Values = Float64Array

function pass2(pass: FftPass, xr: Values, xi: Values, x0: number, yr: Values, yi: Values, y0: number): void {
  const { m, s, cos, sin } = pass
  for (let p = 0; p < m; p++) {
    const wr = cos[p]
    const wi = sin[p]
    let a = x0 + s * p
    let b = a + s * m
    let y = y0 + s * 2 * p
    for (let q = 0; q < s; q++) {
      const dr = xr[a] - xr[b]
      const di = xi[a] - xi[b]
      yr[y] = xr[a] + xr[b]
      yi[y] = xi[a] + xi[b]
      yr[y + s] = dr * wr - di * wi
      yi[y + s] = dr * wi + di * wr
      a++
      b++
      y++
    }
  }
}

const SIN60 = Math.sqrt(3) / 2

function pass3(pass: FftPass, xr: Values, xi: Values, x0: number, yr: Values, yi: Values, y0: number): void {
  const { m, s, cos, sin } = pass
  for (let p = 0; p < m; p++) {
    const w1r = cos[2 * p]
    const w1i = sin[2 * p]
    const w2r = cos[2 * p + 1]
    const w2i = sin[2 * p + 1]
    let a = x0 + s * p
    const step = s * m
    let y = y0 + s * 3 * p
    for (let q = 0; q < s; q++) {
      const b = a + step
      const c = b + step
      const sumR = xr[b] + xr[c]
      const sumI = xi[b] + xi[c]
      const midR = xr[a] - 0.5 * sumR
      const midI = xi[a] - 0.5 * sumI
      const turnR = SIN60 * (xi[b] - xi[c])
      const turnI = -SIN60 * (xr[b] - xr[c])
      yr[y] = xr[a] + sumR
      yi[y] = xi[a] + sumI
      const ur = midR + turnR
      const ui = midI + turnI
      yr[y + s] = ur * w1r - ui * w1i
      yi[y + s] = ur * w1i + ui * w1r
      const vr = midR - turnR
      const vi = midI - turnI
      yr[y + 2 * s] = vr * w2r - vi * w2i
      yi[y + 2 * s] = vr * w2i + vi * w2r
      a++
      y++
    }
  }
}

function pass4(pass: FftPass, xr: Values, xi: Values, x0: number, yr: Values, yi: Values, y0: number): void {
  const { m, s, cos, sin } = pass
  const step = s * m
  for (let p = 0; p < m; p++) {
    const w1r = cos[3 * p]
    const w1i = sin[3 * p]
    const w2r = cos[3 * p + 1]
    const w2i = sin[3 * p + 1]
    const w3r = cos[3 * p + 2]
    const w3i = sin[3 * p + 2]
    let a = x0 + s * p
    let y = y0 + s * 4 * p
    for (let q = 0; q < s; q++) {
      const b = a + step
      const c = b + step
      const d = c + step
      const acR = xr[a] + xr[c]
      const acI = xi[a] + xi[c]
      const bdR = xr[b] + xr[d]
      const bdI = xi[b] + xi[d]
      const dacR = xr[a] - xr[c]
      const dacI = xi[a] - xi[c]
      const turnR = xi[b] - xi[d]
      const turnI = xr[d] - xr[b]
      yr[y] = acR + bdR
      yi[y] = acI + bdI
      const t1r = dacR + turnR
      const t1i = dacI + turnI
      yr[y + s] = t1r * w1r - t1i * w1i
      yi[y + s] = t1r * w1i + t1i * w1r
      const t2r = acR - bdR
      const t2i = acI - bdI
      yr[y + 2 * s] = t2r * w2r - t2i * w2i
      yi[y + 2 * s] = t2r * w2i + t2i * w2r
      const t3r = dacR - turnR
      const t3i = dacI - turnI
      yr[y + 3 * s] = t3r * w3r - t3i * w3i
      yi[y + 3 * s] = t3r * w3i + t3i * w3r
      a++
      y++
    }
  }
}

const COS72 = Math.cos((2 * Math.PI) / 5)
const COS144 = Math.cos((4 * Math.PI) / 5)
const SIN72 = Math.sin((2 * Math.PI) / 5)
const SIN144 = Math.sin((4 * Math.PI) / 5)

function pass5(pass: FftPass, xr: Values, xi: Values, x0: number, yr: Values, yi: Values, y0: number): void {
  const { m, s, cos, sin } = pass
  const step = s * m
  for (let p = 0; p < m; p++) {
    const w = 4 * p
    let a = x0 + s * p
    let y = y0 + s * 5 * p
    for (let q = 0; q < s; q++) {
      const b = a + step
      const c = b + step
      const d = c + step
      const e = d + step
      const beR = xr[b] + xr[e]
      const beI = xi[b] + xi[e]
      const cdR = xr[c] + xr[d]
      const cdI = xi[c] + xi[d]
      const dbeR = xr[b] - xr[e]
      const dbeI = xi[b] - xi[e]
      const dcdR = xr[c] - xr[d]
      const dcdI = xi[c] - xi[d]
      yr[y] = xr[a] + beR + cdR
      yi[y] = xi[a] + beI + cdI
      const m1r = xr[a] + COS72 * beR + COS144 * cdR
      const m1i = xi[a] + COS72 * beI + COS144 * cdI
      const m2r = xr[a] + COS144 * beR + COS72 * cdR
      const m2i = xi[a] + COS144 * beI + COS72 * cdI
      const s1r = SIN72 * dbeI + SIN144 * dcdI
      const s1i = -(SIN72 * dbeR + SIN144 * dcdR)
      const s2r = SIN144 * dbeI - SIN72 * dcdI
      const s2i = -(SIN144 * dbeR - SIN72 * dcdR)
      const t1r = m1r + s1r
      const t1i = m1i + s1i
      yr[y + s] = t1r * cos[w] - t1i * sin[w]
      yi[y + s] = t1r * sin[w] + t1i * cos[w]
      const t2r = m2r + s2r
      const t2i = m2i + s2i
      yr[y + 2 * s] = t2r * cos[w + 1] - t2i * sin[w + 1]
      yi[y + 2 * s] = t2r * sin[w + 1] + t2i * cos[w + 1]
      const t3r = m2r - s2r
      const t3i = m2i - s2i
      yr[y + 3 * s] = t3r * cos[w + 2] - t3i * sin[w + 2]
      yi[y + 3 * s] = t3r * sin[w + 2] + t3i * cos[w + 2]
      const t4r = m1r - s1r
      const t4i = m1i - s1i
      yr[y + 4 * s] = t4r * cos[w + 3] - t4i * sin[w + 3]
      yi[y + 4 * s] = t4r * sin[w + 3] + t4i * cos[w + 3]
      a++
      y++
    }
  }
}
