import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import { compare, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/** Tests a uv distance in metres at the reference frequency of its spectral window. */
export type UvTest = (distanceMetres: number, referenceFrequencyHz: number) => boolean

const EXPRESSION =
  /^([<>])?\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)(?:\s*~\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?))?\s*([a-z]*)(?:\s*:\s*(\d+\.?\d*)\s*%)?$/i
const UNIT = /^([km]?)(m|lambda)$/i

/**
 * uv distances: a comma list of <1klambda, >500m, 100~900m, 0.2~1.5klambda or 300 (metres); ranges and comparisons may be
 * widened by a percentage, 500~900m:10%. (Behind a single distance CASA takes the percentage and finds nothing.)
 *
 * Wavelengths are those of the reference frequency of each spectral window; ranges include their ends.
 * @throws VisibilityError for an unknown unit or another form
 * @see Bhatnagar, "MSSelection syntax", section 5
 */
export function parseUvSelection(text: string, context: SelectionContext): UvTest {
  const tests = splitList(text, ',', context).map(part => parsePart(part, context))
  return (distance, frequency) => tests.some(test => test(distance, frequency))
}

function parsePart(part: string, context: SelectionContext): UvTest {
  const match = EXPRESSION.exec(part)
  const unit = match === null ? null : parseUnit(match[4])
  if (match === null || unit === null || (match[1] !== undefined && match[3] !== undefined)) {
    throw selectionError(
      context,
      "uv distances such as '<1klambda', '100~900m', '>500m' (units m, km, lambda, klambda, Mlambda)",
      part,
    )
  }
  const inUnit = unit.isWavelengths
    ? (distance: number, frequency: number) => ((distance / SPEED_OF_LIGHT) * frequency) / unit.scale
    : (distance: number) => distance / unit.scale
  const first = Number(match[2])
  const slack = Number(match[5] ?? 0) / 100
  if (match[1] !== undefined) {
    const test = compare(match[1], match[1] === '<' ? first * (1 + slack) : first * (1 - slack))
    return (distance, frequency) => test(inUnit(distance, frequency))
  }
  if (slack > 0 && match[3] === undefined)
    throw selectionError(context, `a range in front of the percentage, such as '${0.9 * first}~${1.1 * first}'`, part)
  const last = Number(match[3] ?? match[2])
  const low = first * (1 - slack)
  const high = last * (1 + slack)
  return (distance, frequency) => {
    const value = inUnit(distance, frequency)
    return value >= low && value <= high
  }
}

function parseUnit(text: string): { scale: number; isWavelengths: boolean } | null {
  if (text === '') return { scale: 1, isWavelengths: false }
  const match = UNIT.exec(text)
  if (match === null) return null
  const prefix = match[1].toLowerCase()
  return { scale: prefix === 'k' ? 1e3 : prefix === 'm' ? 1e6 : 1, isWavelengths: match[2].toLowerCase() === 'lambda' }
}
