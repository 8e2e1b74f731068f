import { CARD_BYTES, type FitsCard, type FitsValue, formatCard, isCommentary, parseCard } from './card.ts'
import { FitsError } from './fits-error.ts'

export const BLOCK_BYTES = 2880

/** The cards of one header in order, with typed access by keyword. Repeated keywords: the first one counts. */
export class FitsHeader {
  /** For messages: file and HDU. */
  readonly where: string
  readonly #cards: FitsCard[]
  readonly #index = new Map<string, number>()

  constructor(cards: readonly FitsCard[] = [], where = 'header') {
    this.where = where
    this.#cards = [...cards]
    this.#cards.forEach((card, i) => {
      if (!isCommentary(card.keyword) && !this.#index.has(card.keyword)) this.#index.set(card.keyword, i)
    })
  }

  cards(): readonly FitsCard[] {
    return this.#cards
  }

  has(keyword: string): boolean {
    return this.#index.has(keyword)
  }

  /** The value as parsed, undefined when the keyword is absent. */
  get(keyword: string): FitsValue | undefined {
    const i = this.#index.get(keyword)
    return i === undefined ? undefined : this.#cards[i].value
  }

  comment(keyword: string): string {
    const i = this.#index.get(keyword)
    return i === undefined ? '' : this.#cards[i].comment
  }

  /**
   * @param fallback - used when the keyword is absent; without it the keyword is required
   * @throws FitsError when the keyword is missing or holds something else than a number
   */
  number(keyword: string, fallback?: number): number {
    return this.#typed(keyword, 'number', fallback)
  }

  /**
   * A whole number that a double holds exactly.
   * @throws FitsError
   */
  integer(keyword: string, fallback?: number): number {
    const value = this.number(keyword, fallback)
    if (Number.isSafeInteger(value)) return value
    throw this.#mismatch(keyword, 'a whole number', String(value))
  }

  /** @throws FitsError when the keyword is missing or not a string */
  string(keyword: string, fallback?: string): string {
    return this.#typed(keyword, 'string', fallback)
  }

  /** @throws FitsError when the keyword is missing or not a logical */
  boolean(keyword: string, fallback?: boolean): boolean {
    return this.#typed(keyword, 'boolean', fallback)
  }

  /** Texts of the HISTORY cards, oldest first. */
  history(): string[] {
    return this.#cards.filter(card => card.keyword === 'HISTORY').map(card => card.comment)
  }

  /** Replaces the card or appends it; a whole number is written as an integer. */
  set(keyword: string, value: FitsValue, comment = ''): this {
    return this.#put({ keyword, value, comment })
  }

  /** As `set`, but a whole number is written with a decimal point. */
  setReal(keyword: string, value: number, comment = ''): this {
    return this.#put({ keyword, value, comment, real: true })
  }

  addHistory(text: string): this {
    for (const line of text.split('\n')) this.#cards.push({ keyword: 'HISTORY', value: null, comment: line })
    return this
  }

  addComment(text: string): this {
    for (const line of text.split('\n')) this.#cards.push({ keyword: 'COMMENT', value: null, comment: line })
    return this
  }

  /** The header as FITS bytes: END appended, padded to a multiple of 2880. */
  encode(): Uint8Array<ArrayBuffer> {
    const lines = this.#cards.flatMap(formatCard)
    lines.push('END'.padEnd(CARD_BYTES))
    const length = Math.ceil((lines.length * CARD_BYTES) / BLOCK_BYTES) * BLOCK_BYTES
    return new TextEncoder().encode(lines.join('').padEnd(length))
  }

  #put(card: FitsCard): this {
    const i = this.#index.get(card.keyword)
    if (i === undefined) this.#index.set(card.keyword, this.#cards.push(card) - 1)
    else this.#cards[i] = { ...card, comment: card.comment || this.#cards[i].comment }
    return this
  }

  #typed<T extends string | number | boolean>(keyword: string, type: string, fallback: T | undefined): T {
    const value = this.get(keyword)
    if (value === undefined || value === null) {
      if (fallback !== undefined) return fallback
      throw this.#mismatch(keyword, `a ${type}`, 'nothing')
    }
    if (typeof value !== type) throw this.#mismatch(keyword, `a ${type}`, JSON.stringify(value))
    return value as T
  }

  #mismatch(keyword: string, expected: string, got: string): FitsError {
    return new FitsError(
      `expected ${expected} for ${keyword}, got ${got} (${this.where}): the header is damaged or not of the kind expected`,
      { keyword, where: this.where },
    )
  }
}

/**
 * Parses the cards of a header whose END has been found.
 * @param bytes - the header's bytes up to END
 */
export function parseHeader(bytes: Uint8Array, where: string): FitsHeader {
  const text = new TextDecoder('latin1').decode(bytes)
  const cards: FitsCard[] = []
  for (let offset = 0; offset + CARD_BYTES <= text.length; offset += CARD_BYTES) {
    const line = text.slice(offset, offset + CARD_BYTES)
    if (line.startsWith('END') && line.slice(3).trim() === '') break
    const card = parseCard(line, `${where}, card ${cards.length + 1}`)
    const previous = cards.at(-1)
    if (card.keyword === 'CONTINUE' && typeof card.value === 'string' && isContinued(previous)) {
      cards[cards.length - 1] = { ...previous, value: previous.value.slice(0, -1) + card.value }
    } else {
      cards.push(card)
    }
  }
  return new FitsHeader(cards, where)
}

function isContinued(card: FitsCard | undefined): card is FitsCard & { value: string } {
  return typeof card?.value === 'string' && card.value.endsWith('&')
}
