import { decodeText } from './aipsio-reader.ts'
import type { CachedSource } from './cached-source.ts'
import { BUCKETS_OFFSET, type StandardHeader } from './standard-layout.ts'

/** Head of a heap bucket: link of free buckets, bytes used, bytes in gaps, next bucket. */
export const HEAP_HEADER_BYTES = 16

/** A string or array of strings in the heap. */
export interface StringReference {
  readonly bucket: number
  readonly offset: number
  readonly length: number
}

/**
 * The heap of strings in a StandardStMan file: buckets filled one after the other, a long value running on into the
 * next bucket. Everything in the heap is big-endian, whatever the order of the table.
 */
export class StringHeap {
  private readonly source: CachedSource
  private readonly header: StandardHeader

  constructor(source: CachedSource, header: StandardHeader) {
    this.source = source
    this.header = header
  }

  /** A scalar string. */
  readString(reference: StringReference): string {
    return decodeText(this.collect(reference, reference.length))
  }

  /** Shape of a variable-shaped array of strings, which precedes its values. */
  readShape(reference: StringReference): number[] {
    return this.splitShape(reference, this.collect(reference, Math.min(reference.length, 4 * 17))).shape
  }

  /**
   * The strings of an array.
   * @param nFixed - number of strings when the shape is fixed (and not stored), else null
   */
  readArray(reference: StringReference, nFixed: number | null): string[] {
    const bytes = this.collect(reference, reference.length)
    let position = 0
    let n = nFixed ?? 0
    if (nFixed === null) {
      const head = this.splitShape(reference, bytes)
      n = head.shape.reduce((product, length) => product * length, head.shape.length === 0 ? 0 : 1)
      position = head.position + 4
      if (position > bytes.length || int32(bytes, head.position) === 0)
        return new Array<string>(this.bounded(n)).fill('')
    }
    const strings: string[] = []
    for (let i = 0; i < n; i++) {
      const length = position + 4 <= bytes.length ? int32(bytes, position) : -1
      position += 4 + length
      if (length < 0 || position > bytes.length) throw this.damaged(reference)
      strings.push(decodeText(bytes.subarray(position - length, position)))
    }
    return strings
  }

  private splitShape(reference: StringReference, bytes: Uint8Array): { shape: number[]; position: number } {
    const nAxis = bytes.length >= 4 ? int32(bytes, 0) : -1
    if (nAxis < 0 || nAxis > 16 || 4 + 4 * nAxis > bytes.length) throw this.damaged(reference)
    const shape: number[] = []
    for (let axis = 0; axis < nAxis; axis++) shape.push(int32(bytes, 4 + 4 * axis))
    if (shape.some(length => length < 0)) throw this.damaged(reference)
    return { shape, position: 4 + 4 * nAxis }
  }

  /** An array that was given a shape but no values may be large without a byte to show for it. */
  private bounded(n: number): number {
    if (n > 1 << 24) throw this.source.error(`expected fewer than ${1 << 24} empty strings, got ${n}`)
    return n
  }

  /** Gathers the first `length` bytes of a value. */
  private collect(reference: StringReference, length: number): Uint8Array {
    if (length < 0 || length > this.header.nBucket * this.header.bucketBytes) throw this.damaged(reference)
    const bytes = new Uint8Array(length)
    let bucket = reference.bucket
    let offset = reference.offset
    for (let done = 0; done < length; ) {
      const begin = BUCKETS_OFFSET + bucket * this.header.bucketBytes
      if (bucket < 0 || bucket >= this.header.nBucket) throw this.damaged(reference)
      const head = this.source.view(begin, HEAP_HEADER_BYTES)
      const used = int32(head, 4)
      const next = int32(head, 12)
      if (used > this.header.bucketBytes - HEAP_HEADER_BYTES || offset < 0 || offset > used)
        throw this.damaged(reference)
      const n = Math.min(used - offset, length - done)
      // A bucket without a byte of the value would let a circle of buckets turn forever.
      if (n <= 0 && offset === 0) throw this.damaged(reference)
      bytes.set(this.source.view(begin + HEAP_HEADER_BYTES + offset, n), done)
      done += n
      bucket = next
      offset = 0
    }
    return bytes
  }

  private damaged(reference: StringReference): Error {
    const { bucket, offset, length } = reference
    return this.source.error(
      `expected a string of ${length} bytes at ${offset} in heap bucket ${bucket}, got none; the file is damaged`,
    )
  }
}

function int32(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}
