import { describe, expect, it } from 'vitest'
import { dyscoLevels } from './dysco-levels.ts'
import { normalCumulative, normalQuantile, studentTQuantile } from './quantiles.ts'

// Tables of Abramowitz & Stegun (26.1) and closed forms of the t distribution.
describe('quantiles', () => {
  it.each([
    [0.975, 1.959963984540054],
    [0.999, 3.090232306167814],
    [1e-10, -6.361340902404056],
    [0.5, 0],
  ])('of the normal distribution at %f', (probability, expected) => {
    expect(normalQuantile(probability)).toBeCloseTo(expected, 9)
    expect(normalCumulative(normalQuantile(probability))).toBeCloseTo(probability, 14)
  })

  it('of the t distribution where it has a closed form', () => {
    for (const p of [0.001, 0.02, 0.3, 0.5, 0.77, 0.998]) {
      const cauchy = Math.tan(Math.PI * (p - 0.5))
      const twoDegrees = (2 * p - 1) / Math.sqrt(2 * p * (1 - p))
      expect(Math.abs(studentTQuantile(p, 1) - cauchy)).toBeLessThan(1e-11 * Math.max(1, Math.abs(cauchy)))
      expect(Math.abs(studentTQuantile(p, 2) - twoDegrees)).toBeLessThan(1e-11 * Math.max(1, Math.abs(twoDegrees)))
    }
  })
})

describe('levels of Dysco', () => {
  it('are symmetric and end with the symbol for what is not finite', () => {
    for (const distribution of ['gaussian', 'uniform', 'student-t', 'truncated-gaussian'] as const) {
      const levels = dyscoLevels(distribution, 6, { studentTNu: 3, truncation: 2.5 })
      expect(levels.length).toBe(64)
      expect(levels[63]).toBeNaN()
      for (let k = 0; k < 63; k++) expect(levels[k] + levels[62 - k]).toBe(0)
      for (let k = 1; k < 63; k++) expect(levels[k]).toBeGreaterThan(levels[k - 1])
    }
  })
})
