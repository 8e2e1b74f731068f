import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import { describe, expect, it } from 'vitest'
import { cubeFrequencyAxis, type DataChannels } from './cube-frequency-axis.ts'
import type { CubeDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'

const WIDTH = 2e4
const FIRST = 1.42e9
const data: DataChannels = {
  frequencyHz: Float64Array.from({ length: 24 }, (_, c) => FIRST + c * WIDTH),
  widthHz: new Float64Array(24).fill(WIDTH),
}
const falling: DataChannels = { frequencyHz: data.frequencyHz.toReversed(), widthHz: data.widthHz }
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

  it('counts the whole channels that the data fill', () => {
    const axis = axisOf({ start: { kind: 'channel', channel: 1 }, width: { kind: 'channel', channel: 5 } })
    expect(axis.frequencyHz).toHaveLength(4)
    const beyond = axisOf({ start: { kind: 'frequency', hz: FIRST + 40 * WIDTH } })
    expect(beyond.frequencyHz).toHaveLength(1)
  })

  it('makes equal steps in frequency of radio velocities', () => {
    const { frequencyHz } = axisOf({
      start: { kind: 'velocity', metresPerSecond: -6e4 },
      width: { kind: 'velocity', metresPerSecond: 1e4 },
      nChannel: 3,
      restFrequencyHz: REST,
    })
    for (let k = 0; k < 3; k++) expect(frequencyHz[k]).toBeCloseTo(REST * (1 + (6e4 - k * 1e4) / SPEED_OF_LIGHT), 4)
  })

  it('lists the channels of optical velocities', () => {
    const { frequencyHz, coordinate } = axisOf({
      start: { kind: 'velocity', metresPerSecond: 1e7 },
      width: { kind: 'velocity', metresPerSecond: 1e6 },
      nChannel: 4,
      velocityConvention: 'optical',
      restFrequencyHz: REST,
    })
    for (let k = 0; k < 4; k++) {
      expect(SPEED_OF_LIGHT * (REST / frequencyHz[k] - 1)).toBeCloseTo(1e7 + k * 1e6, 2)
    }
    expect(coordinate.tableHz).toEqual(Array.from(frequencyHz))
  })

  it('takes the rest frequency asked for, else that of the data, else the first channel', () => {
    expect(axisOf({ restFrequencyHz: REST }, data, 1.5e9).coordinate.restFrequencyHz).toBe(REST)
    expect(axisOf({}, data, 1.5e9).coordinate.restFrequencyHz).toBe(1.5e9)
    expect(axisOf({}).coordinate.restFrequencyHz).toBe(FIRST)
  })

  it('leaves the frame of cubedata undefined', () => {
    expect(axisOf({ mode: 'cubedata' }).coordinate.frame).toBe('Undefined')
  })

  it('refuses channels that are not there and velocities without a rest frequency', () => {
    expect(() => axisOf({ start: { kind: 'channel', channel: 24 } })).toThrow(/within the 24 selected channels/)
    expect(() => axisOf({ start: { kind: 'channel', channel: -1 } })).toThrow(ImagingError)
    expect(() => axisOf({ start: { kind: 'velocity', metresPerSecond: 0 } })).toThrow(/give restfreq/)
  })
})
