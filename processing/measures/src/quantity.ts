import type { QuantityLike } from '@cleanbeam/types'
import { RAD_PER_ARCSEC, RAD_PER_DEG, SECONDS_PER_DAY } from './constants.ts'
import { MeasuresError } from './measures-error.ts'

/** What a unit measures; 'wavelengths' is uv distance in lambda. */
export type Dimension = 'angle' | 'flux' | 'frequency' | 'velocity' | 'length' | 'time' | 'wavelengths' | 'percent'

/** A number with its unit, and what that unit is in the base unit of its dimension (rad, Jy, Hz, m/s, m, s, lambda, %). */
export interface Quantity {
  readonly value: number
  readonly unit: string
  readonly dimension: Dimension
  readonly scale: number
}

const PREFIXES: Readonly<Record<string, number>> = {
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  c: 1e-2,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
}

/** Units that take SI prefixes. */
const PREFIXED: Readonly<Record<string, [Dimension, number]>> = {
  rad: ['angle', 1],
  arcsec: ['angle', RAD_PER_ARCSEC],
  as: ['angle', RAD_PER_ARCSEC],
  Jy: ['flux', 1],
  'Jy/beam': ['flux', 1],
  Hz: ['frequency', 1],
  m: ['length', 1],
  'm/s': ['velocity', 1],
  s: ['time', 1],
  lambda: ['wavelengths', 1],
}

const PLAIN: Readonly<Record<string, [Dimension, number]>> = {
  deg: ['angle', RAD_PER_DEG],
  arcmin: ['angle', 60 * RAD_PER_ARCSEC],
  "'": ['angle', 60 * RAD_PER_ARCSEC],
  '"': ['angle', RAD_PER_ARCSEC],
  "''": ['angle', RAD_PER_ARCSEC],
  min: ['time', 60],
  h: ['time', 3600],
  d: ['time', SECONDS_PER_DAY],
  '%': ['percent', 1],
}

const BASE_UNIT: Readonly<Record<Dimension, string>> = {
  angle: 'rad',
  flux: 'Jy',
  frequency: 'Hz',
  velocity: 'm/s',
  length: 'm',
  time: 's',
  wavelengths: 'lambda',
  percent: '%',
}

const EXAMPLES: Readonly<Record<Dimension, string>> = {
  angle: "'30arcsec', '0.1marcsec' or '5arcmin'",
  flux: "'2mJy' or '0.1Jy'",
  frequency: "'1.4GHz' or '1420.4MHz'",
  velocity: "'12km/s' or '300m/s'",
  length: "'1.2km' or '300m'",
  time: "'10s' or '2min'",
  wavelengths: "'2klambda'",
  percent: "'10%'",
}

const QUANTITY = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-z%'"][A-Za-z/%'"]*)?\s*$/

/** The unit's dimension and its size in base units; undefined for an unknown unit. Case counts: mJy is not MJy. */
export function lookUpUnit(unit: string): { dimension: Dimension; scale: number } | undefined {
  const plain = PLAIN[unit] ?? PREFIXED[unit]
  if (plain !== undefined) return { dimension: plain[0], scale: plain[1] }
  const prefixed = PREFIXED[unit.slice(1)]
  const prefix = PREFIXES[unit[0]]
  if (prefixed === undefined || prefix === undefined) return undefined
  return { dimension: prefixed[0], scale: prefix * prefixed[1] }
}

/**
 * Parses text such as '2mJy' or '0.1 marcsec'.
 * @param what - the parameter's name, for the message
 * @throws MeasuresError for text that is not a number with a known unit
 */
export function parseQuantity(text: string, what: string): Quantity {
  const match = QUANTITY.exec(text)
  if (match === null) {
    throw new MeasuresError(
      `expected a number with a unit for ${what}, got '${text}': write for example '30arcsec' or '2mJy'`,
      {
        what,
        value: text,
      },
    )
  }
  const unit = match[2] ?? ''
  const known = lookUpUnit(unit)
  if (known === undefined) {
    const got = unit === '' ? `'${text}' without a unit` : `the unknown unit '${unit}' in '${text}'`
    throw new MeasuresError(
      `expected a number with a known unit for ${what}, got ${got}: write for example '30arcsec' or '2mJy'`,
      {
        what,
        value: text,
      },
    )
  }
  return { value: Number(match[1]), unit, ...known }
}

export interface QuantityOptions {
  /** Unit of a bare number (not of text); null refuses bare numbers. */
  readonly bareUnit: string | null
}

/**
 * Converts a quantity to the base unit of its dimension (rad, Jy, Hz, m/s, m, s, lambda).
 *
 * Text without a unit is refused: '15' for a cell has been read as radians by some tools and as arcseconds by others.
 * Only zero may stand without a unit.
 * @throws MeasuresError when it cannot be read, has another dimension, or is not finite
 */
export function toBaseUnit(value: QuantityLike, dimension: Dimension, what: string, options: QuantityOptions): number {
  if (typeof value === 'number') return fromNumber(value, dimension, what, options.bareUnit)
  const match = typeof value === 'string' ? QUANTITY.exec(value) : null
  const unit = match?.[2] ?? ''
  const known = lookUpUnit(unit)
  if (match !== null && unit === '' && Number(match[1]) === 0) return 0
  if (match === null || known === undefined || known.dimension !== dimension) {
    throw refuse(value, unit, match !== null, dimension, what, options.bareUnit)
  }
  return requireFinite(Number(match[1]) * known.scale, dimension, what)
}

function fromNumber(value: number, dimension: Dimension, what: string, bareUnit: string | null): number {
  if (bareUnit === null) {
    throw new MeasuresError(
      `expected ${article(dimension)} with its unit for ${what}, got the bare number ${value}: write for example ${EXAMPLES[dimension]}`,
      { what, value: String(value) },
    )
  }
  return requireFinite(value * (lookUpUnit(bareUnit)?.scale ?? Number.NaN), dimension, what)
}

function requireFinite(value: number, dimension: Dimension, what: string): number {
  if (Number.isFinite(value)) return value
  throw new MeasuresError(`expected a finite ${dimension} for ${what}, got ${value}`, { what, value: String(value) })
}

function refuse(
  value: unknown,
  unit: string,
  isNumber: boolean,
  dimension: Dimension,
  what: string,
  bareUnit: string | null,
): MeasuresError {
  const remedy = `write for example ${EXAMPLES[dimension]}`
  const bare = bareUnit === null ? '' : `, or a number without quotes for ${bareUnit}`
  const fields = { what, value: String(value) }
  if (isNumber && unit === '') {
    return new MeasuresError(
      `expected ${article(dimension)} with its unit for ${what}, got the text '${value}' without a unit: ${remedy}${bare}`,
      fields,
    )
  }
  const got =
    isNumber && lookUpUnit(unit) === undefined ? `the unknown unit '${unit}' in '${value}'` : `'${String(value)}'`
  return new MeasuresError(
    `expected ${article(dimension)} (a unit of ${BASE_UNIT[dimension]}) for ${what}, got ${got}: ${remedy}${bare}`,
    fields,
  )
}

function article(dimension: Dimension): string {
  return dimension === 'angle' ? 'an angle' : dimension === 'wavelengths' ? 'a uv distance' : `a ${dimension}`
}

/**
 * An angle in radians. Bare numbers are arcseconds unless said otherwise (CASA's rule for cell).
 * @throws MeasuresError
 */
export function parseAngleRad(
  value: QuantityLike,
  what: string,
  options: QuantityOptions = { bareUnit: 'arcsec' },
): number {
  return toBaseUnit(value, 'angle', what, options)
}

/** A flux density in Jy; bare numbers are Jy. @throws MeasuresError */
export function parseFluxJy(value: QuantityLike, what: string, options: QuantityOptions = { bareUnit: 'Jy' }): number {
  return toBaseUnit(value, 'flux', what, options)
}

/** A frequency in Hz; bare numbers are refused unless a unit is given. @throws MeasuresError */
export function parseFrequencyHz(
  value: QuantityLike,
  what: string,
  options: QuantityOptions = { bareUnit: null },
): number {
  return toBaseUnit(value, 'frequency', what, options)
}

/** A velocity in m/s; bare numbers are refused unless a unit is given. @throws MeasuresError */
export function parseVelocityMetresPerSecond(
  value: QuantityLike,
  what: string,
  options: QuantityOptions = { bareUnit: null },
): number {
  return toBaseUnit(value, 'velocity', what, options)
}

/** A length in metres; bare numbers are refused unless a unit is given. @throws MeasuresError */
export function parseLengthMetres(
  value: QuantityLike,
  what: string,
  options: QuantityOptions = { bareUnit: null },
): number {
  return toBaseUnit(value, 'length', what, options)
}

/** A duration in seconds; bare numbers are seconds. @throws MeasuresError */
export function parseDurationSeconds(
  value: QuantityLike,
  what: string,
  options: QuantityOptions = { bareUnit: 's' },
): number {
  return toBaseUnit(value, 'time', what, options)
}

/** A uv distance in wavelengths; bare numbers are wavelengths. @throws MeasuresError */
export function parseWavelengths(
  value: QuantityLike,
  what: string,
  options: QuantityOptions = { bareUnit: 'lambda' },
): number {
  return toBaseUnit(value, 'wavelengths', what, options)
}
