import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compensatedSum } from './compensated-sum.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { medianInPlace, robustStatistics, selectInPlace } from './order-statistics.ts'

const numbers = fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 200 })

describe('order statistics', () => {
  it('selects what sorting would put there', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (list, pick) => {
        const k = pick % list.length
        const sorted = Float32Array.from(list).sort()
        // Adding 0 makes −0 of 0: the two are equal numbers, and either may come first.
        expect(selectInPlace(Float32Array.from(list), k) + 0).toBe(sorted[k] + 0)
      }),
    )
  })

  it('finds medians of odd, even, constant and empty lists', () => {
    expect(medianInPlace(Float32Array.of(3, 1, 2))).toBe(2)
    expect(medianInPlace(Float32Array.of(4, 1, 3, 2))).toBe(2.5)
    expect(medianInPlace(new Float32Array(1000).fill(5))).toBe(5)
    expect(medianInPlace(new Float32Array(0))).toBeNaN()
  })

  it('leaves the input alone and skips NaN, infinities and unused values', () => {
    const values = Float32Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY, 4, 100)
    const copy = values.slice()
    const use = Uint8Array.of(1, 1, 1, 1, 1, 0)
    expect(robustStatistics(values, use)).toEqual({ count: 3, median: 2, medianAbsoluteDeviation: 1 })
    expect(values).toEqual(copy)
  })
})

describe('compensatedSum', () => {
  it('keeps small terms beside large ones', () => {
    expect(compensatedSum([1, 1e100, 1, -1e100])).toBe(2)
    expect(compensatedSum(new Array(1e5).fill(0.1))).toBe(1e4)
  })
})

describe('gaussLegendre', () => {
  it('integrates polynomials up to degree 2n − 1', () => {
    for (const n of [1, 2, 5, 24, 80]) {
      const { nodes, weights } = gaussLegendre(n)
      for (const degree of [0, 1, 2 * n - 2, 2 * n - 1]) {
        const sum = nodes.reduce((total, x, j) => total + weights[j] * x ** degree, 0)
        expect(sum).toBeCloseTo(degree % 2 === 0 ? 2 / (degree + 1) : 0, 13)
      }
    }
  })
})
