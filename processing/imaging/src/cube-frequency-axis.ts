import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { SpectralCoordinate, SpectralFrame } from '@cleanbeam/types'
import type { CubeDefinition, SpectralPosition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'

/** The selected channels of the data in the frame of the image, at the time of the first selected row. */
export interface DataChannels {
  /** Centres, Hz; monotonic. */
  readonly frequencyHz: Float64Array
  /** Positive. */
  readonly widthHz: Float64Array
}

/** The channels of a cube. */
export interface CubeAxis {
  readonly frequencyHz: Float64Array
  /** Width of a channel, Hz, positive. */
  readonly widthHz: number
  readonly coordinate: SpectralCoordinate
}

/** Share of a channel that may be missing at the end of the data when channels are counted. */
const ROUNDING = 1e-6

/**
 * Lays out the channels of a cube.
 *
 * A channel number as start means the centre of data channels start … start + width − 1; frequencies and velocities are
 * centres of the first channel. Radio velocities make channels of equal width in frequency, v = c(1 − ν/ν0); optical ones
 * do not, v = c(ν0/ν − 1), and are listed in `coordinate.tableHz`.
 * @param sourceRestFrequencyHz - what the data say of the source's line; null when they say nothing
 * @throws ImagingError when the channels are not in the data or the request makes no channel
 * @see https://casadocs.readthedocs.io/en/stable/notebooks/synthesis_imaging.html (Spectral cubes)
 */
export function cubeFrequencyAxis(
  definition: CubeDefinition,
  data: DataChannels,
  sourceRestFrequencyHz: number | null,
): CubeAxis {
  const restHz = definition.restFrequencyHz ?? sourceRestFrequencyHz
  const isOptical = definition.velocityConvention === 'optical' && usesVelocity(definition)
  const frequencyHz = isOptical
    ? opticalChannels(definition, data, needRest(restHz))
    : linearChannels(definition, data, restHz)
  const stepHz = frequencyHz.length > 1 ? frequencyHz[1] - frequencyHz[0] : singleStep(definition, data, restHz)
  const frame: SpectralFrame = definition.mode === 'cubedata' ? 'Undefined' : definition.frame
  const coordinate = {
    frame,
    referenceHz: frequencyHz[0],
    referencePixel: 0,
    incrementHz: stepHz,
    restFrequencyHz: restHz ?? frequencyHz[0],
  }
  const isTabular = isOptical && frequencyHz.length > 2
  return {
    frequencyHz,
    widthHz: Math.abs(stepHz),
    coordinate: isTabular ? { ...coordinate, tableHz: Array.from(frequencyHz) } : coordinate,
  }
}

function usesVelocity({ start, width }: CubeDefinition): boolean {
  return start?.kind === 'velocity' || width?.kind === 'velocity'
}

function needRest(restHz: number | null): number {
  if (restHz !== null) return restHz
  throw new ImagingError('expected a rest frequency for channels in velocity, got none: give restfreq', {
    parameter: 'restfreq',
  })
}

function linearChannels(definition: CubeDefinition, data: DataChannels, restHz: number | null): Float64Array {
  const stepHz = singleStep(definition, data, restHz)
  const startHz = firstCentre(definition, data, stepHz, restHz)
  const count = definition.nChannel ?? countChannels(startHz, stepHz, data)
  return Float64Array.from({ length: count }, (_, k) => startHz + k * stepHz)
}

/** Step of linear channels, Hz, with sign. */
function singleStep({ width }: CubeDefinition, data: DataChannels, restHz: number | null): number {
  const direction = data.frequencyHz[data.frequencyHz.length - 1] < data.frequencyHz[0] ? -1 : 1
  const oneChannel = direction * data.widthHz[0]
  switch (width?.kind) {
    case 'channel':
      return width.channel * oneChannel
    case 'frequency':
      return width.hz
    case 'velocity':
      return (-needRest(restHz) * width.metresPerSecond) / SPEED_OF_LIGHT
    default:
      return oneChannel
  }
}

function firstCentre(definition: CubeDefinition, data: DataChannels, stepHz: number, restHz: number | null): number {
  const { start, width } = definition
  switch (start?.kind) {
    case 'frequency':
      return start.hz
    case 'velocity':
      return velocityToHz(start.metresPerSecond, needRest(restHz), definition.velocityConvention)
    default:
      return channelCentre(start ?? { kind: 'channel', channel: 0 }, width, data, stepHz)
  }
}

/** The centre of the block of data channels that the first output channel covers. */
function channelCentre(
  start: Extract<SpectralPosition, { kind: 'channel' }>,
  width: SpectralPosition | null,
  data: DataChannels,
  stepHz: number,
): number {
  const { frequencyHz, widthHz } = data
  if (!Number.isInteger(start.channel) || start.channel < 0 || start.channel >= frequencyHz.length) {
    throw new ImagingError(
      `expected start within the ${frequencyHz.length} selected channels of the data, got ${start.channel}`,
      { parameter: 'start', value: start.channel },
    )
  }
  const nBlock = width?.kind === 'channel' ? Math.abs(width.channel) : 1
  return frequencyHz[start.channel] + (Math.sign(stepHz) * (nBlock - 1) * widthHz[start.channel]) / 2
}

/** Whole channels between the first one's near edge and the far edge of the data; at least one. */
function countChannels(startHz: number, stepHz: number, { frequencyHz, widthHz }: DataChannels): number {
  let farHz = startHz
  for (let k = 0; k < frequencyHz.length; k++) {
    const edge = frequencyHz[k] + (Math.sign(stepHz) * widthHz[k]) / 2
    if ((edge - farHz) * stepHz > 0) farHz = edge
  }
  return Math.max(1, Math.floor((farHz - startHz) / stepHz + 0.5 + ROUNDING))
}

function opticalChannels(definition: CubeDefinition, data: DataChannels, restHz: number): Float64Array {
  const stepHz = singleStep({ ...definition, width: null }, data, restHz)
  const startHz = firstCentre(definition, data, stepHz, restHz)
  const startVelocity = hzToOpticalVelocity(startHz, restHz)
  const { width } = definition
  const stepVelocity =
    width?.kind === 'velocity'
      ? width.metresPerSecond
      : hzToOpticalVelocity(startHz + singleStep(definition, data, restHz), restHz) - startVelocity
  const at = (k: number): number => velocityToHz(startVelocity + k * stepVelocity, restHz, 'optical')
  const count = definition.nChannel ?? countOptical(at, data)
  return Float64Array.from({ length: count }, (_, k) => at(k))
}

function countOptical(at: (k: number) => number, data: DataChannels): number {
  const stepHz = at(1) - at(0)
  const most = countChannels(at(0), stepHz, data) * 2
  const low = Math.min(...data.frequencyHz)
  const high = Math.max(...data.frequencyHz)
  let count = 1
  while (count < most && at(count) >= low && at(count) <= high) count++
  return count
}

function velocityToHz(metresPerSecond: number, restHz: number, convention: 'radio' | 'optical'): number {
  const beta = metresPerSecond / SPEED_OF_LIGHT
  return convention === 'radio' ? restHz * (1 - beta) : restHz / (1 + beta)
}

function hzToOpticalVelocity(hz: number, restHz: number): number {
  return SPEED_OF_LIGHT * (restHz / hz - 1)
}
