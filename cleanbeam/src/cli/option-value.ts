// Text of an option into the value the parameter takes. What cannot be converted stays text, so that the parameter
// check refuses it with the name and what was expected.

import type { ParameterDescription } from '@cleanbeam/tclean'
import type { JsonValue } from '@cleanbeam/types'

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, True: true, false: false, False: false }

/**
 * The value that an option's text stands for: lists as JSON or with commas, true/false as in Python or JSON.
 * A bare number is accepted as threshold (Jy) but stays text as cell, which needs its unit.
 */
export function optionValue(parameter: Pick<ParameterDescription, 'kind'>, text: string): JsonValue {
  switch (parameter.kind) {
    case 'integer':
    case 'number':
    case 'quantity':
      return numberOrText(text)
    case 'boolean':
      return BOOLEANS[text] ?? text
    case 'boolean or integer':
      return BOOLEANS[text] ?? numberOrText(text)
    case 'text or integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : text
    case 'image size':
      return text.includes(',') || text.startsWith('[') ? listOf(text, numberOrText) : numberOrText(text)
    case 'list of numbers':
      return text === '' ? [] : listOf(text, numberOrText)
    case 'cell size':
    case 'text or list of text':
      return text.includes(',') || text.startsWith('[') ? listOf(text, item => item) : text
    case 'mask':
      return BOOLEANS[text] ?? (text.startsWith('[') ? listOf(text, item => item) : text)
    default:
      return text
  }
}

function numberOrText(text: string): number | string {
  return NUMBER.test(text.trim()) ? Number(text) : text
}

function listOf(text: string, convert: (item: string) => JsonValue): JsonValue {
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text) as JsonValue
    } catch {
      return text
    }
  }
  return text.split(',').map(item => convert(item.trim()))
}
