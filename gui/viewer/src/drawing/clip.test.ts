import { describe, expect, it } from 'vitest'
import { clipRange, quantile, sortedSample } from './clip.ts'

function noiseWithSource(n: number): Float32Array {
  let state = 7
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 2 ** 32
  }
  const pixels = Float32Array.from(
    { length: n },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(6.2832 * uniform()),
  )
  pixels[5] = 1000
  return pixels
}

describe('sorted samples', () => {
  it('leave out what is not finite', () => {
    const pixels = Float32Array.of(3, Number.NaN, -1, Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY)
    expect([...sortedSample(pixels)]).toEqual([-1, 2, 3])
    expect(sortedSample(Float32Array.of(Number.NaN))).toHaveLength(0)
  })

  it('keep the extremes of an image too large to sort', () => {
    const pixels = new Float32Array(3_000_000).fill(1)
    pixels[1] = -9
    pixels[2_999_998] = 12
    const sorted = sortedSample(pixels)
    expect(sorted.length).toBeLessThan(300_000)
    expect([sorted[0], sorted[sorted.length - 1]]).toEqual([-9, 12])
  })
})

describe('clip ranges', () => {
  const ramp = Float32Array.from({ length: 1001 }, (_, i) => i)

  it('cut half of what is left over at either end', () => {
    expect(clipRange({ kind: 'percentile', percent: 100 }, ramp)).toEqual({ low: 0, high: 1000 })
    const { low, high } = clipRange({ kind: 'percentile', percent: 98 }, ramp)
    expect(low).toBeCloseTo(10, 6)
    expect(high).toBeCloseTo(990, 6)
  })

  it('always have a width', () => {
    const flat = clipRange({ kind: 'percentile', percent: 99 }, Float32Array.of(4, 4, 4))
    expect(flat.high).toBeGreaterThan(flat.low)
    expect(clipRange({ kind: 'percentile', percent: 99 }, new Float32Array(0))).toEqual({ low: 0, high: 1 })
    expect(clipRange({ kind: 'manual', low: 5, high: 2 }, ramp)).toEqual({ low: 2, high: 5 })
  })

  it('fall back to the full range where nearly all pixels are equal, as in a model', () => {
    const model = new Float32Array(10_000)
    model[17] = 0.7
    expect(clipRange({ kind: 'percentile', percent: 99 }, sortedSample(model)).high).toBeCloseTo(0.7, 6)
  })

  it('of zscale follow the noise, not the source', () => {
    const { low, high } = clipRange({ kind: 'zscale' }, sortedSample(noiseWithSource(50_000)))
    expect(low).toBeGreaterThan(-8)
    expect(low).toBeLessThan(-2)
    expect(high).toBeGreaterThan(2)
    expect(high).toBeLessThan(14)
  })
})

describe('quantiles', () => {
  it('are interpolated', () => {
    expect(quantile(Float32Array.of(0, 10), 0.25)).toBe(2.5)
    expect(quantile(new Float32Array(0), 0.5)).toBeNaN()
  })
})
