// Which channels a region's range picks.
import { convertFrequencyHz, SECONDS_PER_DAY, SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { ImageCoordinates, SpectralCoordinate } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import type { RegionRange } from './region.ts'

/** Inclusive channel numbers. */
export interface ChannelSpan {
  readonly first: number
  readonly last: number
}

/** Frequency of a (fractional) channel, Hz. */
export function channelFrequencyHz(spectral: SpectralCoordinate, channel: number): number {
  const table = spectral.tableHz
  if (!table || table.length === 0) {
    return spectral.referenceHz + (channel - spectral.referencePixel) * spectral.incrementHz
  }
  if (table.length === 1) return table[0] + channel * spectral.incrementHz
  const left = Math.min(Math.max(Math.floor(channel), 0), table.length - 2)
  return table[left] + (channel - left) * (table[left + 1] - table[left])
}

/** (Fractional) channel of a frequency. */
export function channelOfFrequency(spectral: SpectralCoordinate, frequencyHz: number): number {
  const table = spectral.tableHz
  if (!table || table.length === 0) {
    return spectral.referencePixel + (frequencyHz - spectral.referenceHz) / spectral.incrementHz
  }
  if (table.length === 1) return (frequencyHz - table[0]) / spectral.incrementHz
  const rising = table[table.length - 1] > table[0]
  let left = 0
  while (left < table.length - 2 && table[left + 1] < frequencyHz === rising) left++
  return left + (frequencyHz - table[left]) / (table[left + 1] - table[left])
}

/**
 * Channels of a range: the ends, in channels, rounded to whole ones (as casatools does), cut to the image.
 * @returns null when none lies inside
 * @throws ImageError for velocities without a rest frequency, or a frame that needs the time and place of observation
 */
export function channelSpan(range: RegionRange, coordinates: ImageCoordinates, nChannel: number): ChannelSpan | null {
  const ends = [range.from, range.to].map(value => Math.floor(channelOf(value, range, coordinates) + 0.5))
  const first = Math.max(0, Math.min(...ends))
  const last = Math.min(nChannel - 1, Math.max(...ends))
  return first <= last ? { first, last } : null
}

function channelOf(value: number, range: RegionRange, coordinates: ImageCoordinates): number {
  if (range.unit === 'chan') return value
  const { spectral } = coordinates
  const frequencyHz = range.unit === 'Hz' ? value : frequencyOfVelocity(value, range, spectral)
  return channelOfFrequency(spectral, toImageFrame(frequencyHz, range, coordinates))
}

function frequencyOfVelocity(velocity: number, range: RegionRange, spectral: SpectralCoordinate): number {
  const restHz = range.restFrequencyHz ?? spectral.restFrequencyHz
  if (!(restHz > 0)) {
    throw new ImageError('expected a rest frequency for a range of velocities, got none: add restfreq=…')
  }
  const beta = velocity / SPEED_OF_LIGHT
  if (range.velocityType === 'OPTICAL') return restHz / (1 + beta)
  return restHz * (range.velocityType === 'RADIO' ? 1 - beta : Math.sqrt((1 - beta) / (1 + beta)))
}

function toImageFrame(frequencyHz: number, { frame }: RegionRange, coordinates: ImageCoordinates): number {
  const { spectral, observation, direction } = coordinates
  if (frame === null || frame === spectral.frame) return frequencyHz
  const { dateMjd, telescopePositionMetres } = observation
  if (!telescopePositionMetres || !Number.isFinite(dateMjd)) {
    throw new ImageError(
      `expected an image with date and place of observation for frame=${frame}, got neither: give the range in ${spectral.frame} or in channels`,
      { frame },
    )
  }
  return convertFrequencyHz(frequencyHz, frame, spectral.frame, {
    epochMjdSeconds: dateMjd * SECONDS_PER_DAY,
    positionMetres: telescopePositionMetres,
    direction: {
      frame: direction.frame,
      longitudeRad: direction.referenceRad[0],
      latitudeRad: direction.referenceRad[1],
    },
  })
}
