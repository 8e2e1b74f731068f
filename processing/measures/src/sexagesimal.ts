import type { Direction, DirectionFrame } from '@cleanbeam/types'
import { RAD_PER_DEG, RAD_PER_HOUR } from './constants.ts'
import { MeasuresError } from './measures-error.ts'
import { lookUpUnit } from './quantity.ts'

/** 'letters': 12h30m49.42s and +12d23m28.0s; 'colons': 12:30:49.42 and +12:23:28.0; 'casa': 12:30:49.42 and +12.23.28.0. */
export type SexagesimalStyle = 'letters' | 'colons' | 'casa'

const SEPARATORS: Readonly<Record<SexagesimalStyle, { hours: string[]; degrees: string[] }>> = {
  letters: { hours: ['h', 'm', 's'], degrees: ['d', 'm', 's'] },
  colons: { hours: [':', ':', ''], degrees: [':', ':', ''] },
  casa: { hours: [':', ':', ''], degrees: ['.', '.', ''] },
}

/**
 * Right ascension as hours, minutes, seconds within [0h, 24h).
 * @param decimals - digits after the point of the seconds
 */
export function formatRightAscension(rad: number, decimals = 3, style: SexagesimalStyle = 'letters'): string {
  const hours = rad / RAD_PER_HOUR
  return formatParts(hours - 24 * Math.floor(hours / 24), decimals, SEPARATORS[style].hours, 24)
}

/**
 * Declination (or any latitude) as signed degrees, minutes, seconds.
 * @param decimals - digits after the point of the seconds
 */
export function formatDeclination(rad: number, decimals = 2, style: SexagesimalStyle = 'letters'): string {
  const text = formatParts(Math.abs(rad) / RAD_PER_DEG, decimals, SEPARATORS[style].degrees, Number.POSITIVE_INFINITY)
  return (rad < 0 ? '-' : '+') + text
}

function formatParts(value: number, decimals: number, separators: readonly string[], wrapAt: number): string {
  // Rounded once, in units of the last digit shown, so that 59.9996 carries over instead of printing 60.000.
  const perSecond = 10 ** decimals
  let units = Math.round(value * 3600 * perSecond)
  if (units >= wrapAt * 3600 * perSecond) units -= wrapAt * 3600 * perSecond
  const seconds = (units % (60 * perSecond)) / perSecond
  const minutes = Math.floor(units / (60 * perSecond)) % 60
  const whole = Math.floor(units / (3600 * perSecond))
  const secondsText = seconds.toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, '0')
  return `${pad2(whole)}${separators[0]}${pad2(minutes)}${separators[1]}${secondsText}${separators[2]}`
}

function pad2(value: number): string {
  return String(value).padStart(2, '0')
}

const LETTERS = /^([+-]?)(\d+(?:\.\d*)?)(h|d)(?:(\d+(?:\.\d*)?)m(?:(\d+(?:\.\d*)?)s?)?)?$/i
const COLONS = /^([+-]?)(\d+):(\d+)(?::(\d+(?:\.\d*)?))?$/
const DOTS = /^([+-]?)(\d+)\.(\d+)\.(\d+(?:\.\d*)?)$/
const WITH_UNIT = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z'"]+)$/i

/**
 * Parses an angle written as hours (12h30m49.4s), degrees (12d23m28s, 12.23.28) or a number with a unit (187.7deg).
 * @param colons - what 12:23:28 means: hours for a longitude, degrees for a latitude
 * @returns radians
 * @throws MeasuresError for anything else, also for a number without a unit and for minutes or seconds of 60 or more
 */
export function parseAngleText(text: string, what: string, colons: 'hours' | 'degrees'): number {
  const clean = text.trim()
  const letters = LETTERS.exec(clean)
  if (letters) {
    const unit = letters[3].toLowerCase() === 'h' ? RAD_PER_HOUR : RAD_PER_DEG
    return fromParts(letters[1], [letters[2], letters[4], letters[5]], unit, text, what)
  }
  const colon = COLONS.exec(clean)
  if (colon) {
    const unit = colons === 'hours' ? RAD_PER_HOUR : RAD_PER_DEG
    return fromParts(colon[1], [colon[2], colon[3], colon[4]], unit, text, what)
  }
  const dots = DOTS.exec(clean)
  if (dots) return fromParts(dots[1], [dots[2], dots[3], dots[4]], RAD_PER_DEG, text, what)
  const unit = WITH_UNIT.exec(clean)
  const known = unit === null ? undefined : lookUpUnit(unit[2])
  if (unit !== null && known?.dimension === 'angle') return Number(unit[1]) * known.scale
  throw new MeasuresError(
    `expected an angle such as 12h30m49.4s, +12d23m28s, 12:30:49.4, +12.23.28 or 187.7deg for ${what}, got '${text}'`,
    { what, value: text },
  )
}

function fromParts(sign: string, parts: (string | undefined)[], unitRad: number, text: string, what: string): number {
  const [whole, minutes, seconds] = parts.map(part => Number(part ?? 0))
  if (minutes >= 60 || seconds >= 60) {
    throw new MeasuresError(`expected minutes and seconds below 60 for ${what}, got '${text}'`, { what, value: text })
  }
  const magnitude = (whole + minutes / 60 + seconds / 3600) * unitRad
  return sign === '-' ? -magnitude : magnitude
}

const FRAMES: Readonly<Record<string, DirectionFrame>> = {
  J2000: 'J2000',
  FK5: 'J2000',
  ICRS: 'ICRS',
  B1950: 'B1950',
  FK4: 'B1950',
  GALACTIC: 'GALACTIC',
}

/**
 * Parses a direction as CASA writes it: 'J2000 19h59m30.5s +40d40m30s', 'ICRS 12:30:49.4 +12.23.28',
 * 'GALACTIC 76.1deg 5.7deg'. Without a frame it is J2000.
 *
 * *Convention:* colons mean hours in the longitude of an equatorial frame and degrees elsewhere (CASA would read hours
 * in a declination too, which nobody means).
 * @throws MeasuresError
 */
export function parseDirection(text: string, what = 'direction'): Direction {
  const words = text
    .trim()
    .split(/[\s,]+/)
    .filter(word => word !== '')
  const named = words.length > 0 ? FRAMES[words[0].toUpperCase()] : undefined
  const angles = named === undefined ? words : words.slice(1)
  if (angles.length !== 2) {
    throw new MeasuresError(
      `expected a direction such as 'J2000 19h59m30.5s +40d40m30s' (frames J2000, ICRS, B1950, GALACTIC) for ${what}, got '${text}'`,
      { what, value: text },
    )
  }
  const frame = named ?? 'J2000'
  const longitudeRad = parseAngleText(angles[0], what, frame === 'GALACTIC' ? 'degrees' : 'hours')
  const latitudeRad = parseAngleText(angles[1], what, 'degrees')
  if (Math.abs(latitudeRad) > Math.PI / 2 + 1e-12) {
    throw new MeasuresError(`expected a latitude from -90 to 90 degrees for ${what}, got '${angles[1]}'`, {
      what,
      value: text,
    })
  }
  return { frame, longitudeRad, latitudeRad }
}
