import { describe, expect, it } from 'vitest'
import { principalResiduals, spectralMaps } from './spectral-images.ts'

describe('principalResiduals', () => {
  it('undoes the mixing of the terms', () => {
    const centres = [1, 0.05, 0.06, 0.01, 0.008]
    const truth = [1, -0.7, 0.3]
    const mixed = [0, 1, 2].map(i => Float32Array.of(truth.reduce((sum, value, j) => sum + centres[i + j] * value, 0)))
    const solved = principalResiduals(centres, mixed).map(plane => plane[0])
    expect(Math.max(...solved.map((value, i) => Math.abs(value - truth[i])))).toBeLessThan(1e-5)
  })

  it('leaves residuals that cannot be separated as they are', () => {
    const residuals = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
    expect(principalResiduals([1, 1, 1], residuals)).toEqual(residuals)
  })
})

describe('spectralMaps', () => {
  const residuals = [Float32Array.of(0.1, 0.1, -3), Float32Array.of(0.05, 0, 0), Float32Array.of(0, 0, 0)]

  it('gives index, error and curvature where the first term is bright', () => {
    const restored = [Float32Array.of(2, 0.005, -1), Float32Array.of(-1, 1, 1), Float32Array.of(1, 0, 0)]
    const { alpha, alphaError, beta, valid } = spectralMaps(restored, residuals)
    expect([...valid]).toEqual([1, 0, 0])
    expect([...alpha]).toEqual([-0.5, 0, 0])
    expect(alphaError[0]).toBeCloseTo(0.5 * Math.hypot(0.05, 0.05), 6)
    expect(beta?.[0]).toBeCloseTo(0.5 - (-0.5 * -1.5) / 2, 6)
  })

  it('has no curvature with two terms', () => {
    expect(spectralMaps([Float32Array.of(1), Float32Array.of(1)], residuals.slice(0, 2)).beta).toBeNull()
  })
})
