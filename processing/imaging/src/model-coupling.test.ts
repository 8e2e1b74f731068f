import { describe, expect, it } from 'vitest'
import { EXACT, interpolatedPlaces, placeOnCube } from './channel-placement.ts'
import { coupleModel, type ModelCoupling, modelReach } from './model-coupling.ts'

const dataHz = Float64Array.from({ length: 24 }, (_, c) => 1e9 + c * 1e6)

function couple(channelHz: Float64Array, widthHz: number, interpolation: 'linear' | 'cubic', hz = dataHz) {
  const placement = placeOnCube(channelHz, widthHz, interpolation)(hz, EXACT)
  const places = interpolatedPlaces(channelHz, widthHz, hz, EXACT)
  return coupleModel(placement, places, hz, modelReach(channelHz))
}

/** What the coupling makes of model visibilities that are a function of frequency. */
function predictions(coupling: ModelCoupling, f: (hz: number) => number): number[] {
  return Array.from({ length: coupling.nTarget }, (_, t) => {
    let sum = 0
    for (let k = coupling.start[t]; k < coupling.start[t + 1]; k++) {
      sum += coupling.coefficient[k] * f(coupling.frequencyHz[coupling.source[k]])
    }
    return sum
  })
}

const cube = (first: number, step: number, n: number) => Float64Array.from({ length: n }, (_, k) => first + k * step)

describe('coupleModel', () => {
  it.each([
    ['linear', 1.3e6, (hz: number) => 2 * (hz - 1.01e9) + 3],
    ['linear', 3.4e6, (hz: number) => 2 * (hz - 1.01e9) + 3],
    ['cubic', 1.3e6, (hz: number) => ((hz - 1.01e9) / 1e6) ** 3],
  ] as const)('gives a place what %s interpolation there and back leaves, step %d', (interpolation, step, f) => {
    for (const hz of [dataHz, dataHz.toReversed()]) {
      const coupling = couple(cube(1.0035e9, step, 5), step, interpolation, hz)
      const got = predictions(coupling, f)
      expect(got.length).toBeGreaterThanOrEqual(5)
      got.slice(1, -1).forEach((value, t) => {
        const wanted = f(coupling.frequencyHz[t + 1])
        expect(Math.abs(value - wanted)).toBeLessThan(1e-9 * Math.max(1, Math.abs(wanted)) + 1e-6)
      })
    }
  })

  it('smooths a model that is in one channel only: interpolation there and back is no identity', () => {
    const coupling = couple(cube(1.0035e9, 1.3e6, 5), 1.3e6, 'linear')
    const got = predictions(coupling, hz => (Math.abs(hz - 1.0061e9) < 1 ? 1 : 0))
    expect(got[2]).toBeGreaterThan(0.4)
    expect(got[2]).toBeLessThan(0.9)
    expect(got[1]).toBeGreaterThan(0.05)
    expect(got[3]).toBeGreaterThan(0.05)
  })

  it('says nothing of data half a channel beyond the last, or one and a half before the first', () => {
    const reaches = modelReach(cube(1e9, 2e6, 4))
    expect([-2.9, -3.1].map(away => reaches(1e9 + away * 1e6))).toEqual([true, false])
    expect([0.9, 1.1].map(away => reaches(1.006e9 + away * 1e6))).toEqual([true, false])
    const falling = modelReach(cube(1.006e9, -2e6, 4))
    expect([2.9, 3.1].map(away => falling(1.006e9 + away * 1e6))).toEqual([true, false])
    expect([-0.9, -1.1].map(away => falling(1e9 + away * 1e6))).toEqual([true, false])
  })
})
