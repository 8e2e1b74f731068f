const SECOND_OF_ARC = Math.PI / 180 / 3600
const SECOND_OF_TIME = 15 * SECOND_OF_ARC

/** An angle split for display; the seconds are rounded text, carried over properly (59.9996 → 00 of the next minute). */
export interface SexagesimalParts {
  readonly sign: '+' | '−' | ''
  readonly whole: string
  readonly minutes: string
  readonly seconds: string
}

/** Right ascension (hours, 0 … 24) or declination (degrees with sign). */
export type SexagesimalKind = 'hours' | 'degrees'

/**
 * Splits an angle.
 * @param decimals - digits after the point of the seconds
 */
export function sexagesimalParts(angleRad: number, kind: SexagesimalKind, decimals: number): SexagesimalParts {
  const turns = kind === 'hours' ? 86400 * SECOND_OF_TIME : 0
  const angle = kind === 'hours' ? ((angleRad % turns) + turns) % turns : Math.abs(angleRad)
  const unit = 10 ** decimals
  let ticks = Math.round((angle / (kind === 'hours' ? SECOND_OF_TIME : SECOND_OF_ARC)) * unit)
  if (kind === 'hours' && ticks >= 86400 * unit) ticks -= 86400 * unit
  const whole = Math.floor(ticks / (3600 * unit))
  const minutes = Math.floor((ticks - whole * 3600 * unit) / (60 * unit))
  const seconds = (ticks - (whole * 60 + minutes) * 60 * unit) / unit
  const width = decimals > 0 ? decimals + 3 : 2
  return {
    sign: kind === 'hours' ? '' : angleRad < 0 && ticks > 0 ? '−' : '+',
    whole: whole.toString().padStart(2, '0'),
    minutes: minutes.toString().padStart(2, '0'),
    seconds: seconds.toFixed(decimals).padStart(width, '0'),
  }
}

/** '12:30:49.42302' or '+12:23:28.0452': for readouts and copying. */
export function formatColons(angleRad: number, kind: SexagesimalKind, decimals: number): string {
  const parts = sexagesimalParts(angleRad, kind, decimals)
  return `${parts.sign}${parts.whole}:${parts.minutes}:${parts.seconds}`
}

/** Decimals of the seconds with which a step (or a pixel) is resolved to a tenth. */
export function decimalsFor(stepRad: number, kind: SexagesimalKind): number {
  const step = stepRad / (kind === 'hours' ? SECOND_OF_TIME : SECOND_OF_ARC)
  return Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-6)))
}

/** Labels of the ticks of one axis, with what they have in common set apart so that it is read once. */
export interface AxisLabels {
  /** '12ʰ30ᵐ' or '+12°23′'; empty when nothing is common. */
  readonly prefix: string
  /** '49.4230ˢ', '28.044″' …, one per tick. */
  readonly labels: readonly string[]
}

/**
 * Labels of ticks along one axis.
 * @param anglesRad - tick values in order along the axis
 * @param stepRad - distance of neighbouring ticks; sets the digits
 */
export function axisLabels(anglesRad: readonly number[], stepRad: number, kind: SexagesimalKind): AxisLabels {
  if (anglesRad.length === 0) return { prefix: '', labels: [] }
  const parts = anglesRad.map(angle => sexagesimalParts(angle, kind, decimalsFor(stepRad, kind)))
  const last = lastPart(stepRad, kind)
  const differs = (pick: (p: SexagesimalParts) => string) => parts.some(p => pick(p) !== pick(parts[0]))
  const first = Math.min(last, differs(p => p.sign + p.whole) ? 0 : differs(p => p.minutes) ? 1 : 2)
  const pieces = parts.map(p => markedPieces(p, kind))
  return {
    prefix: pieces[0].slice(0, first).join(''),
    labels: pieces.map(piece => piece.slice(first, last + 1).join('')),
  }
}

/** 0 when whole hours or degrees are enough for multiples of the step, 1 for minutes, 2 for seconds. */
function lastPart(stepRad: number, kind: SexagesimalKind): number {
  const step = stepRad / (kind === 'hours' ? SECOND_OF_TIME : SECOND_OF_ARC)
  const isMultipleOf = (seconds: number) => Math.abs(step / seconds - Math.round(step / seconds)) < 1e-6
  if (step > 3599 && isMultipleOf(3600)) return 0
  return step > 59 && isMultipleOf(60) ? 1 : 2
}

function markedPieces(parts: SexagesimalParts, kind: SexagesimalKind): string[] {
  const marks = kind === 'hours' ? ['ʰ', 'ᵐ', 'ˢ'] : ['°', '′', '″']
  return [parts.sign + parts.whole + marks[0], parts.minutes + marks[1], parts.seconds + marks[2]]
}
