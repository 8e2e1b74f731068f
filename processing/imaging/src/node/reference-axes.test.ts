import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cubeFrequencyAxis } from '../cube-frequency-axis.ts'
import type { SpectralPosition } from '../image-definition.ts'

interface ReferenceAxes {
  readonly data: {
    readonly firstHz: number
    readonly widthHz: number
    readonly nChannel: number
    readonly lineHz: number
  }
  readonly cases: readonly {
    readonly start: SpectralPosition | null
    readonly width: SpectralPosition | null
    readonly nChannel: number | null
    readonly optical: boolean
    readonly restHz: number | null
    readonly n: number
    readonly firstHz: number
    readonly lastHz: number
  }[]
}

const reference: ReferenceAxes = JSON.parse(readFileSync('conformance/refs/imaging/cube-axes.json', 'utf8'))
const { firstHz, widthHz, nChannel, lineHz } = reference.data
const band = { lowHz: firstHz - widthHz / 2, highHz: firstHz + (nChannel - 0.5) * widthHz }
const data = {
  frequencyHz: Float64Array.from({ length: nChannel }, (_, c) => firstHz + c * widthHz),
  widthHz: new Float64Array(nChannel).fill(widthHz),
  firstSelected: 0,
  windows: band,
  selected: band,
  middleHz: lineHz,
}

describe('cubeFrequencyAxis against CASA', () => {
  it('makes the same channels, to 1 Hz (3e-9 for optical velocities)', () => {
    let worst = 0
    for (const { n, ...wanted } of reference.cases) {
      const { frequencyHz } = cubeFrequencyAxis(
        {
          mode: 'cube',
          frame: 'LSRK',
          start: wanted.start,
          width: wanted.width,
          nChannel: wanted.nChannel,
          velocityConvention: wanted.optical ? 'optical' : 'radio',
          restFrequencyHz: wanted.restHz,
          interpolation: 'linear',
        },
        data,
        lineHz,
      )
      expect(frequencyHz.length, JSON.stringify(wanted)).toBe(n)
      const off = Math.max(Math.abs(frequencyHz[0] - wanted.firstHz), Math.abs(frequencyHz[n - 1] - wanted.lastHz))
      expect(off, JSON.stringify(wanted)).toBeLessThanOrEqual(wanted.optical ? 3e-9 * firstHz : 1)
      worst = Math.max(worst, off)
    }
    expect(reference.cases.length).toBeGreaterThan(100)
    console.info(`worst of ${reference.cases.length} axes: ${worst.toPrecision(2)} Hz`)
  })
})
