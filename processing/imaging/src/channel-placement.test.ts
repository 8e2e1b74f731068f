import { describe, expect, it } from 'vitest'
import { type ChannelPlacement, CONVERTED, EXACT, placeOnCube, placeOnSingleChannel } from './channel-placement.ts'

const dataHz = Float64Array.from({ length: 12 }, (_, c) => 1e9 + c * 1e6)
const cube = (first: number, step: number, n: number) => Float64Array.from({ length: n }, (_, k) => first + k * step)

function valueAt(placement: ChannelPlacement, target: number, f: (hz: number) => number, hz = dataHz): number {
  let sum = 0
  for (let tap = 0; tap < placement.nTap; tap++) {
    const share = placement.share[target * placement.nTap + tap]
    if (share !== 0) sum += share * f(hz[placement.first[target] + tap])
  }
  return sum
}

describe('placeOnSingleChannel', () => {
  it('keeps every channel at its own frequency', () => {
    const placement = placeOnSingleChannel()(dataHz, EXACT)
    expect(placement.count).toBe(12)
    expect(Array.from(placement.frequencyHz.subarray(0, 12))).toEqual(Array.from(dataHz))
  })
})

describe('placeOnCube', () => {
  it('gives each data channel to the nearest output channel and drops those outside', () => {
    const placement = placeOnCube(cube(1.0005e9 + 2e6, 2e6, 3), 2e6, 'nearest')(dataHz, EXACT)
    expect(Array.from(placement.channel.subarray(0, placement.count))).toEqual([0, 0, 1, 1, 2, 2])
    expect(Array.from(placement.first.subarray(0, placement.count))).toEqual([2, 3, 4, 5, 6, 7])
  })

  it.each([
    ['linear', (hz: number) => 3 * (hz - 1e9), 1e-9],
    ['cubic', (hz: number) => ((hz - 1.004e9) / 1e6) ** 3 - ((hz - 1e9) / 1e6) ** 2, 1e-9],
  ] as const)('reproduces what %s interpolation can, in data of either direction', (interpolation, f, worst) => {
    const place = placeOnCube(cube(1.00037e9, 0.9e6, 11), 0.9e6, interpolation)
    for (const hz of [dataHz, dataHz.toReversed()]) {
      const placement = place(hz, EXACT)
      expect(placement.count).toBe(11)
      for (let target = 0; target < placement.count; target++) {
        const wanted = f(placement.frequencyHz[target])
        expect(Math.abs(valueAt(placement, target, f, hz) - wanted)).toBeLessThanOrEqual(worst * (1 + Math.abs(wanted)))
      }
    }
  })

  it('does not extrapolate', () => {
    const placement = placeOnCube(cube(0.9995e9, 1e6, 14), 1e6, 'linear')(dataHz, EXACT)
    expect(Array.from(placement.channel.subarray(0, placement.count))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })

  it('needs only one data channel where the frequencies agree', () => {
    const placement = placeOnCube(cube(1e9, 1e6, 12), 1e6, 'linear')(dataHz, EXACT)
    expect(placement.count).toBe(12)
    for (let target = 0; target < 12; target++) {
      const shares = placement.share.subarray(2 * target, 2 * target + 2)
      expect(shares.filter(share => share !== 0)).toHaveLength(1)
    }
  })

  it('interpolates at several places within channels at least two data channels wide', () => {
    const wide = placeOnCube(cube(1.003e9, 3e6, 2), 3e6, 'linear')(dataHz, EXACT)
    expect(wide.count).toBe(6)
    expect(Array.from(wide.frequencyHz.subarray(0, 3), hz => Math.round((hz - 1.003e9) / 1e6))).toEqual([-1, 0, 1])
    expect(placeOnCube(cube(1.003e9, 2e6, 2), 2e6, 'linear')(dataHz, EXACT).count).toBe(4)
    expect(placeOnCube(cube(1.003e9, 2e6, 2), 2e6, 'linear')(dataHz, CONVERTED).count).toBe(2)
    expect(placeOnCube(cube(1.003e9, 1.9e6, 2), 1.9e6, 'cubic')(dataHz, EXACT).count).toBe(2)
  })

  it('takes the ends of the data as inside, exactly or to rounding', () => {
    const hair = 2e-6
    expect(placeOnCube(cube(1e9 - hair, 1e6, 3), 1e6, 'linear')(dataHz, EXACT).count).toBe(2)
    expect(placeOnCube(cube(1e9 - hair, 1e6, 3), 1e6, 'linear')(dataHz, CONVERTED).count).toBe(3)
    expect(placeOnCube(cube(1e9 - 0.1, 1e6, 3), 1e6, 'linear')(dataHz, CONVERTED).count).toBe(2)
    expect(placeOnCube(cube(1e9, 1e6, 3), 1e6, 'linear')(dataHz, EXACT).count).toBe(3)
  })

  it('puts a frequency half-way between two channels into the upper one', () => {
    const placement = placeOnCube(cube(1.0005e9, 1e6, 4), 1e6, 'nearest')(dataHz, EXACT)
    expect(Array.from(placement.channel.subarray(0, placement.count))).toEqual([0, 1, 2, 3, 3])
  })

  it('does not interpolate a single channel', () => {
    expect(placeOnCube(cube(1.005e9, 4e6, 1), 4e6, 'linear')(dataHz, EXACT).nTap).toBe(1)
    expect(placeOnCube(cube(1e9, 1e6, 3), 1e6, 'linear')(dataHz.subarray(0, 1), EXACT).count).toBe(1)
  })
})
