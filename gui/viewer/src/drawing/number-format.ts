import type { RestoringBeam } from '@cleanbeam/types'

const PREFIXES: ReadonlyMap<number, string> = new Map([
  [-18, 'a'],
  [-15, 'f'],
  [-12, 'p'],
  [-9, 'n'],
  [-6, 'µ'],
  [-3, 'm'],
  [0, ''],
  [3, 'k'],
  [6, 'M'],
  [9, 'G'],
  [12, 'T'],
])

/** A power of 1000 and the SI prefix that stands for it. */
export interface SiScale {
  readonly exponent: number
  readonly prefix: string
}

/** The SI prefix with which a magnitude reads as 1 … 999; none for 0 and what is not finite. */
export function siScale(magnitude: number): SiScale {
  const size = Math.abs(magnitude)
  if (!(size > 0) || !Number.isFinite(size)) return { exponent: 0, prefix: '' }
  // The small addition keeps 0.999999 of a power of ten from reading as 1000 of the next smaller prefix.
  const exponent = 3 * Math.floor((Math.log10(size) + 1e-6) / 3)
  const bounded = Math.min(12, Math.max(-18, exponent))
  return { exponent: bounded, prefix: PREFIXES.get(bounded)! }
}

/**
 * A number with a typographic minus and a fixed count of significant digits, e.g. −2.10 for (−2.1, 3). Digits left of
 * the point are never cut, so 41872 stays 41872 with three digits asked for.
 */
export function formatSignificant(value: number, digits: number): string {
  if (Number.isNaN(value)) return '–'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const size = Number(Math.abs(value).toPrecision(digits))
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)))
  return (value < 0 ? '−' : '') + size.toFixed(Math.min(20, decimals))
}

/** A value with SI prefix and unit, e.g. '1.99 mJy/beam'; the unit may be empty. */
export function formatSi(value: number, unit: string, digits = 3): string {
  if (!Number.isFinite(value)) return formatSignificant(value, digits)
  const rounded = Number(value.toPrecision(digits))
  // Percentages, degrees and the like take no prefix.
  const scale = unit === '' ? { exponent: 0, prefix: '' } : siScale(rounded)
  const number = formatSignificant(rounded / 10 ** scale.exponent, digits)
  const suffix = scale.prefix + unit
  return suffix === '' ? number : `${number} ${suffix}`
}

/** A tick label on a value axis: as few digits as tell the value, prefix attached ('20m', '0', '1.35'). */
export function formatTick(value: number, step: number): string {
  if (value === 0 || Math.abs(value) < Math.abs(step) * 1e-9) return '0'
  const scale = siScale(value)
  const scaled = value / 10 ** scale.exponent
  const decimals = Math.min(6, Math.max(0, Math.ceil(-Math.log10(Math.abs(step / 10 ** scale.exponent)) - 1e-9)))
  const text = Math.abs(scaled).toFixed(decimals)
  return (value < 0 ? '−' : '') + text + scale.prefix
}

/** A whole number with thin spaces between groups of three digits: 41 872. */
export function formatCount(value: number): string {
  const digits = Math.abs(Math.round(value)).toString()
  return (value < 0 ? '−' : '') + digits.replace(/\B(?=(\d{3})+$)/g, '\u2009')
}

const ANGLE_UNITS: readonly { readonly rad: number; readonly unit: string }[] = [
  { rad: Math.PI / 180, unit: '°' },
  { rad: Math.PI / 180 / 60, unit: '′' },
  { rad: Math.PI / 180 / 3600, unit: '″' },
  { rad: Math.PI / 180 / 3600e3, unit: 'mas' },
  { rad: Math.PI / 180 / 3600e6, unit: 'µas' },
]

/** The unit in which an angle is usually spoken of: the largest in which it is at least 1. */
export function angleUnit(angleRad: number): { readonly rad: number; readonly unit: string } {
  const size = Math.abs(angleRad)
  return ANGLE_UNITS.find(({ rad }) => size >= rad * (1 - 1e-9)) ?? ANGLE_UNITS[ANGLE_UNITS.length - 1]
}

/** A beam: both axes in the unit of the larger, and the position angle: '1.94 × 1.05 mas, −1°'. */
export function formatBeam(beam: RestoringBeam): string {
  const { rad, unit } = angleUnit(beam.majorRad)
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(beam.majorRad / rad)))
  const [major, minor] = [beam.majorRad, beam.minorRad].map(size => (size / rad).toFixed(decimals))
  const angleDeg = Math.round((beam.positionAngleRad * 180) / Math.PI)
  return `${major} × ${minor}${unit.length > 1 ? ' ' : ''}${unit}, ${angleDeg < 0 ? '−' : ''}${Math.abs(angleDeg)}°`
}

/** An angle in its usual unit, e.g. '1.94 mas', '12.3″'. */
export function formatAngle(angleRad: number, digits = 3): string {
  const { rad, unit } = angleUnit(angleRad)
  return `${formatSignificant(angleRad / rad, digits)}${unit.length > 1 ? ' ' : ''}${unit}`
}

/** A frequency with its prefix, e.g. '8.109 GHz'. */
export function formatFrequency(frequencyHz: number, digits = 4): string {
  return formatSi(frequencyHz, 'Hz', digits)
}
