import type { LogLine } from '@cleanbeam/protocol'

/** Lines kept for pages that come later; earlier ones are dropped, their numbers stay. */
const MAX_LINES = 10_000

/** What the user reads about the course of the session. */
export class SessionLog {
  readonly #onLine: (line: LogLine) => void
  #lines: LogLine[] = []
  #nextIndex = 0

  constructor(onLine: (line: LogLine) => void) {
    this.#onLine = onLine
  }

  get lines(): LogLine[] {
    return [...this.#lines]
  }

  add(level: LogLine['level'], text: string): void {
    const line = { index: this.#nextIndex++, timeMs: Date.now(), level, text }
    this.#lines.push(line)
    if (this.#lines.length > MAX_LINES) this.#lines.shift()
    this.#onLine(line)
  }
}
