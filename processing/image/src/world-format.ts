// World coordinates as CASA prints them in records: `19:59:46.072, +40.38.39.917, I, 1.19987e+09Hz`.

import { formatDeclination, formatRightAscension, RAD_PER_ARCSEC } from '@cleanbeam/measures'
import type { ImageCoordinates, Stokes } from '@cleanbeam/types'
import { CASA_STOKES_NUMBERS } from './casa/stokes-numbers.ts'
import { channelFrequencyHz } from './region/channel-range.ts'
import { skyPlane } from './region/sky-plane.ts'

/** CASA's world coordinates of a pixel, [longitude rad, latitude rad, Stokes number, Hz]; NaN off the sky. */
export function worldOfPixel(coordinates: ImageCoordinates, pixel: readonly number[]): number[] {
  const [x = 0, y = 0, stokes = 0, channel = 0] = pixel
  const sky = skyPlane(coordinates.direction).toSky(x, y)
  const name = coordinates.stokes[Math.round(stokes)]
  return [
    sky ? positiveAngle(sky.longitudeRad) : Number.NaN,
    sky ? sky.latitudeRad : Number.NaN,
    name ? CASA_STOKES_NUMBERS[name] : Number.NaN,
    channelFrequencyHz(coordinates.spectral, channel),
  ]
}

/** The Stokes parameter of a name or of casacore's number. */
export function stokesOfWorld(world: number | string): Stokes | undefined {
  const entries = Object.entries(CASA_STOKES_NUMBERS) as [Stokes, number][]
  return entries.find(([name, number]) => name === world || number === Number(world))?.[0]
}

/** The position string of a statistics record; the cell and the channel width set the number of digits. */
export function formatPosition(coordinates: ImageCoordinates, pixel: readonly number[]): string {
  const [longitude, latitude, , frequencyHz] = worldOfPixel(coordinates, pixel)
  const cellArcsec = Math.min(...coordinates.direction.incrementRad.map(Math.abs)) / RAD_PER_ARCSEC
  const decimals = Math.max(3, 2 - Math.floor(Math.log10(cellArcsec)))
  return [
    formatRightAscension(longitude, decimals, 'casa'),
    formatDeclination(latitude, decimals, 'casa'),
    coordinates.stokes[pixel[2]],
    `${formatFrequency(coordinates, frequencyHz)}Hz`,
  ].join(', ')
}

/** The strings of toworld, with eight decimals. */
export function formatWorld(coordinates: ImageCoordinates, world: readonly number[]): string[] {
  const [longitude, latitude, stokes, frequencyHz] = world
  return [
    formatRightAscension(longitude, 8, 'casa'),
    formatDeclination(latitude, 8, 'casa'),
    stokesOfWorld(stokes) ?? '',
    `${formatScientific(frequencyHz, Math.max(8, frequencyDigits(coordinates, frequencyHz)))} Hz`,
  ]
}

/** Six digits or as many as tell a tenth of a channel apart; one decimal where a channel is wider than the value. */
function formatFrequency(coordinates: ImageCoordinates, frequencyHz: number): string {
  if (Number.isInteger(frequencyHz)) return formatGeneral(frequencyHz, 6)
  const digits = frequencyDigits(coordinates, frequencyHz)
  return digits < 2 ? frequencyHz.toFixed(1) : formatGeneral(frequencyHz, Math.max(6, digits))
}

function frequencyDigits({ spectral }: ImageCoordinates, frequencyHz: number): number {
  const ofValue = Math.floor(Math.log10(Math.abs(frequencyHz)))
  const ofChannel = Math.ceil(Math.log10(Math.abs(spectral.incrementHz)))
  const digits = ofValue - ofChannel + 2
  return Number.isFinite(digits) ? Math.min(17, digits) : 6
}

/** As C's `%.<digits>g`. */
function formatGeneral(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value)
  const [mantissa, power] = value.toExponential(digits - 1).split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= digits) return `${trimZeros(mantissa)}${formatExponent(exponent)}`
  return trimZeros(value.toFixed(Math.max(0, digits - 1 - exponent)))
}

function formatScientific(value: number, decimals: number): string {
  const [mantissa, exponent] = value.toExponential(decimals).split('e')
  return `${mantissa}${formatExponent(Number(exponent))}`
}

function formatExponent(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function positiveAngle(rad: number): number {
  const turn = 2 * Math.PI
  return rad < 0 ? rad + turn : rad >= turn ? rad - turn : rad
}
