// Brackets, quotes and commas of CRTF.

/** What stands between the bracket at `start` and its partner; `end` is the index after the partner. */
export interface Bracket {
  readonly content: string
  readonly end: number
}

/** The bracket opening at `start`, or null when it is not closed. Brackets inside quotes do not count. */
export function takeBracket(text: string, start: number): Bracket | null {
  let depth = 0
  for (let i = start; i < text.length; i++) {
    i = skipQuoted(text, i)
    if (text[i] === '[') depth++
    if (text[i] === ']' && --depth === 0) return { content: text.slice(start + 1, i), end: i + 1 }
  }
  return null
}

/** Splits at commas outside brackets and quotes; empty text has no parts. */
export function splitArguments(text: string): string[] {
  if (text.trim() === '') return []
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let i = 0; i < text.length; i++) {
    i = skipQuoted(text, i)
    if (text[i] === '[') depth++
    if (text[i] === ']') depth--
    if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

/** Index of the quote that closes the one at `i`, or `i` itself when there is none. */
function skipQuoted(text: string, i: number): number {
  if (text[i] !== '"') return i
  const close = text.indexOf('"', i + 1)
  return close < 0 ? i : close
}
