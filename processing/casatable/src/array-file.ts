import { checkShape } from './aipsio-objects.ts'
import { decodeText } from './aipsio-reader.ts'
import type { CachedSource } from './cached-source.ts'
import { gatherSlice, type ResolvedSlice } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import { decodeValues, unpackBits } from './decode-values.ts'
import { allocateNumeric, type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** Head of the file: version, length, padding. */
export const ARRAY_FILE_HEADER_BYTES = 16

/** Arrays up to this size are copied by a loop: a view of each would cost more. */
const SHORT_COPY_BYTES = 64

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
  private lastShape: readonly number[] = []

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
    const shape = this.shapeAt(offset)
    const nHead = (this.hasReferenceCount ? 2 : 1) + shape.length
    this.lastArray = { shape, dataOffset: offset + 4 * nHead }
    this.lastOffset = offset
    return this.lastArray
  }

  /** Shape of the array at `offset`: the very array returned last when it is equal. */
  shapeAt(offset: number): readonly number[] {
    if (offset < ARRAY_FILE_HEADER_BYTES - 4)
      throw this.source.error('expected an array offset after the header, got one before', offset)
    const begin = offset + (this.hasReferenceCount ? 4 : 0)
    const nAxis = this.uint32(begin)
    const refusal = { error: (message: string) => this.source.error(message, offset) }
    if (nAxis !== this.lastShape.length) checkShape(refusal, new Array(Math.min(nAxis, 1000)).fill(0))
    const at = this.source.seek(begin + 4, 4 * nAxis)
    let isSame = nAxis === this.lastShape.length
    for (let axis = 0; isSame && axis < nAxis; axis++)
      isSame = this.lastShape[axis] === int32(this.source.window, at + 4 * axis, this.littleEndian)
    if (isSame) return this.lastShape
    this.lastShape = Array.from({ length: nAxis }, (_, axis) =>
      int32(this.source.window, at + 4 * axis, this.littleEndian),
    )
    checkShape(refusal, this.lastShape)
    return this.lastShape
  }

  /** Copies the bytes of a small numeric array (not bool), as they are in the file, to `target` from byte `to` on. */
  copyBytes(dataOffset: number, length: number, target: Uint8Array, to: number): void {
    const at = this.source.seek(dataOffset, length)
    const { window } = this.source
    if (length > SHORT_COPY_BYTES) target.set(window.subarray(at, at + length), to)
    else for (let i = 0; i < length; i++) target[to + i] = window[at + i]
  }

  /** Bytes before the values of an array of so many axes. */
  headBytes(nAxis: number): number {
    return 4 * ((this.hasReferenceCount ? 2 : 1) + nAxis)
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
    const at = this.source.seek(offset, 4)
    return int32(this.source.window, at, this.littleEndian)
  }
}

function int32(b: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian
    ? b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)
    : (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]
}
