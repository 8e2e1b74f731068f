import { checkShape } from './aipsio-objects.ts'
import { decodeText } from './aipsio-reader.ts'
import type { CachedSource } from './cached-source.ts'
import { gatherSlice, type ResolvedSlice } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import { decodeValues, unpackBits } from './decode-values.ts'
import { allocateNumeric, type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** Head of the file: version, length, padding. */
export const ARRAY_FILE_HEADER_BYTES = 16

/** An array as its head in the file describes it. */
export interface StoredArray {
  readonly shape: readonly number[]
  /** Where its values begin. */
  readonly dataOffset: number
}

/**
 * The file of indirect arrays (table.f&lt;n&gt;i): arrays of any shape, to which cells refer by their offset.
 *
 * Head of the file: version, 64-bit length. Each array: reference count (not in version 0), number of axes, axis
 * lengths, values; bools as bits, strings as 32-bit offsets of (length, characters).
 */
export class ArrayFile {
  protected readonly source: CachedSource
  protected readonly littleEndian: boolean
  protected readonly hasReferenceCount: boolean
  /** Bytes in use: where the next array goes. */
  protected used: number
  private lastOffset = -1
  private lastArray: StoredArray | null = null

  constructor(source: CachedSource, littleEndian: boolean) {
    this.source = source
    this.littleEndian = littleEndian
    const version = this.uint32(0)
    if (version > 1) throw source.error(`expected an array file of version 0 or 1, got ${version}`, 0)
    this.hasReferenceCount = version > 0
    const length = this.uint32(littleEndian ? 4 : 8) + this.uint32(littleEndian ? 8 : 4) * 2 ** 32
    this.used = Math.max(length, ARRAY_FILE_HEADER_BYTES)
    if (length > source.size && length > ARRAY_FILE_HEADER_BYTES)
      throw source.error(`expected ${length} bytes, got ${source.size}; the file is truncated or damaged`, 4)
  }

  /** Reads the head of the array at `offset`. */
  array(offset: number): StoredArray {
    if (offset === this.lastOffset && this.lastArray !== null) return this.lastArray
    let position = offset + (this.hasReferenceCount ? 4 : 0)
    if (offset < ARRAY_FILE_HEADER_BYTES - 4)
      throw this.source.error('expected an array offset after the header, got one before', offset)
    const nAxis = this.uint32(position)
    position += 4
    const shape: number[] = []
    checkShape({ error: message => this.source.error(message, offset) }, new Array(Math.min(nAxis, 1000)).fill(0))
    for (let axis = 0; axis < nAxis; axis++, position += 4) shape.push(this.int32(position))
    checkShape({ error: message => this.source.error(message, offset) }, shape)
    this.lastArray = { shape, dataOffset: position }
    this.lastOffset = offset
    return this.lastArray
  }

  /** Reads the values of an array, or the part a slice picks. */
  readNumeric(
    type: NumericType,
    array: StoredArray,
    slice: ResolvedSlice | null,
    target: NumericArray,
    at: number,
  ): void {
    const n = elementCount(array.shape)
    if (slice === null) {
      this.readAll(type, array.dataOffset, n, target, at)
      return
    }
    this.checkSpace(array.dataOffset, type === 'bool' ? Math.ceil(n / 8) : n * numericLayout(type).bytes)
    const cell = allocateNumeric(type, n)
    this.readAll(type, array.dataOffset, n, cell, 0)
    gatherSlice(cell, array.shape, slice, numericLayout(type).components, target, at)
  }

  /** Reads all strings of an array. */
  readStrings(array: StoredArray): string[] {
    const n = elementCount(array.shape)
    this.checkSpace(array.dataOffset, n * 4)
    const strings: string[] = []
    for (let i = 0; i < n; i++) {
      const offset = this.uint32(array.dataOffset + 4 * i)
      strings.push(offset === 0 ? '' : decodeText(this.source.view(offset + 4, this.uint32(offset))))
    }
    return strings
  }

  close(): void {
    this.source.close()
  }

  /** Forgets what was read: the file has been written to. */
  invalidate(): void {
    this.source.invalidate()
    this.lastOffset = -1
  }

  private readAll(type: NumericType, offset: number, n: number, target: NumericArray, at: number): void {
    if (type === 'bool') unpackBits(this.source.view(offset, Math.ceil(n / 8)), 0, target as Uint8Array, at, n)
    else decodeValues(type, this.source.view(offset, n * numericLayout(type).bytes), this.littleEndian, target, at, n)
  }

  private checkSpace(offset: number, length: number): void {
    if (offset + length > this.source.size)
      throw this.source.error(
        `expected ${length} bytes, got a file of ${this.source.size} bytes; it is truncated`,
        offset,
      )
  }

  private uint32(offset: number): number {
    return this.int32(offset) >>> 0
  }

  private int32(offset: number): number {
    const b = this.source.view(offset, 4)
    return this.littleEndian
      ? b[0] | (b[1] << 8) | (b[2] << 16) | (b[3] << 24)
      : (b[0] << 24) | (b[1] << 16) | (b[2] << 8) | b[3]
  }
}
