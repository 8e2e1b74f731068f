import type { JsonObject, JsonValue } from '@cleanbeam/types'
import type { FormParameter } from './start-client.ts'

/** What is typed into the form, by parameter; one that is missing has its default. */
export type FormTexts = Readonly<Record<string, string>>

/** The text of a value as the form shows it. */
export function valueText(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(item => valueText(item)).join(', ')
  return String(value)
}

/** Texts of parameters that are given, for the form to start from. */
export function textsOf(parameters: JsonObject): FormTexts {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, valueText(value)]))
}

/** What a typed text means for a parameter, or why it means nothing. */
export type ReadValue =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string }

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** Reads a typed text; units and combinations are checked by the server. */
export function readValue({ kind }: FormParameter, text: string): ReadValue {
  const typed = text.trim().replace(/^−/, '-')
  const items = typed.split(',').map(item => item.trim())
  const isList = items.length > 1
  switch (kind) {
    case 'boolean':
      return /^(true|false)$/i.test(typed) ? good(typed.toLowerCase() === 'true') : bad('true or false')
    case 'boolean or integer':
      return /^(true|false)$/i.test(typed) ? good(typed.toLowerCase() === 'true') : numberOf(typed, true)
    case 'integer':
      return numberOf(typed, true)
    case 'number':
      return numberOf(typed, false)
    case 'list of numbers':
      return typed === '' ? good([]) : allNumbers(items)
    case 'image size':
      return isList ? allNumbers(items) : numberOf(typed, true)
    case 'quantity':
    case 'cell size':
      if (isList) return good(items)
      return good(NUMBER.test(typed) ? Number(typed) : typed)
    case 'text or integer':
      return good(/^-?\d+$/.test(typed) ? Number(typed) : typed)
    case 'text or list of text':
      return good(isList ? items : typed)
    default:
      return good(typed)
  }
}

function good(value: JsonValue): ReadValue {
  return { ok: true, value }
}

function bad(expected: string): ReadValue {
  return { ok: false, message: `${expected} is needed` }
}

function numberOf(text: string, whole: boolean): ReadValue {
  if (!NUMBER.test(text)) return bad(whole ? 'a whole number' : 'a number')
  return whole && !Number.isInteger(Number(text)) ? bad('a whole number') : good(Number(text))
}

function allNumbers(items: readonly string[]): ReadValue {
  return items.every(item => NUMBER.test(item)) ? good(items.map(Number)) : bad('numbers separated by commas')
}

/** All parameters that differ from their defaults; the messages of those that cannot be read. */
export function readForm(
  parameters: readonly FormParameter[],
  texts: FormTexts,
): { readonly values: JsonObject; readonly messages: Readonly<Record<string, string>> } {
  const values: JsonObject = {}
  const messages: Record<string, string> = {}
  for (const parameter of parameters) {
    const text = texts[parameter.name]
    if (text === undefined || text.trim() === valueText(parameter.default)) continue
    const read = readValue(parameter, text)
    if (read.ok) values[parameter.name] = read.value
    else messages[parameter.name] = read.message
  }
  return { values, messages }
}
