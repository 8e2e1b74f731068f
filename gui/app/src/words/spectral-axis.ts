import type { SpectralCoordinate } from '@cleanbeam/types'

const LIGHT_SPEED = 299_792_458

/** Frequency of a channel's centre, Hz. */
export function channelFrequencyHz(spectral: SpectralCoordinate, channel: number): number {
  const { tableHz, referenceHz, referencePixel, incrementHz } = spectral
  return tableHz?.[channel] ?? referenceHz + (channel - referencePixel) * incrementHz
}

/** Radio velocity of a frequency, m/s: c (1 − ν/ν₀); NaN without a rest frequency. */
export function radioVelocity(frequencyHz: number, restFrequencyHz: number): number {
  return restFrequencyHz > 0 ? LIGHT_SPEED * (1 - frequencyHz / restFrequencyHz) : Number.NaN
}

/** What a spectrum is plotted against. */
export type SpectralAxisKind = 'channel' | 'frequency' | 'velocity'

/** Positions of all channels along an axis, with its label. Frequencies are scaled to the unit of the label. */
export function spectralAxis(
  spectral: SpectralCoordinate,
  nChannel: number,
  kind: SpectralAxisKind,
): { readonly values: number[]; readonly label: string } {
  const frequencies = Array.from({ length: nChannel }, (_, i) => channelFrequencyHz(spectral, i))
  if (kind === 'channel') return { values: frequencies.map((_, i) => i), label: 'channel' }
  if (kind === 'velocity') {
    const values = frequencies.map(hz => radioVelocity(hz, spectral.restFrequencyHz) / 1000)
    return { values, label: `radio velocity, km/s ${spectral.frame}` }
  }
  const [unit, scale] = frequencies[0] >= 1e9 ? ['GHz', 1e9] : frequencies[0] >= 1e6 ? ['MHz', 1e6] : ['kHz', 1e3]
  return { values: frequencies.map(hz => hz / (scale as number)), label: `frequency, ${unit} ${spectral.frame}` }
}
