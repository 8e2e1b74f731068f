import type { Antenna } from '@cleanbeam/types'
import { compare, nameTest, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/** Tests a baseline by its antenna ids. */
export type BaselineTest = (antenna1: number, antenna2: number) => boolean

/**
 * Baselines: a list, separated by semicolons, of
 * A (all cross-correlations with A), A& (among A), A&B (between A and B), A&&B (also autocorrelations), A&&& (only
 * autocorrelations), or lengths >1km, <300m, 0.1~0.5km; `!` in front excludes. A and B are comma lists of names, patterns
 * (* ? [ ]), ids, ranges 1~5, name@station, @station or (a,b)@(s,t).
 *
 * Numbers, also those of a range, are tried as names first and as ids then. Specifications act in the order written; when the first one excludes,
 * it excludes from everything.
 * @throws VisibilityError naming an antenna the observation does not have
 * @see Bhatnagar, "MSSelection syntax", section 3
 */
export function parseAntennaSelection(
  text: string,
  antennas: readonly Antenna[],
  context: SelectionContext,
): BaselineTest {
  let test: BaselineTest | null = null
  for (const part of splitList(text, ';', context)) {
    const excludes = part.startsWith('!')
    const baselines = parseBaselines(excludes ? part.slice(1).trim() : part, antennas, context)
    test = combine(test, baselines, excludes)
  }
  return test ?? (() => true)
}

function combine(before: BaselineTest | null, next: BaselineTest, excludes: boolean): BaselineTest {
  if (excludes) return before === null ? (a, b) => !next(a, b) : (a, b) => before(a, b) && !next(a, b)
  return before === null ? next : (a, b) => before(a, b) || next(a, b)
}

const LENGTH = String.raw`(\d+\.?\d*|\.\d+)\s*([km]?m)?`
const LENGTHS = new RegExp(String.raw`^(?:([<>]=?)\s*${LENGTH}|${LENGTH}\s*~\s*${LENGTH})$`, 'i')

/** Lengths of baselines; null when the text gives none (whole numbers without a unit are antennas). */
function parseLengths(part: string, antennas: readonly Antenna[]): BaselineTest | null {
  const match = LENGTHS.exec(part)
  if (match === null) return null
  const length = (a: number, b: number) => {
    const [p, q] = [antennas[a].positionMetres, antennas[b].positionMetres]
    return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])
  }
  const [, operator, bound, boundUnit, first, firstUnit, last, lastUnit] = match
  if (operator !== undefined) {
    const test = compare(operator, metres(bound, boundUnit))
    return (a, b) => a !== b && test(length(a, b))
  }
  if (firstUnit === undefined && !first.includes('.')) return null
  const low = metres(first, firstUnit ?? lastUnit)
  const high = metres(last, lastUnit ?? firstUnit)
  return (a, b) => a !== b && length(a, b) >= low && length(a, b) <= high
}

function metres(number: string, unit: string | undefined): number {
  const scale = unit?.toLowerCase() === 'km' ? 1e3 : unit?.toLowerCase() === 'mm' ? 1e-3 : 1
  return Number(number) * scale
}

function parseBaselines(part: string, antennas: readonly Antenna[], context: SelectionContext): BaselineTest {
  const lengths = parseLengths(part, antennas)
  if (lengths !== null) return lengths
  const ampersands = /&{1,3}/.exec(part)
  if (ampersands === null) {
    const any = parseAntennas(part, antennas, context)
    return (a, b) => a !== b && (any.has(a) || any.has(b))
  }
  const left = part.slice(0, ampersands.index).trim()
  const right = part.slice(ampersands.index + ampersands[0].length).trim()
  const first = parseAntennas(left, antennas, context)
  const second = right === '' ? first : parseAntennas(right, antennas, context)
  if (ampersands[0] === '&&&') return (a, b) => a === b && first.has(a) && second.has(a)
  const withAutocorrelations = ampersands[0] === '&&'
  return (a, b) =>
    (a !== b || withAutocorrelations) && ((first.has(a) && second.has(b)) || (first.has(b) && second.has(a)))
}

function parseAntennas(text: string, antennas: readonly Antenna[], context: SelectionContext): ReadonlySet<number> {
  const selected = new Set<number>()
  for (const part of splitList(text, ',', context)) {
    const found = matchAntennas(part, antennas, context)
    if (found.length === 0) {
      const known = antennas.map(antenna => antenna.name).join(', ')
      throw selectionError(context, `one of the antennas ${known}`, part)
    }
    for (const antenna of found) selected.add(antenna.id)
  }
  return selected
}

function matchAntennas(part: string, antennas: readonly Antenna[], context: SelectionContext): readonly Antenna[] {
  const at = part.indexOf('@')
  if (at < 0) return matchOne(part, antennas, context)
  const names = members(part.slice(0, at), context)
  const stations = members(part.slice(at + 1), context)
  const onStation = antennas.filter(antenna =>
    stations.some(station => nameTest(station, context, 'with sets')(antenna.station)),
  )
  return names.length === 0 ? onStation : names.flatMap(name => matchOne(name, onStation, context))
}

/** Members of `(a, b)` or of a single name; none for ''. */
function members(text: string, context: SelectionContext): string[] {
  const clean = text.trim().replace(/^\((.*)\)$/, '$1')
  return clean === '' ? [] : splitList(clean, ',', context)
}

function matchOne(part: string, antennas: readonly Antenna[], context: SelectionContext): readonly Antenna[] {
  const range = /^(\d+)\s*(?:~\s*(\d+))?$/.exec(part)
  if (range !== null) return range[2] === undefined ? numbered(part, antennas) : inRange(range[1], range[2], antennas)
  const isName = nameTest(part.replace(/^'(.*)'$/, '$1'), context, 'with sets')
  const byName = antennas.filter(antenna => isName(antenna.name))
  return byName.length > 0 ? byName : antennas.filter(antenna => isName(antenna.station))
}

function inRange(first: string, last: string, antennas: readonly Antenna[]): readonly Antenna[] {
  // Beyond the number of antennas only names can be meant; a range of all numbers must not take for ever.
  const numbers = antennas.map(each => each.id).concat(antennas.map(each => Number(each.name)))
  const wanted = new Set(numbers.filter(number => number >= Number(first) && number <= Number(last)))
  return [...wanted].flatMap(number => numbered(String(number), antennas))
}

/** Antennas of a number: by name, else by id. */
function numbered(number: string, antennas: readonly Antenna[]): readonly Antenna[] {
  const byName = antennas.filter(each => each.name === number)
  return byName.length > 0 ? byName : antennas.filter(each => each.id === Number(number))
}
