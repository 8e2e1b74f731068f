import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cumulativeFractions } from './histogram.ts'
import { applyBiasContrast, LINEAR_SCALING, SCALING_NAMES, scaleFraction, unscaleFraction } from './scaling.ts'

const skewed = Float32Array.from({ length: 2000 }, (_, i) => (i / 1999) ** 3)
const cumulative = cumulativeFractions(skewed, { low: 0, high: 1 })

describe.each(SCALING_NAMES)('%s', name => {
  const scaling = { ...LINEAR_SCALING, name, cumulative }

  it('runs from 0 to 1 without falling', () => {
    expect(scaleFraction(scaling, 0)).toBeCloseTo(0, 12)
    expect(scaleFraction(scaling, 1)).toBeCloseTo(1, 12)
    const steps = Array.from({ length: 201 }, (_, i) => scaleFraction(scaling, i / 200))
    for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThanOrEqual(steps[i - 1])
  })

  it('clamps what lies outside', () => {
    expect(scaleFraction(scaling, -3)).toBe(scaleFraction(scaling, 0))
    expect(scaleFraction(scaling, 7)).toBe(scaleFraction(scaling, 1))
  })

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), t => {
        const s = scaleFraction(scaling, t)
        expect(Math.abs(scaleFraction(scaling, unscaleFraction(scaling, s)) - s)).toBeLessThan(1e-6)
      }),
    )
  })
})

describe('histogram equalisation', () => {
  it('gives every colour the same number of pixels', () => {
    const scaling = { ...LINEAR_SCALING, name: 'histogram', cumulative } as const
    const counts = new Array<number>(8).fill(0)
    for (const value of skewed) counts[Math.min(7, Math.floor(scaleFraction(scaling, value) * 8))]++
    const spread = Math.max(...counts) - Math.min(...counts)
    // A cumulative table of 1024 steps resolves the steepest part (t near 0) no better than its first steps.
    expect(spread).toBeLessThan(0.12 * skewed.length)
  })
})

describe('bias and contrast', () => {
  it('change nothing at 0.5 and 1, and turn about the bias', () => {
    expect(applyBiasContrast(0.3, 0.5, 1)).toBeCloseTo(0.3, 12)
    expect(applyBiasContrast(0.25, 0.25, 4)).toBe(0.5)
    expect(applyBiasContrast(0.2, 0.5, 5)).toBe(0)
  })
})
