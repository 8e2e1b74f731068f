import { lookUpUnit, parseFluxJy } from '@cleanbeam/measures'
import type { UpdatableInfo } from '@cleanbeam/protocol'

/** What a typed text means for a parameter. */
export type ParsedInput =
  | { readonly ok: true; readonly value: number | string | boolean }
  | { readonly ok: false; readonly message: string }

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const WITH_UNIT = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([A-Za-zµμ/]+)$/

/** The text an input shows for a value in force: '' for a parameter that is not set. */
export function inputText(value: UpdatableInfo['value']): string {
  if (value === null) return ''
  if (typeof value === 'number') return value.toString()
  return String(value)
}

/** Reads a typed text; the message says what is expected, for the line below the input. */
export function parseInput(info: UpdatableInfo, typed: string): ParsedInput {
  const text = typed.trim().replace(/^−/, '-')
  switch (info.kind) {
    case 'boolean':
      return { ok: true, value: text === 'true' }
    case 'quantity':
      return parseWithUnit(info, text)
    case 'integer':
      if (!NUMBER.test(text)) return { ok: false, message: 'a whole number is needed' }
      if (!Number.isInteger(Number(text))) return { ok: false, message: 'whole, no decimals' }
      return withinMinimum(info, Number(text))
    case 'number':
      if (!NUMBER.test(text)) return { ok: false, message: 'a plain number is needed' }
      return withinMinimum(info, Number(text))
  }
}

function parseWithUnit(info: UpdatableInfo, text: string): ParsedInput {
  const example = info.unit === 'Jy' ? 'e.g. 2mJy' : `in ${info.unit}`
  if (NUMBER.test(text)) return withinMinimum(info, Number(text))
  const match = WITH_UNIT.exec(text)
  if (!match) return { ok: false, message: `a number with unit, ${example}` }
  const unit = match[2].replace(/^[µμ]/, 'u')
  const known = lookUpUnit(unit)
  const wanted = lookUpUnit(info.unit)
  if (!known) return { ok: false, message: `unknown unit, ${example}` }
  if (wanted && known.dimension !== wanted.dimension) {
    return { ok: false, message: `${wanted.dimension} needed, ${example}` }
  }
  const checked = withinMinimum(info, Number(match[1]))
  return checked.ok ? { ok: true, value: `${match[1]}${unit}` } : checked
}

function withinMinimum(info: UpdatableInfo, value: number): ParsedInput {
  if (!Number.isFinite(value)) return { ok: false, message: 'too large a number' }
  if (info.minimum !== null && value < info.minimum) {
    return { ok: false, message: `at least ${info.minimum.toString().replace('-', '−')}` }
  }
  return { ok: true, value }
}

/** True when both mean the same, also with other units: 0.002 and '2mJy'. */
export function meansSame(info: UpdatableInfo, a: UpdatableInfo['value'], b: UpdatableInfo['value']): boolean {
  if (a === b) return true
  if (a === null || b === null || info.kind !== 'quantity') return false
  const [x, y] = [fluxOf(a), fluxOf(b)]
  return x !== null && y !== null && Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y))
}

function fluxOf(value: string | number | boolean): number | null {
  if (typeof value === 'boolean') return null
  try {
    return parseFluxJy(value, '')
  } catch {
    return null
  }
}

/** The unit to show behind an input: that of a bare number, nothing when the text has its own. */
export function shownUnit(info: UpdatableInfo, text: string): string {
  if (info.name === 'nsigma') return 'σ'
  return info.unit !== '' && (text.trim() === '' || NUMBER.test(text.trim())) ? info.unit : ''
}
