/**
 * Answers already given, by request id, for requests that are sent again after a channel began afresh. Bounded: the
 * oldest are forgotten first.
 */
export class AnswerMemory {
  readonly #maxBytes: number
  readonly #answers = new Map<number, Uint8Array>()
  #bytes = 0

  constructor(maxBytes = 32 * 1024 * 1024) {
    this.#maxBytes = maxBytes
  }

  keep(id: number, answer: Uint8Array): void {
    this.#answers.set(id, answer)
    this.#bytes += answer.byteLength
    for (const [oldId, old] of this.#answers) {
      if (this.#bytes <= this.#maxBytes) break
      this.#answers.delete(oldId)
      this.#bytes -= old.byteLength
    }
  }

  get(id: number): Uint8Array | undefined {
    return this.#answers.get(id)
  }
}
