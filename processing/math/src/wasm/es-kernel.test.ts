import { describe, expect, it } from 'vitest'
import { bestEsBeta, esAliasingError, esKernel, esKernelTransform } from './es-kernel.ts'
import { ES_KERNEL_TABLE } from './es-kernel-table.ts'
import { evenChebyshevSeries, tapPolynomials } from './kernel-taps.ts'

describe('ES kernel', () => {
  it('has the transform that a fine sum gives', () => {
    for (const [support, beta] of [
      [4, 8.8],
      [9, 20.8],
      [14, 32],
    ]) {
      const transform = esKernelTransform(support, beta)
      // The midpoint rule in θ, z = sin θ, converges fast: the integrand is periodic and smooth up to tiny kinks.
      const n = 20_000
      for (const xi of [0, 0.1, 0.4, 1.3, 6.5]) {
        let sum = 0
        for (let k = 0; k < n; k++) {
          const theta = ((k + 0.5) / n - 0.5) * Math.PI
          const z = Math.sin(theta)
          sum += esKernel(beta, z) * Math.cos(Math.PI * support * xi * z) * Math.cos(theta)
        }
        const expected = (sum * Math.PI * support) / (2 * n)
        expect(Math.abs(transform(xi) - expected) / transform(0)).toBeLessThan(1e-12)
      }
    }
  })

  it('stands in the table with its error, and nearby β do worse', () => {
    expect(ES_KERNEL_TABLE.length).toBe(11 * 29)
    for (let row = 3; row < ES_KERNEL_TABLE.length; row += 41) {
      const [support, oversampling, beta, error] = ES_KERNEL_TABLE[row]
      expect(esAliasingError(support, oversampling, beta) / error).toBeCloseTo(1, 2)
      for (const factor of [0.97, 1.03]) {
        expect(esAliasingError(support, oversampling, beta * factor)).toBeGreaterThan(error)
      }
    }
    const [support, oversampling, beta] = ES_KERNEL_TABLE[60]
    expect(bestEsBeta(support, oversampling).beta).toBeCloseTo(beta, 2)
  })

  it('gets smaller errors with more support and with more oversampling', () => {
    const errors = new Map(ES_KERNEL_TABLE.map(([support, sigma, , error]) => [`${support} ${sigma}`, error]))
    for (const [support, sigma, , error] of ES_KERNEL_TABLE) {
      expect(errors.get(`${support + 1} ${sigma}`) ?? 0).toBeLessThan(error)
      // Along σ zeros of the transform pass through the aliases, so neighbours may differ a little the other way.
      expect(errors.get(`${support} ${(sigma * 100 + 20) / 100}`) ?? 0).toBeLessThan(1.15 * error)
    }
  })

  it('is met by its tap polynomials to the tolerance asked for', () => {
    for (const [support, beta, group, tolerance] of [
      [5, 11.3, 4, 1e-5],
      [8, 18.4, 4, 1e-8],
      [11, 25.6, 2, 1e-10],
    ] as const) {
      const { nTerm, coefficients, error } = tapPolynomials(support, beta, group, tolerance)
      expect(error).toBeLessThan(tolerance)
      const nGroup = coefficients.length / (nTerm * 2 * group)
      for (const t of [-1, -0.37, 0, 0.8, 1]) {
        for (let tap = 0; tap < support; tap++) {
          const mirrored = tap >= nGroup * group
          const [k, s] = mirrored ? [support - 1 - tap, -t] : [tap, t]
          let value = 0
          for (let term = 0; term < nTerm; term++) {
            const at = (term * nGroup + Math.floor(k / group)) * 2 * group + (k % group)
            value = value * s * s + coefficients[at] + s * coefficients[at + group]
          }
          expect(Math.abs(value - esKernel(beta, (t + 1 + 2 * tap) / support - 1))).toBeLessThan(2 * tolerance)
        }
      }
    }
  })

  it('has a correction that a short series meets', () => {
    const transform = esKernelTransform(8, 18.4)
    const series = evenChebyshevSeries(xi => 1 / transform(xi), 0.25, 1e-12)
    expect(series.length).toBeLessThan(16)
    for (const xi of [0, 0.1, 0.17, 0.25]) {
      const x = 2 * (xi / 0.25) ** 2 - 1
      const value = series.reduce((sum, c, k) => sum + c * Math.cos(k * Math.acos(x)), 0)
      expect(Math.abs(value * transform(xi) - 1)).toBeLessThan(1e-10)
    }
  })
})
