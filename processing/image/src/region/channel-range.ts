// Which channels a region's range picks.
import type { SpectralCoordinate } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import type { RegionRange } from './region.ts'

const SPEED_OF_LIGHT = 299_792_458

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
 * @throws ImageError for velocities without a rest frequency
 */
export function channelSpan(range: RegionRange, spectral: SpectralCoordinate, nChannel: number): ChannelSpan | null {
  const ends = [range.from, range.to].map(value => Math.floor(channelOf(value, range, spectral) + 0.5))
  const first = Math.max(0, Math.min(...ends))
  const last = Math.min(nChannel - 1, Math.max(...ends))
  return first <= last ? { first, last } : null
}

function channelOf(value: number, range: RegionRange, spectral: SpectralCoordinate): number {
  if (range.unit === 'chan') return value
  if (range.frame !== null && range.frame !== spectral.frame) {
    throw new ImageError(
      `expected a range in the image's frame ${spectral.frame}, got frame=${range.frame}: give the range in channels or in that frame`,
      { frame: range.frame },
    )
  }
  if (range.unit === 'Hz') return channelOfFrequency(spectral, value)
  const restHz = range.restFrequencyHz ?? spectral.restFrequencyHz
  if (!(restHz > 0)) {
    throw new ImageError('expected a rest frequency for a range of velocities, got none: add restfreq=…', {})
  }
  const beta = value / SPEED_OF_LIGHT
  const ratio = {
    RADIO: 1 - beta,
    OPTICAL: 1 / (1 + beta),
    BETA: Math.sqrt((1 - beta) / (1 + beta)),
  }[range.velocityType]
  return channelOfFrequency(spectral, restHz * ratio)
}
