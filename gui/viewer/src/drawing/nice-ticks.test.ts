import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearTicks, logTicks, niceStep, sexagesimalStep } from './nice-ticks.ts'

const SECOND = Math.PI / 180 / 3600

describe('linear ticks', () => {
  it('are round and inside', () => {
    expect(linearTicks({ low: -0.013, high: 0.031 }, 5).values.map(v => Number(v.toPrecision(12)))).toEqual([
      -0.01, 0, 0.01, 0.02, 0.03,
    ])
    expect(linearTicks({ low: 1, high: 1 }, 5).values).toEqual([])
  })

  it('are never more than asked for by more than one, whatever the range', () => {
    const bound = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(
        bound,
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 12 }),
        (low, width, n) => {
          fc.pre(Math.abs(low) / width < 1e6)
          const { values, step } = linearTicks({ low, high: low + width }, n)
          expect(values.length).toBeLessThanOrEqual(n + 1)
          for (const v of values) {
            expect(v).toBeGreaterThanOrEqual(low - 1e-6 * step)
            expect(v).toBeLessThanOrEqual(low + width + 1e-6 * step)
          }
        },
      ),
    )
  })

  it('have steps of 1, 2, 2.5 and 5', () => {
    expect([0.9, 1.1, 2.2, 3, 6].map(niceStep)).toEqual([1, 2, 2.5, 5, 10])
  })
})

describe('logarithmic ticks', () => {
  it('are powers of ten over a long range', () => {
    expect(logTicks(2e-4, 3, 6)).toEqual([1e-3, 1e-2, 1e-1, 1])
  })

  it('take 2 and 5 in between over a short one', () => {
    expect(logTicks(0.8, 30, 6)).toEqual([1, 2, 5, 10, 20])
    expect(logTicks(-1, 3, 4)).toEqual([])
  })

  it('thin out over a very long one', () => {
    expect(logTicks(1e-12, 1, 4).length).toBeLessThanOrEqual(5)
  })
})

describe('sexagesimal steps', () => {
  it('are round in minutes and seconds', () => {
    expect(sexagesimalStep(7 * SECOND, 'degrees') / SECOND).toBeCloseTo(10, 9)
    expect(sexagesimalStep(31 * SECOND, 'degrees') / SECOND).toBeCloseTo(60, 9)
    expect(sexagesimalStep(0.0031 * SECOND, 'degrees') / SECOND).toBeCloseTo(0.005, 12)
    expect(sexagesimalStep(0.6 * SECOND, 'degrees') / SECOND).toBeCloseTo(1, 9)
    expect(sexagesimalStep(1.3 * 3600 * 15 * SECOND, 'hours') / (3600 * 15 * SECOND)).toBeCloseTo(2, 9)
  })
})
