import type { WritableSource } from './cached-source.ts'
import { BUCKETS_OFFSET, STRING_REFERENCE_BYTES, type StandardHeader } from './standard-layout.ts'
import { HEAP_HEADER_BYTES } from './standard-strings.ts'

/** Strings up to this length lie in place of the reference to the heap. */
const INLINE_STRING_BYTES = 8

/** The heap of strings, for writing: values go behind the last one, old ones stay as gaps. */
export class HeapEditor {
  private readonly source: WritableSource
  private readonly header: StandardHeader
  private readonly allocate: () => number

  /** @param allocate - gives a zeroed bucket */
  constructor(source: WritableSource, header: StandardHeader, allocate: () => number) {
    this.source = source
    this.header = header
    this.allocate = allocate
  }

  /** Adds a scalar string and returns the bytes of the reference to it. */
  addString(text: string, littleEndian: boolean): Uint8Array {
    const characters = new TextEncoder().encode(text)
    if (characters.length > INLINE_STRING_BYTES) return this.add(characters, littleEndian)
    const reference = new Uint8Array(STRING_REFERENCE_BYTES)
    reference.set(characters)
    new DataView(reference.buffer).setInt32(8, characters.length, littleEndian)
    return reference
  }

  /** Adds an array of strings; `shape` is null when the column fixes it. */
  addArray(shape: readonly number[] | null, strings: readonly string[], littleEndian: boolean): Uint8Array {
    const characters = strings.map(text => new TextEncoder().encode(text))
    const headBytes = shape === null ? 0 : 4 * (shape.length + 2)
    const bytes = new Uint8Array(characters.reduce((total, text) => total + 4 + text.length, headBytes))
    const view = new DataView(bytes.buffer)
    // Everything in the heap is big-endian: number of axes, their lengths, a mark that values follow.
    if (shape !== null) for (const [i, n] of [shape.length, ...shape, 1].entries()) view.setInt32(4 * i, n)
    let position = headBytes
    for (const text of characters) {
      view.setInt32(position, text.length)
      bytes.set(text, position + 4)
      position += 4 + text.length
    }
    return this.add(bytes, littleEndian)
  }

  private add(bytes: Uint8Array, littleEndian: boolean): Uint8Array {
    const { header } = this
    const capacity = header.bucketBytes - HEAP_HEADER_BYTES
    let bucket = header.lastStringBucket
    let used = bucket < 0 ? capacity : this.int32(bucket, 4)
    if (used >= capacity || bucket < 0) {
      bucket = this.startBucket()
      used = 0
    }
    const reference = new Uint8Array(STRING_REFERENCE_BYTES)
    for (const [i, n] of [bucket, used, bytes.length].entries())
      new DataView(reference.buffer).setInt32(4 * i, n, littleEndian)
    for (let done = 0; done < bytes.length; ) {
      if (used === capacity) {
        const next = this.startBucket()
        this.putInt32(bucket, 12, next)
        bucket = next
        used = 0
      }
      const piece = bytes.subarray(done, done + capacity - used)
      this.source.write(this.begin(bucket) + HEAP_HEADER_BYTES + used, piece)
      used += piece.length
      done += piece.length
      this.putInt32(bucket, 4, used)
    }
    return reference
  }

  private startBucket(): number {
    const bucket = this.allocate()
    this.putInt32(bucket, 12, -1)
    this.header.lastStringBucket = bucket
    return bucket
  }

  private begin(bucket: number): number {
    return BUCKETS_OFFSET + bucket * this.header.bucketBytes
  }

  private int32(bucket: number, at: number): number {
    const bytes = this.source.view(this.begin(bucket) + at, 4)
    return (bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]
  }

  private putInt32(bucket: number, at: number, value: number): void {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setInt32(0, value)
    this.source.write(this.begin(bucket) + at, bytes)
  }
}
