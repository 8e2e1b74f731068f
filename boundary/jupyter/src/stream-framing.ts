// Messages over a stream of bytes such as a process's standard output. What remote shells print before our program
// speaks (greetings, warnings of start-up files) is passed over up to the marker; from then on the stream is
// u32 length (little-endian), that many bytes, and so on.
import { JupyterError } from './jupyter-error.ts'

/** Begins the stream in either direction; no shell prints a zero byte. */
export const STREAM_MARKER = new TextEncoder().encode('\0cleanbeam stream 1\n')

const LENGTH_BYTES = 4
/** Text before the marker that is kept for error messages. */
const MAX_NOISE_BYTES = 64 * 1024

/** A message with its length before it. */
export function frameForStream(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(LENGTH_BYTES + message.byteLength)
  new DataView(framed.buffer).setUint32(0, message.byteLength, true)
  framed.set(message, LENGTH_BYTES)
  return framed
}

/** Cuts a stream into messages, however its bytes arrive. */
export class StreamReader {
  readonly #maxMessageBytes: number
  #parts: Uint8Array[] = []
  #bytes = 0
  #started = false

  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes
  }

  /** True once the marker has come. */
  get started(): boolean {
    return this.#started
  }

  /** What came before the marker, for error messages. */
  get noise(): string {
    return this.#started ? '' : new TextDecoder().decode(this.#joined()).trim()
  }

  /**
   * Takes the next bytes.
   * @returns the messages they complete, each in memory of its own
   * @throws JupyterError for a message that is too long, or too much text before the marker
   */
  take(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    this.#parts.push(bytes)
    this.#bytes += bytes.byteLength
    if (!this.#started && !this.#findMarker()) return []
    const messages: Uint8Array<ArrayBuffer>[] = []
    for (;;) {
      const length = this.#peekLength()
      if (length === null || this.#bytes < LENGTH_BYTES + length) return messages
      this.#drop(LENGTH_BYTES)
      messages.push(this.#shift(length))
    }
  }

  #findMarker(): boolean {
    const joined = this.#joined()
    const position = indexOf(joined, STREAM_MARKER)
    if (position < 0) {
      if (joined.byteLength > MAX_NOISE_BYTES) {
        throw new JupyterError(`expected our program at the other end, got other output: ${this.noise.slice(0, 500)}`)
      }
      this.#parts = [joined]
      return false
    }
    this.#started = true
    this.#parts = [joined]
    this.#drop(position + STREAM_MARKER.byteLength)
    return true
  }

  #peekLength(): number | null {
    if (this.#bytes < LENGTH_BYTES) return null
    if (this.#parts[0].byteLength < LENGTH_BYTES) this.#parts = [this.#joined()]
    const [first] = this.#parts
    const length = new DataView(first.buffer, first.byteOffset).getUint32(0, true)
    if (length <= this.#maxMessageBytes) return length
    throw new JupyterError(`expected messages of at most ${this.#maxMessageBytes} bytes, got ${length} (stream)`)
  }

  /** The first n bytes as a copy. */
  #shift(n: number): Uint8Array<ArrayBuffer> {
    const message = new Uint8Array(n)
    let offset = 0
    while (offset < n) {
      const part = this.#parts[0].subarray(0, n - offset)
      message.set(part, offset)
      offset += part.byteLength
      this.#drop(part.byteLength)
    }
    return message
  }

  #drop(n: number): void {
    this.#bytes -= n
    let left = n
    while (left > 0) {
      const [first] = this.#parts
      if (first.byteLength > left) {
        this.#parts[0] = first.subarray(left)
        return
      }
      left -= first.byteLength
      this.#parts.shift()
    }
  }

  #joined(): Uint8Array {
    const joined = new Uint8Array(this.#bytes)
    let offset = 0
    for (const part of this.#parts) {
      joined.set(part, offset)
      offset += part.byteLength
    }
    return joined
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let i = bytes.indexOf(wanted[0]); i >= 0; i = bytes.indexOf(wanted[0], i + 1)) {
    if (wanted.every((byte, j) => bytes[i + j] === byte)) return i
  }
  return -1
}
