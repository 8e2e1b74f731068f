import type { ClipRange } from './clip.ts'

/** Evenly spaced round values. */
export interface LinearTicks {
  readonly step: number
  readonly values: readonly number[]
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `atLeast`. */
export function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast) + 1e-9)
  for (const factor of [1, 2, 2.5, 5]) {
    if (factor * power >= atLeast * (1 - 1e-9)) return factor * power
  }
  return 10 * power
}

/** Round values inside a range, about `count` of them, never more than `count + 1`. */
export function linearTicks(range: ClipRange, count: number): LinearTicks {
  const width = range.high - range.low
  if (!(width > 0) || !Number.isFinite(width)) return { step: 1, values: [] }
  const step = niceStep(width / Math.max(1, count))
  return { step, values: multiplesInside(step, range.low, range.high) }
}

/** Multiples of a step from low to high inclusive, each a single rounding away from exact. */
export function multiplesInside(step: number, low: number, high: number): number[] {
  const tolerance = 1e-9
  const first = Math.ceil(low / step - tolerance)
  const last = Math.floor(high / step + tolerance)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step)
}

/**
 * Powers of ten inside a range of positive numbers, thinned to about `count`; with 2 and 5 in between (3 where the
 * range is short) when there would be fewer than three.
 */
export function logTicks(low: number, high: number, count: number): number[] {
  if (!(low > 0) || !(high > low)) return []
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const inside = (value: number) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
  const every = Math.max(1, Math.ceil((last - first) / Math.max(1, count)))
  const decades: number[] = []
  for (let e = Math.ceil(first / every) * every; e <= last; e += every) decades.push(10 ** e)
  const powers = decades.filter(inside)
  if (powers.length >= 3 || every > 1) return powers
  const between: number[] = []
  for (let e = first; e <= last; e++) for (const factor of [1, 2, 5]) between.push(factor * 10 ** e)
  const fine = between.filter(inside)
  return fine.length >= 2 ? fine : [...linearTicks({ low, high }, count).values]
}

const DEGREE = Math.PI / 180
const SECOND_OF_ARC = DEGREE / 3600
const SECOND_OF_TIME = 15 * SECOND_OF_ARC

const DEGREE_STEPS = [90, 45, 30, 15, 10, 5, 2, 1]
const HOUR_STEPS = [6, 3, 2, 1]
const SIXTIETHS = [30, 20, 15, 10, 5, 2, 1]

/**
 * The smallest step that reads as a round number in degrees, arcminutes and arcseconds (or hours, minutes and seconds
 * of time) and is at least `atLeastRad`; below a second decimal 1, 2, 5.
 */
export function sexagesimalStep(atLeastRad: number, unit: 'degrees' | 'hours'): number {
  const second = unit === 'hours' ? SECOND_OF_TIME : SECOND_OF_ARC
  const whole = (unit === 'hours' ? HOUR_STEPS : DEGREE_STEPS).map(n => n * 3600 * second)
  const steps = [...whole, ...SIXTIETHS.map(n => n * 60 * second), ...SIXTIETHS.map(n => n * second)]
  const fitting = steps.filter(step => step >= atLeastRad * (1 - 1e-9))
  if (atLeastRad > 0.5 * second) return fitting.length > 0 ? fitting[fitting.length - 1] : steps[0]
  return decimalStep(atLeastRad / second) * second
}

function decimalStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast) + 1e-9)
  const factor = [1, 2, 5].find(f => f * power >= atLeast * (1 - 1e-9)) ?? 10
  return factor * power
}
