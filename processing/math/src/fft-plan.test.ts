import { describe, expect, it } from 'vitest'
import { createFftPlan, fftInPlace } from './fft-plan.ts'
import { goodFftSize } from './fft-size.ts'
import { directFourierTransform } from './fourier.reference.ts'
import { MathError } from './math-error.ts'
import { seededRandom } from './seeded-random.reference.ts'

describe('fftInPlace', () => {
  const sizes = [
    1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25, 27, 30, 32, 36, 45, 48, 60, 64, 75, 90, 96, 100,
  ]
  it.each([...sizes, 120, 144, 180, 240, 360, 450, 512, 768])('agrees with the direct sum at size %i', n => {
    const random = seededRandom(n)
    const re = Float64Array.from({ length: n + 2 }, () => random() - 0.5)
    const im = Float64Array.from({ length: n + 2 }, () => random() - 0.5)
    const want = directFourierTransform(re.slice(1, n + 1), im.slice(1, n + 1))
    const edges = [re[0], re[n + 1], im[0], im[n + 1]]
    fftInPlace(createFftPlan(n), re, im, 1)
    let worst = 0
    for (let k = 0; k < n; k++) {
      worst = Math.max(worst, Math.abs(re[k + 1] - want.re[k]), Math.abs(im[k + 1] - want.im[k]))
    }
    expect(worst, `worst difference ${worst}`).toBeLessThan(4e-15 * n)
    expect([re[0], re[n + 1], im[0], im[n + 1]]).toEqual(edges)
  })

  it('gives the values back, times n, when transformed again with re and im swapped', () => {
    const n = 360
    const random = seededRandom(7)
    const re = Float64Array.from({ length: n }, () => random() - 0.5)
    const im = Float64Array.from({ length: n }, () => random() - 0.5)
    const keep = re.slice()
    const plan = createFftPlan(n)
    fftInPlace(plan, re, im)
    fftInPlace(plan, im, re)
    const worst = Math.max(...re.map((value, j) => Math.abs(value / n - keep[j])))
    expect(worst).toBeLessThan(1e-15)
  })

  it('refuses sizes with other prime factors', () => {
    for (const n of [0, -4, 7, 22, 2.5, Number.NaN]) expect(() => createFftPlan(n)).toThrow(MathError)
  })
})

describe('goodFftSize', () => {
  it('finds the next smooth size, even unless told otherwise', () => {
    expect([1, 7, 14, 511, 769, 1021].map(n => goodFftSize(n))).toEqual([2, 8, 16, 512, 800, 1024])
    expect([1, 7, 14, 511, 769].map(n => goodFftSize(n, 1))).toEqual([1, 8, 15, 512, 800])
  })
})
