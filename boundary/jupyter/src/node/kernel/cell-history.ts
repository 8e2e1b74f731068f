import type { JsonObject, JsonValue } from '@cleanbeam/types'

/** What was entered since the kernel started, for clients that ask. */
export class CellHistory {
  readonly #entries: { readonly line: number; readonly source: string }[] = []

  add(line: number, source: string): void {
    this.#entries.push({ line, source })
  }

  /**
   * Entries as [session, line, source] for a history_request.
   * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
   */
  select(request: JsonObject): JsonValue[] {
    const { hist_access_type: type, output } = request
    const n = typeof request.n === 'number' ? request.n : this.#entries.length
    const chosen =
      type === 'range'
        ? this.#range(request)
        : type === 'search'
          ? this.#search(request).slice(-n)
          : this.#entries.slice(-n)
    return chosen.map(({ line, source }) => [0, line, output === true ? [source, null] : source])
  }

  #range({ start, stop }: JsonObject) {
    const from = typeof start === 'number' ? start : 1
    const to = typeof stop === 'number' ? stop : Number.POSITIVE_INFINITY
    return this.#entries.filter(({ line }) => line >= from && line < to)
  }

  /** Patterns have * and ? as file names do. */
  #search({ pattern, unique }: JsonObject) {
    const escaped = String(pattern ?? '*').replace(/[.+^${}()|[\]\\]/g, '\\$&')
    const expression = new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's')
    const found = this.#entries.filter(({ source }) => expression.test(source))
    if (unique !== true) return found
    return found.filter(({ source }, i) => found.findLastIndex(other => other.source === source) === i)
  }
}
