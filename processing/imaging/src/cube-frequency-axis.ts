import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { SpectralCoordinate, SpectralFrame } from '@cleanbeam/types'
import type { DataChannels, FrequencyBand } from './data-channels.ts'
import type { CubeDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { type ChannelBlock, layOutOpticalChannels, velocityToHz } from './optical-channels.ts'

/** The channels of a cube. */
export interface CubeAxis {
  readonly frequencyHz: Float64Array
  /** Width of a channel, Hz, positive. */
  readonly widthHz: number
  readonly coordinate: SpectralCoordinate
}

/** Share of a channel that may be missing at the end of the data when CASA counts channels: 4.99 are 5, 4.9899 are 4. */
const COUNTING_SLACK = 0.01

/**
 * Lays out the channels of a cube as CASA does; the rules and their evidence stand in docs/imaging.md.
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
    ? layOutOpticalChannels(definition, data, needRest(restHz), countChannels)
    : linearChannels(linearBlock(definition, data, restHz))
  const stepHz = frequencyHz.length > 1 ? frequencyHz[1] - frequencyHz[0] : linearStep(definition, data, restHz)
  const frame: SpectralFrame = definition.mode === 'cubedata' ? 'Undefined' : definition.frame
  const coordinate = {
    frame,
    referenceHz: frequencyHz[0],
    referencePixel: 0,
    incrementHz: stepHz,
    restFrequencyHz: restHz ?? data.middleHz,
  }
  const isTabular = isOptical && frequencyHz.length > 2
  return {
    frequencyHz: isOptical ? frequencyHz : frequencyHz.map((_, k) => frequencyHz[0] + k * stepHz),
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

/**
 * Centres of equal channels. CASA takes the mean of a channel's edges, and these from the lowest one up: the last bits
 * matter, as they decide whether the first channel of the data lies inside the cube's (docs/imaging.md).
 */
function linearChannels({ nearHz, widthHz, sign, count }: ChannelBlock): Float64Array {
  const lowHz = sign > 0 ? nearHz : nearHz - count * widthHz
  const centres = Float64Array.from({ length: count }, (_, k) => {
    return (lowHz + k * widthHz + (lowHz + (k + 1) * widthHz)) / 2
  })
  return sign > 0 ? centres : centres.reverse()
}

function linearBlock(definition: CubeDefinition, data: DataChannels, restHz: number | null): ChannelBlock {
  const { start, width, nChannel } = definition
  const kind = start?.kind ?? width?.kind ?? 'channel'
  if (kind === 'channel') return channelBlock(definition, data, restHz)
  const stepHz = linearStep(definition, data, restHz)
  const widthHz = Math.abs(stepHz)
  const sign = Math.sign(stepHz)
  if (start === null || start.kind === 'channel') return unstartedBlock(data, widthHz, sign, nChannel)
  const startHz = start.kind === 'frequency' ? start.hz : velocityToHz(start.metresPerSecond, needRest(restHz), 'radio')
  if (start.kind === 'velocity' && nChannel !== null) {
    const centreHz = clamp(startHz + (sign * (nChannel - 1) * widthHz) / 2, data.windows)
    return { nearHz: centreHz - (sign * nChannel * widthHz) / 2, widthHz, sign, count: nChannel }
  }
  const nearHz = clamp(startHz - (sign * widthHz) / 2, data.windows)
  const farHz = sign > 0 ? data.windows.highHz : data.windows.lowHz
  const count = nChannel ?? countChannels(Math.abs(farHz - nearHz), widthHz, width !== null, definition)
  return { nearHz, widthHz, sign, count }
}

/** Without a start channels are laid from the low end of the data up, and read in the direction asked for. */
function unstartedBlock(data: DataChannels, widthHz: number, sign: number, nChannel: number | null): ChannelBlock {
  const { lowHz, highHz } = imagedBand(data)
  const count = nChannel ?? countChannels(highHz - lowHz, widthHz, true)
  return { nearHz: sign > 0 ? lowHz : lowHz + count * widthHz, widthHz, sign, count }
}

/**
 * The range of the channels where no start says otherwise: the selected ones, but whole windows when the first of their
 * channels is selected or their frequencies fall.
 */
function imagedBand(data: DataChannels): FrequencyBand {
  return data.firstSelected === 0 || isFalling(data) ? data.windows : data.selected
}

function isFalling({ frequencyHz }: DataChannels): boolean {
  return frequencyHz[frequencyHz.length - 1] < frequencyHz[0]
}

function clamp(hz: number, { lowHz, highHz }: FrequencyBand): number {
  return Math.min(Math.max(hz, lowHz), highHz)
}

/** Channels that begin at a channel of the data, in the data's direction for a positive width. */
function channelBlock(definition: CubeDefinition, data: DataChannels, restHz: number | null): ChannelBlock {
  const { start, width, nChannel } = definition
  const { frequencyHz, widthHz: dataWidthHz } = data
  const first = start?.kind === 'channel' ? start.channel : isFalling(data) ? 0 : data.firstSelected
  if (!Number.isInteger(first) || first < 0 || first >= frequencyHz.length) {
    throw new ImagingError(
      `expected start within the ${frequencyHz.length} channels of the data's first spectral window, got ${first}`,
      { parameter: 'start', value: first },
    )
  }
  const stepHz = linearStep(definition, data, restHz)
  const sign = Math.sign(stepHz)
  const widthHz = Math.abs(stepHz)
  const isBlock = width === null || width.kind === 'channel'
  const nearHz = frequencyHz[first] - (sign * (isBlock ? dataWidthHz[first] : widthHz)) / 2
  const band = start === null ? imagedBand(data) : data.windows
  const farHz = sign > 0 ? band.highHz : band.lowHz
  const count = nChannel ?? countChannels((farHz - nearHz) * sign, widthHz, width !== null, definition)
  return { nearHz, widthHz, sign, count }
}

/** Step of equal channels, Hz, with sign. */
function linearStep({ start, width }: CubeDefinition, data: DataChannels, restHz: number | null): number {
  const oneChannelHz = data.widthHz[0]
  switch (width?.kind) {
    case 'channel':
      return (isFalling(data) ? -1 : 1) * width.channel * oneChannelHz
    case 'frequency':
      return width.hz
    case 'velocity':
      return (-needRest(restHz) * width.metresPerSecond) / SPEED_OF_LIGHT
    default:
      if (start?.kind === 'frequency') return oneChannelHz
      if (start?.kind === 'velocity') return -oneChannelHz
      return isFalling(data) ? -oneChannelHz : oneChannelHz
  }
}

/** Whole channels within a range; at least one where nobody asked for a width. */
function countChannels(rangeHz: number, widthHz: number, isWidthGiven: boolean, definition?: CubeDefinition): number {
  const count = Math.floor(rangeHz / widthHz + COUNTING_SLACK)
  if (count >= 1) return count
  if (!isWidthGiven) return 1
  throw new ImagingError(
    `expected room for a channel ${widthHz} Hz wide between start and the end of the data, got ${Math.max(0, rangeHz)} Hz: ` +
      'give nchan, or another start or width',
    { parameter: definition?.start ? 'start' : 'width', rangeHz, widthHz },
  )
}
