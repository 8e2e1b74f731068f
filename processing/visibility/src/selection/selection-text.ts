import { VisibilityError } from '../visibility-error.ts'

/** Where an expression stands, for messages. */
export interface SelectionContext {
  /** Name of the parameter. */
  readonly parameter: string
  readonly path: string
}

/**
 * An error about one part of a selection.
 * @param expected - what would have been right, and the remedy
 */
export function selectionError(context: SelectionContext, expected: string, part: string): VisibilityError {
  return new VisibilityError(`expected ${expected} for ${context.parameter}, got '${part}' (${context.path})`, {
    parameter: context.parameter,
    value: part,
    path: context.path,
  })
}

/**
 * Splits at a separator, leaving "quoted" text, /regular expressions/, (parentheses) and {braces} whole; parts come trimmed.
 * @throws VisibilityError for an empty part or an unfinished quote
 */
export function splitList(text: string, separator: string, context: SelectionContext): string[] {
  const parts: string[] = []
  let part = ''
  let quote = ''
  let depth = 0
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'" || (character === '/' && /(^|[!&@])$/.test(part.trim()))) {
      quote = character
    } else if (character === '(' || character === '{') {
      depth++
    } else if (character === ')' || character === '}') {
      depth--
    } else if (character === separator && depth === 0) {
      parts.push(part.trim())
      part = ''
      continue
    }
    part += character
  }
  parts.push(part.trim())
  if (quote !== '') throw selectionError(context, `a closing ${quote}`, text)
  if (depth !== 0) throw selectionError(context, 'brackets in pairs', text)
  if (parts.some(each => each === ''))
    throw selectionError(context, `something on both sides of every '${separator}'`, text)
  return parts
}

/**
 * A test for names: /regular expression/, or text in which * and ? are wildcards as in a shell; double quotes around it are
 * dropped. Without wildcards it has to match exactly.
 * @param sets - whether [sets] of characters are wildcards, too
 * @throws VisibilityError for a regular expression that is not one
 */
export function nameTest(
  text: string,
  context: SelectionContext,
  sets: 'with sets' | 'without sets' = 'without sets',
): (name: string) => boolean {
  const isRegular = text.length > 1 && text.startsWith('/') && text.endsWith('/')
  const body = isRegular ? text.slice(1, -1) : text.replace(/^"(.*)"$/, '$1')
  try {
    const expression = new RegExp(`^(?:${isRegular ? body : globToRegular(body, sets === 'with sets')})$`)
    return name => expression.test(name)
  } catch {
    throw selectionError(context, 'a pattern or a regular expression', text)
  }
}

function globToRegular(glob: string, hasSets: boolean): string {
  const literal = glob.replace(hasSets ? /[.+^$(){}|\\]/g : /[.+^$(){}|\\[\]]/g, '\\$&')
  return literal.replace(/\*/g, '.*').replace(/\?/g, '.')
}

const NUMBER_RANGE = /^(\d+)(?:\s*~\s*(\d+))?$/
const COMPARISON = /^([<>]=?)\s*(\d+)(?:\s*&\s*([<>]=?)\s*(\d+))?$/

/**
 * A test for identifiers: 3, 2~5, >4, <3, >=2, or a window such as >2&<9.
 * @returns null when the text is none of these
 */
export function parseIdTest(text: string): ((id: number) => boolean) | null {
  const range = NUMBER_RANGE.exec(text)
  if (range !== null) {
    const first = Number(range[1])
    const last = Number(range[2] ?? range[1])
    return id => id >= first && id <= last
  }
  const comparison = COMPARISON.exec(text)
  if (comparison === null) return null
  const one = compare(comparison[1], Number(comparison[2]))
  if (comparison[3] === undefined) return one
  const other = compare(comparison[3], Number(comparison[4]))
  return id => one(id) && other(id)
}

/** A test against a bound; the operator is one of < <= > >=. */
export function compare(operator: string, bound: number): (value: number) => boolean {
  switch (operator) {
    case '<':
      return value => value < bound
    case '<=':
      return value => value <= bound
    case '>':
      return value => value > bound
    default:
      return value => value >= bound
  }
}
