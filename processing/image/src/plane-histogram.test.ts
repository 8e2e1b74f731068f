import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planeHistogram } from './plane-histogram.ts'

describe('planeHistogram', () => {
  it('agrees with sorting', () => {
    const anyFloat = fc.oneof(
      fc.float({ noNaN: false }),
      fc.float({ min: -1, max: 1, noNaN: true }),
      fc.constantFrom(0, -0, 1, Number.NaN),
    )
    fc.assert(
      fc.property(
        fc.array(anyFloat, { maxLength: 300 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
        (v, f) => {
          const plane = Float32Array.from(v)
          const sorted = plane.filter(Number.isFinite).sort()
          const histogram = planeHistogram(plane, { fractions: f, nBins: 10 })
          expect(histogram.count).toBe(sorted.length)
          if (sorted.length === 0) {
            expect(histogram.max).toBeNaN()
            return
          }
          expect(histogram.min === sorted[0] && histogram.max === sorted[sorted.length - 1]).toBe(true)
          expect(histogram.bins.reduce((a, b) => a + b, 0)).toBe(sorted.length)
          f.forEach((fraction, i) => {
            const position = fraction * (sorted.length - 1)
            const low = sorted[Math.floor(position)]
            const high = sorted[Math.min(sorted.length - 1, Math.floor(position) + 1)]
            const expected = low + (position - Math.floor(position)) * (high - low)
            expect(Math.abs(histogram.percentiles[i] - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected))
          })
        },
      ),
      { seed: 3, numRuns: 300 },
    )
  })

  it('counts in equal bins', () => {
    const histogram = planeHistogram(Float32Array.of(0, 0.1, 0.6, 1, Number.NaN), { nBins: 2, fractions: [0.5] })
    expect([...histogram.bins]).toEqual([2, 2])
    expect(histogram.percentiles[0]).toBeCloseTo(0.35, 6)
    expect(histogram.mean).toBeCloseTo(0.425, 6)
  })
})
