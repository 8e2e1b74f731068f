import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import { describe, expect, it } from 'vitest'
import { cubeFrequencyAxis } from './cube-frequency-axis.ts'
import type { DataChannels } from './data-channels.ts'
import type { CubeDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'

const WIDTH = 2e4
const FIRST = 1.42e9
const data: DataChannels = {
  frequencyHz: Float64Array.from({ length: 24 }, (_, c) => FIRST + c * WIDTH),
  widthHz: new Float64Array(24).fill(WIDTH),
  firstSelected: 0,
  windows: { lowHz: FIRST - WIDTH / 2, highHz: FIRST + 23.5 * WIDTH },
  selected: { lowHz: FIRST - WIDTH / 2, highHz: FIRST + 23.5 * WIDTH },
  middleHz: FIRST + 11.5 * WIDTH,
}
const falling: DataChannels = { ...data, frequencyHz: data.frequencyHz.toReversed() }
const partly: DataChannels = {
  ...data,
  firstSelected: 3,
  selected: { lowHz: FIRST + 2.5 * WIDTH, highHz: FIRST + 12.5 * WIDTH },
}
const REST = 1.4204e9

function axisOf(change: Partial<CubeDefinition>, channels = data, sourceRest: number | null = null) {
  const definition: CubeDefinition = {
    mode: 'cube',
    frame: 'LSRK',
    start: null,
    width: null,
    nChannel: null,
    velocityConvention: 'radio',
    restFrequencyHz: null,
    interpolation: 'linear',
    ...change,
  }
  return cubeFrequencyAxis(definition, channels, sourceRest)
}

describe('cubeFrequencyAxis', () => {
  it('takes the channels of the data when nothing is asked for, in their direction', () => {
    expect(Array.from(axisOf({}).frequencyHz)).toEqual(Array.from(data.frequencyHz))
    expect(Array.from(axisOf({}, falling).frequencyHz)).toEqual(Array.from(falling.frequencyHz))
    expect(axisOf({}, falling).coordinate.incrementHz).toBe(-WIDTH)
  })

  it('centres a channel on the block of data channels it covers', () => {
    const { coordinate, frequencyHz } = axisOf({
      start: { kind: 'channel', channel: 4 },
      width: { kind: 'channel', channel: 2 },
      nChannel: 8,
    })
    expect(coordinate).toMatchObject({ referenceHz: FIRST + 4.5 * WIDTH, incrementHz: 2 * WIDTH, frame: 'LSRK' })
    expect(frequencyHz).toHaveLength(8)
  })

  it('goes down for a negative number of channels', () => {
    const { frequencyHz } = axisOf({
      start: { kind: 'channel', channel: 9 },
      width: { kind: 'channel', channel: -2 },
    })
    expect(Array.from(frequencyHz, hz => (hz - FIRST) / WIDTH)).toEqual([8.5, 6.5, 4.5, 2.5, 0.5])
  })

  it('is limited to the selected channels when nothing says otherwise and the first is left out', () => {
    expect(Array.from(axisOf({}, partly).frequencyHz, hz => (hz - FIRST) / WIDTH)).toEqual([
      3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ])
    expect(axisOf({}, { ...partly, firstSelected: 0 }).frequencyHz).toHaveLength(24)
    expect(axisOf({ start: { kind: 'channel', channel: 5 } }, partly).frequencyHz).toHaveLength(19)
    const wide = axisOf({ width: { kind: 'frequency', hz: 2.1 * WIDTH } }, partly)
    expect(wide.frequencyHz).toHaveLength(4)
    expect(wide.frequencyHz[0]).toBeCloseTo(FIRST + 3.55 * WIDTH, 3)
  })

  it('counts the whole channels that the data fill', () => {
    const axis = axisOf({ start: { kind: 'channel', channel: 1 }, width: { kind: 'channel', channel: 5 } })
    expect(axis.frequencyHz).toHaveLength(4)
    const beyond = axisOf({ start: { kind: 'frequency', hz: FIRST + 40 * WIDTH } })
    expect(beyond.frequencyHz).toHaveLength(1)
  })

  it('makes equal steps in frequency of radio velocities', () => {
    const { frequencyHz } = axisOf({
      start: { kind: 'velocity', metresPerSecond: 0 },
      width: { kind: 'velocity', metresPerSecond: 1e4 },
      nChannel: 3,
      restFrequencyHz: REST,
    })
    for (let k = 0; k < 3; k++) expect(frequencyHz[k]).toBeCloseTo(REST * (1 + (-k * 1e4) / SPEED_OF_LIGHT), 4)
  })

  it('lists the channels of optical velocities', () => {
    const { frequencyHz, coordinate } = axisOf({
      start: { kind: 'velocity', metresPerSecond: -6e4 },
      width: { kind: 'velocity', metresPerSecond: 6e3 },
      nChannel: 4,
      velocityConvention: 'optical',
      restFrequencyHz: REST,
    })
    for (let k = 0; k < 4; k++) {
      expect(SPEED_OF_LIGHT * (REST / frequencyHz[k] - 1)).toBeCloseTo(-6e4 + k * 6e3, 0)
    }
    expect(coordinate.tableHz).toEqual(Array.from(frequencyHz))
  })

  it('takes the rest frequency asked for, else that of the data, else their middle', () => {
    expect(axisOf({ restFrequencyHz: REST }, data, 1.5e9).coordinate.restFrequencyHz).toBe(REST)
    expect(axisOf({}, data, 1.5e9).coordinate.restFrequencyHz).toBe(1.5e9)
    expect(axisOf({}).coordinate.restFrequencyHz).toBe(data.middleHz)
  })

  it('leaves the frame of cubedata undefined', () => {
    expect(axisOf({ mode: 'cubedata' }).coordinate.frame).toBe('Undefined')
  })

  it('refuses channels that are not there and velocities without a rest frequency', () => {
    expect(() => axisOf({ start: { kind: 'channel', channel: 24 } })).toThrow(/within the 24 channels/)
    expect(() => axisOf({ start: { kind: 'channel', channel: -1 } })).toThrow(ImagingError)
    expect(() => axisOf({ start: { kind: 'velocity', metresPerSecond: 0 } })).toThrow(/give restfreq/)
  })
})
