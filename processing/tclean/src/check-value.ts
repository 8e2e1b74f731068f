import type { ParameterDescription, ParameterKind } from './parameters.ts'
import { ParameterError } from './tclean-error.ts'

const isFiniteNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isText = (value: unknown): value is string => typeof value === 'string'
const isListOf = (value: unknown, test: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(test)

const ACCEPTS: Readonly<Record<ParameterKind, (value: unknown) => boolean>> = {
  text: isText,
  'text or list of text': value => isText(value) || isListOf(value, isText),
  integer: value => Number.isInteger(value),
  number: isFiniteNumber,
  boolean: value => typeof value === 'boolean',
  'boolean or integer': value => typeof value === 'boolean' || Number.isInteger(value),
  quantity: value => isText(value) || isFiniteNumber(value),
  'list of numbers': value => isListOf(value, isFiniteNumber),
  'image size': value => isFiniteNumber(value) || isListOf(value, isFiniteNumber),
  'cell size': value => isText(value) || isFiniteNumber(value) || isListOf(value, v => isText(v) || isFiniteNumber(v)),
  'text or integer': value => isText(value) || Number.isInteger(value),
  mask: value => isText(value) || typeof value === 'boolean' || isListOf(value, isText),
}

const EXPECTED: Readonly<Record<ParameterKind, string>> = {
  text: 'text',
  'text or list of text': 'text or a list of text',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  'boolean or integer': 'true, false or an integer',
  quantity: 'a number or text with a unit',
  'list of numbers': 'a list of numbers',
  'image size': 'a number of pixels or a list of two',
  'cell size': "an angle such as '0.1arcsec' or a list of two",
  'text or integer': 'text or an integer',
  mask: 'region text, a file name, a list of them, or true or false',
}

/** A value as messages show it: text in quotes, lists in brackets. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number') return String(value)
  return JSON.stringify(value) ?? String(value)
}

/**
 * Checks one value against its row of the parameter table.
 * @throws ParameterError for a wrong type, a value outside the range or the list, or one that is not supported yet
 */
export function checkValue(description: ParameterDescription, value: unknown): void {
  const { name, kind, minimum, maximum } = description
  if (!ACCEPTS[kind](value)) refuse(name, value, EXPECTED[kind])
  if (typeof value === 'number') {
    if (minimum !== undefined && value < minimum) refuse(name, value, `${EXPECTED[kind]}, at least ${minimum}`)
    if (maximum !== undefined && value > maximum) refuse(name, value, `${EXPECTED[kind]}, at most ${maximum}`)
  }
  if (typeof value === 'string') checkChoice(description, value)
}

function checkChoice({ name, choices, supported }: ParameterDescription, value: string): void {
  if (!choices) return
  if (!choices.includes(value)) refuse(name, value, `one of ${choices.map(showValue).join(', ')}`)
  if (!supported || supported.includes(value)) return
  throw new ParameterError(
    `expected ${name} ${supported.map(showValue).join(' or ')}, got ${showValue(value)} (CASA knows it, this engine does not yet)`,
    { parameter: name, value },
  )
}

function refuse(name: string, value: unknown, expected: string): never {
  throw new ParameterError(`expected ${expected} for ${name}, got ${showValue(value)}`, {
    parameter: name,
    value: showValue(value),
  })
}
