// The file that `outlierfile` names: small images beside the main one, cleaned together with it.

import type { JsonValue, TcleanParameters } from '@cleanbeam/types'
import { nearestName } from './nearest-name.ts'
import { ParameterError } from './tclean-error.ts'

/** Parameters that a field may have of its own. */
export const FIELD_PARAMETERS = [
  'imagename',
  'imsize',
  'cell',
  'phasecenter',
  'startmodel',
  'specmode',
  'nchan',
  'start',
  'width',
  'nterms',
  'reffreq',
  'gridder',
  'wprojplanes',
  'deconvolver',
  'usemask',
  'mask',
  'pbmask',
] as const satisfies readonly (keyof TcleanParameters)[]

/** What the file says of one field. */
export type OutlierDefinition = Partial<Pick<TcleanParameters, (typeof FIELD_PARAMETERS)[number]>> &
  Pick<TcleanParameters, 'imagename'>

/**
 * Reads an outlier file: lines `name=value`, a new field at every `imagename`, comments after `#`. Values are written as
 * in a call of tclean; quotes around text may be left out.
 * @param path - for messages
 * @throws ParameterError naming line and fault
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (outlierfile)
 */
export function parseOutlierFile(text: string, path: string): OutlierDefinition[] {
  const fields: OutlierDefinition[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const bare = withoutComment(line).trim()
    if (bare === '') continue
    const where = `${path}, line ${index + 1}`
    const { name, value } = parseLine(bare, where)
    if (name === 'imagename') fields.push({ imagename: String(value) })
    else if (fields.length === 0) throw fault(`expected imagename=… first, got '${name}' (${where})`)
    else Object.assign(fields[fields.length - 1], { [name]: value })
  }
  if (fields.length > 0) return fields
  throw fault(`expected at least one field with an imagename, got none (${path})`)
}

/** A comment begins at a # that is not inside quotes or brackets. */
function withoutComment(line: string): string {
  let quote = ''
  let depth = 0
  for (const [at, character] of [...line].entries()) {
    if (quote) quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '[' || character === '(') depth++
    else if (character === ']' || character === ')') depth--
    else if (character === '#' && depth <= 0) return line.slice(0, at)
  }
  return line
}

function parseLine(line: string, where: string): { name: string; value: JsonValue } {
  const equals = line.indexOf('=')
  if (equals < 0) throw fault(`expected name=value, got '${line}' (${where})`)
  const name = line.slice(0, equals).trim()
  if (!(FIELD_PARAMETERS as readonly string[]).includes(name)) {
    const nearest = nearestName(name, FIELD_PARAMETERS)
    const remedy = nearest ? `did you mean '${nearest}'?` : `these can be: ${FIELD_PARAMETERS.join(', ')}`
    throw fault(`expected a parameter that a field may have of its own, got '${name}' (${where}): ${remedy}`)
  }
  return { name, value: parseValue(line.slice(equals + 1).trim()) }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const LITERALS: Readonly<Record<string, JsonValue>> = { True: true, False: false, true: true, false: false }

/** A Python literal; what is none is text. Region text begins with a shape's name, so brackets in front mean a list. */
function parseValue(text: string): JsonValue {
  if (/^(['"]).*\1$/.test(text)) return text.slice(1, -1)
  if (text in LITERALS) return LITERALS[text]
  if (NUMBER.test(text)) return Number(text)
  if (/^\[.*\]$/.test(text)) return splitList(text.slice(1, -1)).map(parseValue)
  return text
}

/** Splits at commas outside quotes and brackets. */
function splitList(text: string): string[] {
  const items: string[] = []
  let item = ''
  let quote = ''
  let depth = 0
  for (const character of text) {
    if (quote) quote = character === quote ? '' : quote
    else if (character === '"' || character === "'") quote = character
    else if (character === '[' || character === '(') depth++
    else if (character === ']' || character === ')') depth--
    if (character === ',' && depth === 0 && quote === '') {
      items.push(item.trim())
      item = ''
    } else item += character
  }
  if (item.trim() !== '') items.push(item.trim())
  return items
}

function fault(message: string): ParameterError {
  return new ParameterError(message, { parameter: 'outlierfile' })
}
