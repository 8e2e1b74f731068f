import { MathError } from '../math-error.ts'
import { type WasmMemory, webAssembly } from './web-assembly.ts'

const PAGE_BYTES = 65536
const ALIGNMENT = 64
/** Everything below is the kernels' own: their constants and the pool's control words. */
const RESERVED_BYTES = PAGE_BYTES

interface Block {
  start: number
  end: number
}

type ArenaArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array

/**
 * Hands out pieces of one shared WebAssembly memory.
 *
 * Arrays from an arena are ordinary typed arrays whose `byteOffset` is the address kernels see; they stay valid when the
 * memory grows. Contents are not cleared. First fit over a list of free blocks; freed neighbours merge. Freeing is by
 * the array itself; using it afterwards is an error nobody notices.
 *
 * *Limit:* a 32-bit WebAssembly memory ends at 4 GiB.
 */
export class MemoryArena {
  readonly memory: WasmMemory
  readonly maximumBytes: number
  readonly #free: Block[] = []
  readonly #used = new Map<number, number>()
  readonly #buffers = new Set<ArrayBufferLike>()
  #end: number
  #usedBytes = 0
  #peakBytes = 0

  /**
   * @param maximumBytes - refuse to allocate beyond; at most (and by default) 4 GiB
   * @throws MathError when `maximumBytes` is not between 1 MiB and 4 GiB
   */
  constructor(maximumBytes = 65536 * PAGE_BYTES) {
    if (!(maximumBytes >= 1 << 20 && maximumBytes <= 65536 * PAGE_BYTES)) {
      throw new MathError(`expected a memory limit between 1 MiB and 4 GiB, got ${maximumBytes} bytes`, {
        maximumBytes,
      })
    }
    this.maximumBytes = maximumBytes
    this.memory = new webAssembly.Memory({ initial: 2, maximum: 65536, shared: true })
    this.#end = RESERVED_BYTES
  }

  /** Bytes handed out at present. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** The largest `usedBytes` so far. */
  get peakBytes(): number {
    return this.#peakBytes
  }

  /** Bytes that can still be handed out (in pieces; the largest single piece may be smaller). */
  get availableBytes(): number {
    return this.maximumBytes - RESERVED_BYTES - this.#usedBytes
  }

  /** A new array of `length` numbers, contents undefined; 64-byte aligned. */
  float32(length: number): Float32Array {
    return new Float32Array(this.#view(length * 4), this.#take(length * 4), length)
  }

  /** A new array of `length` numbers, contents undefined; 64-byte aligned. */
  float64(length: number): Float64Array {
    return new Float64Array(this.#view(length * 8), this.#take(length * 8), length)
  }

  /** A new array of `length` numbers, contents undefined; 64-byte aligned. */
  int32(length: number): Int32Array {
    return new Int32Array(this.#view(length * 4), this.#take(length * 4), length)
  }

  /** A new array of `length` numbers, contents undefined; 64-byte aligned. */
  uint8(length: number): Uint8Array {
    return new Uint8Array(this.#view(length), this.#take(length), length)
  }

  /** Whether the array lies in this memory. */
  holds(array: ArenaArray): boolean {
    return this.#buffers.has(array.buffer)
  }

  /** Gives the array's memory back. @throws MathError when the arena did not hand it out or already has it back */
  free(array: ArenaArray): void {
    const start = array.byteOffset
    const bytes = this.holds(array) ? this.#used.get(start) : undefined
    if (bytes === undefined) {
      throw new MathError(`expected an array handed out by this arena, got one at ${start}`, { start })
    }
    this.#used.delete(start)
    this.#usedBytes -= bytes
    this.#release({ start, end: start + bytes })
  }

  #release(block: Block): void {
    let at = this.#free.findIndex(other => other.start > block.start)
    if (at < 0) at = this.#free.length
    this.#free.splice(at, 0, block)
    const next = this.#free[at + 1]
    if (next !== undefined && next.start === block.end) {
      block.end = next.end
      this.#free.splice(at + 1, 1)
    }
    const previous = this.#free[at - 1]
    if (previous !== undefined && previous.end === block.start) {
      previous.end = block.end
      this.#free.splice(at, 1)
    }
    const last = this.#free[this.#free.length - 1]
    if (last !== undefined && last.end === this.#end) {
      this.#end = last.start
      this.#free.pop()
    }
  }

  /** Makes room for the piece that `#take` is about to hand out; separate so that the view is of the grown memory. */
  #view(bytes: number): ArrayBufferLike {
    const size = padded(bytes)
    if (!this.#free.some(block => block.end - block.start >= size)) {
      const end = this.#end + size
      if (end > this.maximumBytes || this.#usedBytes + size > this.maximumBytes - RESERVED_BYTES) {
        throw new MathError(
          `expected at most ${this.maximumBytes} bytes of kernel memory, got a request for ${bytes} on top of ${this.#usedBytes}: allow more memory or image less at once`,
          { maximumBytes: this.maximumBytes, usedBytes: this.#usedBytes, requestedBytes: bytes },
        )
      }
      const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE_BYTES)
      if (missing > 0) this.#grow(missing)
    }
    // The engine may present the same memory as a new buffer object at any time.
    this.#buffers.add(this.memory.buffer)
    return this.memory.buffer
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages)
    } catch (cause) {
      throw new MathError(
        `expected the system to grant ${pages * PAGE_BYTES} more bytes of kernel memory, got a refusal: allow less memory`,
        { pages },
        cause,
      )
    }
  }

  #take(bytes: number): number {
    const size = padded(bytes)
    const at = this.#free.findIndex(block => block.end - block.start >= size)
    let start: number
    if (at >= 0) {
      const block = this.#free[at]
      start = block.start
      block.start += size
      if (block.start === block.end) this.#free.splice(at, 1)
    } else {
      start = this.#end
      this.#end += size
    }
    this.#used.set(start, size)
    this.#usedBytes += size
    this.#peakBytes = Math.max(this.#peakBytes, this.#usedBytes)
    return start
  }
}

function padded(bytes: number): number {
  if (!(Number.isInteger(bytes) && bytes >= 0)) {
    throw new MathError(`expected a whole number of bytes, got ${bytes}`, { bytes })
  }
  return Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)
}
