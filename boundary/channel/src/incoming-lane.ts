import { ChannelError } from './channel-error.ts'
import type { Packet } from './packet.ts'

/** Puts the pieces of one lane together again, each exactly once and in order. */
export class IncomingLane {
  readonly #maxMessageBytes: number
  #received = 0
  #parts: Uint8Array[] = []
  #bytes = 0

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** Pieces received so far: the number of the next one. */
  get received(): number {
    return this.#received
  }

  /**
   * Takes a piece.
   * @returns the message it completes; null when more is to come or the piece was a repetition
   * @throws ChannelError for a gap in the numbers, a piece out of place, or a message that is too long
   */
  take({ sequence, first, last, payload }: Packet): Uint8Array | null {
    if (sequence < this.#received) return null
    if (sequence > this.#received || first !== (this.#parts.length === 0)) {
      throw new ChannelError(`expected piece ${this.#received} of the lane, got ${sequence} (channel)`)
    }
    this.#bytes += payload.byteLength
    if (this.#bytes > this.#maxMessageBytes) {
      throw new ChannelError(`expected messages of at most ${this.#maxMessageBytes} bytes, got more (channel)`)
    }
    this.#received++
    this.#parts.push(payload)
    if (!last) return null
    const message = this.#parts.length === 1 ? payload : this.#joined()
    this.#parts = []
    this.#bytes = 0
    return message
  }

  #joined(): Uint8Array {
    const message = new Uint8Array(this.#bytes)
    let offset = 0
    for (const part of this.#parts) {
      message.set(part, offset)
      offset += part.byteLength
    }
    return message
  }
}
