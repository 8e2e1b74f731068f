import { ChannelError } from './channel-error.ts'

/** A piece of a message; kept until the other side has acknowledged it. */
export interface Piece {
  readonly sequence: number
  readonly first: boolean
  readonly last: boolean
  readonly payload: Uint8Array
}

export interface LaneLimits {
  /** Longer messages travel in pieces of this many bytes. */
  readonly pieceBytes: number
  /** At most this many bytes are under way unacknowledged; the rest waits here, where control can overtake data. */
  readonly windowBytes: number
  /** With more bytes than this in queue the other side has been away too long: nothing more is taken. */
  readonly bufferBytes: number
}

/**
 * What one lane still has to deliver: a queue of pieces, those under way first. Acknowledged pieces leave at the front.
 */
export class OutgoingLane {
  readonly #limits: LaneLimits
  #pieces: Piece[] = []
  /** Pieces acknowledged so far = sequence number of the first piece in the queue. */
  #acknowledged = 0
  /** Pieces at the front of the queue that are under way on the present link. */
  #nUnderWay = 0
  #bytesUnderWay = 0
  #bytesQueued = 0

  constructor(limits: LaneLimits) {
    this.#limits = limits
  }

  /** Bytes not acknowledged yet, under way or waiting. */
  get bytesQueued(): number {
    return this.#bytesQueued
  }

  /** True while something under way has not been acknowledged. */
  get expecting(): boolean {
    return this.#nUnderWay > 0
  }

  get full(): boolean {
    return this.#bytesQueued > this.#limits.bufferBytes
  }

  push(message: Uint8Array): void {
    const { pieceBytes } = this.#limits
    for (let start = 0; start === 0 || start < message.byteLength; start += pieceBytes) {
      const payload = message.subarray(start, start + pieceBytes)
      const sequence = this.#acknowledged + this.#pieces.length
      this.#pieces.push({ sequence, first: start === 0, last: start + pieceBytes >= message.byteLength, payload })
      this.#bytesQueued += payload.byteLength
    }
  }

  /** The next piece the window lets go, now under way; null when there is none. */
  take(): Piece | null {
    const piece = this.#pieces[this.#nUnderWay]
    if (piece === undefined) return null
    const { byteLength } = piece.payload
    if (this.#bytesUnderWay > 0 && this.#bytesUnderWay + byteLength > this.#limits.windowBytes) return null
    this.#nUnderWay++
    this.#bytesUnderWay += byteLength
    return piece
  }

  /**
   * Lets go of all pieces before number `received`.
   * @returns whether there were any
   * @throws ChannelError when that many have not been sent
   */
  acknowledge(received: number): boolean {
    const n = received - this.#acknowledged
    if (n <= 0) return false
    if (n > this.#nUnderWay) {
      throw new ChannelError(`expected at most ${this.#acknowledged + this.#nUnderWay} acknowledged, got ${received}`)
    }
    for (const { payload } of this.#pieces.splice(0, n)) {
      this.#bytesQueued -= payload.byteLength
      this.#bytesUnderWay -= payload.byteLength
    }
    this.#nUnderWay -= n
    this.#acknowledged = received
    return true
  }

  /** Whether the other side may have received so many pieces: not less than it acknowledged, not more than were sent. */
  fits(received: number): boolean {
    return received >= this.#acknowledged && received <= this.#acknowledged + this.#pieces.length
  }

  /** A new link: what the other side has received is settled, everything else goes again. */
  rewind(received: number): void {
    this.#nUnderWay = this.#pieces.length
    this.acknowledge(received)
    this.#nUnderWay = 0
    this.#bytesUnderWay = 0
  }
}
