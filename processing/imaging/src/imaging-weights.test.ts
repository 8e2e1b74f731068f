import { describe, expect, it } from 'vitest'
import { randomSamples } from './random-samples.reference.ts'
import { addToDensity, emptyDensity } from './uv-density.ts'
import type { WeightedSamples } from './weighted-samples.ts'
import type { WeightingOptions } from './weighting-options.ts'
import { createWeightingScheme, type WeightingGeometry } from './weighting-scheme.ts'

const CELL: readonly [number, number] = [1e-5, 1e-5]
const N = 32
const GEOMETRY = { nx: N, ny: N, cellRad: CELL, rounding: 'down', fractionalBandwidth: 0, averagedReach: 0 } as const

function applyWeighting(samples: WeightedSamples, weighting: WeightingOptions, geometry: WeightingGeometry): void {
  const scheme = createWeightingScheme(weighting, geometry)
  scheme.count(samples)
  scheme.apply(samples)
}

function weightsAfter(weighting: WeightingOptions): { before: Float64Array; after: Float64Array } {
  const samples = randomSamples({ count: 2000, cellRad: CELL, seed: 3 })
  const before = samples.imagingWeight.slice()
  applyWeighting(samples, weighting, GEOMETRY)
  return { before, after: samples.imagingWeight }
}

describe('imaging weights', () => {
  it('leaves natural weights alone', () => {
    const { before, after } = weightsAfter({ kind: 'natural' })
    expect(after).toEqual(before)
  })

  it('gives each uv cell and its conjugate together the weight 1 in uniform weighting', () => {
    const samples = randomSamples({ count: 2000, cellRad: CELL, seed: 3 })
    // On an axis a sample and its conjugate would not fall into cells that mirror each other.
    samples.uLambda[0] = samples.vLambda[0] = 0.3 / (N * CELL[0])
    applyWeighting(samples, { kind: 'uniform' }, GEOMETRY)
    const density = emptyDensity(GEOMETRY)
    addToDensity(density, samples)
    let worst = 0
    let used = 0
    // The first row and column are outside, and so is what mirrors them.
    for (let v = 1; v < N - 1; v++) {
      for (let u = 1; u < N - 1; u++) {
        const sum = density.weight[u + N * v]
        if (sum === 0) continue
        used++
        worst = Math.max(worst, Math.abs(sum - 1))
      }
    }
    expect(used).toBeGreaterThan(500)
    expect(worst).toBeLessThan(1e-12)
  })

  it('moves from uniform to natural as robust goes from −2 to 2', () => {
    const spread = (kind: WeightingOptions) => {
      const { before, after } = weightsAfter(kind)
      const ratio = after.map((w, s) => w / before[s]).filter(r => r > 0)
      const mean = ratio.reduce((t, r) => t + r, 0) / ratio.length
      return Math.sqrt(ratio.reduce((t, r) => t + (r - mean) ** 2, 0) / ratio.length) / mean
    }
    const uniform = spread({ kind: 'uniform' })
    const series = [-2, -1, 0, 1, 2].map(robust => spread({ kind: 'briggs', robust }))
    expect(Math.abs(series[0] / uniform - 1)).toBeLessThan(0.01)
    expect(series[4]).toBeLessThan(0.02)
    for (let j = 1; j < series.length; j++) expect(series[j]).toBeLessThan(series[j - 1])
  })

  it('follows the formula of Briggs for two samples in one cell', () => {
    const samples = randomSamples({ count: 2, cellRad: CELL, seed: 1 })
    samples.uLambda.fill(5.5 / (N * CELL[0]))
    samples.vLambda.fill(3.5 / (N * CELL[1]))
    samples.imagingWeight.set([1, 3])
    applyWeighting(samples, { kind: 'briggs', robust: 0.5 }, GEOMETRY)
    const f2 = (5 * 10 ** -0.5) ** 2 / ((4 ** 2 + 4 ** 2) / 8)
    expect(samples.imagingWeight[0]).toBeCloseTo(1 / (1 + 4 * f2), 12)
    expect(samples.imagingWeight[1]).toBeCloseTo(3 / (1 + 4 * f2), 12)
  })

  it('counts samples twice in densities of single channels', () => {
    const after = (weighting: WeightingOptions, rounding: 'down' | 'nearest') => {
      const samples = randomSamples({ count: 2, cellRad: CELL, seed: 1 })
      samples.uLambda.fill(5.2 / (N * CELL[0]))
      samples.vLambda.fill(3.2 / (N * CELL[1]))
      samples.imagingWeight.set([1, 3])
      applyWeighting(samples, weighting, { ...GEOMETRY, rounding })
      return samples.imagingWeight[1]
    }
    expect([after({ kind: 'uniform' }, 'down'), after({ kind: 'uniform' }, 'nearest')]).toEqual([3 / 4, 3 / 8])
    const noisy: WeightingOptions = { kind: 'briggsabs', robust: 0.5, noiseJy: 2 }
    expect(after(noisy, 'down')).toBeCloseTo(3 / (4 / 4 + 8), 12)
    expect(after(noisy, 'nearest')).toBeCloseTo(3 / (8 / 4 + 8), 12)
    const robust: WeightingOptions = { kind: 'briggs', robust: 0.5 }
    expect(after(robust, 'nearest')).toBeCloseTo(after(robust, 'down'), 12)
  })

  it('refuses a robust out of range', () => {
    expect(() => weightsAfter({ kind: 'briggs', robust: 3 })).toThrow(/got 3/)
    expect(() => weightsAfter({ kind: 'briggs', robust: Number.NaN })).toThrow(/got NaN/)
  })
})
