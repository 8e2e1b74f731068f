import { FitsError } from './fits-error.ts'

/** Value of a header keyword; null for a keyword without a value. */
export type FitsValue = string | number | boolean | null

/** One header record. COMMENT, HISTORY and blank records have their text in `comment` and the value null. */
export interface FitsCard {
  readonly keyword: string
  readonly value: FitsValue
  readonly comment: string
  /** True when a number is to be written as a real even if it is whole (CRPIX1 = 256.0). */
  readonly real?: boolean
}

export const CARD_BYTES = 80
const COMMENTARY = new Set(['COMMENT', 'HISTORY', ''])

/** True for records that carry text and no value. */
export function isCommentary(keyword: string): boolean {
  return COMMENTARY.has(keyword)
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[EeDd][+-]?\d+)?$/

/**
 * Parses one 80-character record (FITS standard 4.0, section 4).
 * @param where - for messages, such as "m87.uvfits, HDU 0, card 12"
 * @throws FitsError when the value can be read as neither string, number nor logical
 */
export function parseCard(text: string, where: string): FitsCard {
  if (text.startsWith('HIERARCH ') && text.includes('=')) {
    const equals = text.indexOf('=')
    return { keyword: text.slice(9, equals).trim(), ...parseValueField(text.slice(equals + 1), where) }
  }
  const keyword = text.slice(0, 8).trimEnd()
  if (keyword === 'CONTINUE') return { keyword, ...parseValueField(text.slice(8), where) }
  if (isCommentary(keyword) || text.slice(8, 10) !== '= ') {
    return { keyword, value: null, comment: text.slice(8).trimEnd() }
  }
  return { keyword, ...parseValueField(text.slice(10), where, keyword) }
}

function parseValueField(field: string, where: string, keyword = ''): { value: FitsValue; comment: string } {
  const start = field.search(/\S/)
  if (start < 0) return { value: null, comment: '' }
  if (field[start] === "'") return parseString(field, start, where)
  const slash = field.indexOf('/')
  const literal = (slash < 0 ? field : field.slice(0, slash)).trim()
  const comment = slash < 0 ? '' : field.slice(slash + 1).trim()
  if (literal === '') return { value: null, comment }
  if (literal === 'T' || literal === 'F') return { value: literal === 'T', comment }
  if (NUMBER.test(literal)) return { value: Number(literal.replace(/[dD]/, 'E')), comment }
  // Some writers leave text unquoted or complex numbers "(a, b)"; the text is kept for whoever wants it.
  if (/^[\x20-\x7e]*$/.test(literal)) return { value: literal, comment }
  throw new FitsError(
    `expected a value for ${keyword || 'a keyword'}, got bytes that are not text (${where}): the header is damaged`,
    {
      keyword,
      where,
    },
  )
}

function parseString(field: string, start: number, where: string): { value: string; comment: string } {
  let value = ''
  for (let i = start + 1; i < field.length; i++) {
    if (field[i] !== "'") {
      value += field[i]
    } else if (field[i + 1] === "'") {
      value += "'"
      i++
    } else {
      const slash = field.indexOf('/', i)
      return { value: value.trimEnd(), comment: slash < 0 ? '' : field.slice(slash + 1).trim() }
    }
  }
  throw new FitsError(`expected a closing quote, got '${value.trimEnd()}' (${where}): the header is damaged`, { where })
}

/**
 * Formats a card as one or more 80-character records; a long string goes on in CONTINUE records.
 * @throws FitsError for a keyword over 8 characters, a value that is not finite, or text that is not ASCII
 */
export function formatCard(card: FitsCard): string[] {
  const { keyword, value } = card
  if (!/^[A-Z0-9_-]{0,8}$/.test(keyword)) {
    throw new FitsError(
      `expected a keyword of at most 8 characters of A-Z, 0-9, - and _, got '${keyword}' (FITS header to be written)`,
      { keyword },
    )
  }
  const comment = toAscii(card.comment)
  if (isCommentary(keyword)) return wrapText(keyword, comment)
  if (value === null)
    return [`${keyword.padEnd(8)}=${comment ? ` / ${comment}` : ''}`.slice(0, CARD_BYTES).padEnd(CARD_BYTES)]
  if (typeof value === 'string') return formatString(keyword, value, comment)
  const literal = typeof value === 'boolean' ? (value ? 'T' : 'F') : formatNumber(keyword, value, card.real === true)
  const line = `${keyword.padEnd(8)}= ${literal.padStart(20)}${comment ? ` / ${comment}` : ''}`
  return [line.slice(0, CARD_BYTES).padEnd(CARD_BYTES)]
}

function formatNumber(keyword: string, value: number, real: boolean): string {
  if (!Number.isFinite(value)) {
    throw new FitsError(`expected a finite number for ${keyword}, got ${value} (FITS header to be written)`, {
      keyword,
    })
  }
  const isWhole = Number.isInteger(value) && Math.abs(value) < 1e15
  if (isWhole) return real ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value)
  return String(value).toUpperCase()
}

function formatString(keyword: string, value: string, comment: string): string[] {
  const quoted = toAscii(value).replaceAll("'", "''")
  if (quoted.length <= 68) {
    const literal = `'${quoted.padEnd(8)}'`
    const line = `${keyword.padEnd(8)}= ${literal.padEnd(20)}${comment ? ` / ${comment}` : ''}`
    return [line.slice(0, CARD_BYTES).padEnd(CARD_BYTES)]
  }
  const lines: string[] = []
  for (let rest = quoted, first = true; rest.length > 0 || first; first = false) {
    let take = Math.min(67, rest.length)
    // A doubled quote must not be cut in two.
    const quotesBefore = rest.slice(0, take).length - rest.slice(0, take).replace(/'+$/, '').length
    if (take < rest.length && quotesBefore % 2 === 1) take--
    const more = take < rest.length
    lines.push(
      `${first ? `${keyword.padEnd(8)}= ` : 'CONTINUE  '}'${rest.slice(0, take)}${more ? '&' : ''}'`.padEnd(CARD_BYTES),
    )
    rest = rest.slice(take)
  }
  return lines
}

function wrapText(keyword: string, text: string): string[] {
  const lines: string[] = []
  for (let i = 0; i === 0 || i < text.length; i += 72) {
    lines.push((keyword.padEnd(8) + text.slice(i, i + 72)).padEnd(CARD_BYTES))
  }
  return lines
}

function toAscii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
