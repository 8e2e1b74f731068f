import { decodeText } from './aipsio-reader.ts'
import { ArrayFile } from './array-file.ts'
import { HOST_LITTLE_ENDIAN, swapWords } from './byte-order.ts'
import type { CachedSource } from './cached-source.ts'
import { gatherSlice, type ResolvedSlice, sliceCount } from './cell-slice.ts'
import { elementCount, sameShape } from './cell-value.ts'
import type { ColumnStorage, ManagedColumn, StorageManager, StorageRun } from './column-storage.ts'
import { decodeValues, unpackBits, valueBytes } from './decode-values.ts'
import {
  ARRAY_REFERENCE_BYTES,
  BUCKETS_OFFSET,
  findBucket,
  parseStandardInfo,
  readStandardHeader,
  readStandardIndexes,
  STRING_REFERENCE_BYTES,
  type StandardHeader,
  type StandardIndex,
  type StandardInfo,
  standardBitsPerRow,
  standardKind,
} from './standard-layout.ts'
import { StringHeap, type StringReference } from './standard-strings.ts'
import { allocateNumeric, isNumericType, type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** Strings up to this length lie in place of the reference to the heap. */
const INLINE_STRING_BYTES = 8

/** References to arrays are read this many rows at a time. */
const REFERENCE_ROWS = 1 << 14
/** High half of the largest offset that is an exact integer. */
const MAX_REFERENCE_HIGH = 2 ** 21 - 1

/** What a StandardStMan is opened with. */
export interface StandardOptions {
  readonly columns: readonly ManagedColumn[]
  /** Number of rows that table.dat tells; null to take what the manager tells. */
  readonly nRow: number | null
  readonly littleEndian: boolean
  /** The manager's bytes in table.dat. */
  readonly info: Uint8Array
  /** Path of table.dat, for messages. */
  readonly tableFile: string
  readonly source: CachedSource
  /** Opens the file of indirect arrays. */
  openArrays(): CachedSource
}

/** StandardStMan, for reading: columns side by side in buckets, each with the same rows of every column. */
export class StandardStorage implements StorageManager {
  readonly header: StandardHeader
  readonly info: StandardInfo
  readonly indexes: readonly StandardIndex[]
  readonly heap: StringHeap
  /** Number of rows the indexes must tell; changed by the editor that adds rows. */
  nRow: number
  private readonly options: StandardOptions
  private arrayFile: ArrayFile | null = null

  constructor(options: StandardOptions) {
    const { source, littleEndian, columns } = options
    this.options = options
    this.header = readStandardHeader(source, littleEndian)
    this.info = parseStandardInfo(options.info, options.tableFile)
    this.indexes = readStandardIndexes(source, this.header, littleEndian)
    this.heap = new StringHeap(source, this.header)
    this.nRow = options.nRow ?? (this.indexes[0]?.lastRows.at(-1) ?? -1) + 1
    const { columnOffsets, columnIndexes } = this.info
    if (columnOffsets.length < columns.length || columnIndexes.length < columns.length)
      throw source.error(`expected ${columns.length} columns, got ${columnOffsets.length}`)
  }

  column(index: number): ColumnStorage {
    const { source, columns, littleEndian } = this.options
    const { nRow } = this
    const column = columns[index]
    const standardIndex = this.indexes[this.info.columnIndexes[index]]
    if (standardIndex === undefined)
      throw source.error(`expected an index for column ${column.description.name}, got ${this.indexes.length} indexes`)
    const lastRow = standardIndex.lastRows.at(-1) ?? -1
    if (lastRow !== nRow - 1) throw source.error(`expected ${nRow} rows in the index, got ${lastRow + 1}`)
    const slots = new ColumnSlots(source, this.header, standardIndex, column, this.info.columnOffsets[index])
    const kind = standardKind(column)
    if (kind === 'fixedString') return new FixedStringColumn(slots)
    if (kind === 'stringReference') return new StringColumn(slots, this.heap, littleEndian)
    if (kind === 'arrayReference') return new ArrayColumn(slots, littleEndian, () => this.arrays())
    return new DirectColumn(slots, littleEndian)
  }

  close(): void {
    this.options.source.close()
    this.arrayFile?.close()
  }

  /** The file of indirect arrays. */
  arrays(): ArrayFile {
    this.arrayFile ??= new ArrayFile(this.options.openArrays(), this.options.littleEndian)
    return this.arrayFile
  }
}

/** Finds the bytes of a column's rows. */
export class ColumnSlots {
  readonly source: CachedSource
  readonly column: ManagedColumn
  readonly bitsPerRow: number
  private readonly header: StandardHeader
  private readonly index: StandardIndex
  private readonly offset: number

  constructor(
    source: CachedSource,
    header: StandardHeader,
    index: StandardIndex,
    column: ManagedColumn,
    offset: number,
  ) {
    this.source = source
    this.header = header
    this.index = index
    this.column = column
    this.offset = offset
    this.bitsPerRow = standardBitsPerRow(column)
    if (offset + Math.ceil((this.bitsPerRow * index.rowsPerBucket) / 8) > header.bucketBytes)
      throw source.error(`expected column ${column.description.name} within its bucket, got offset ${offset}`)
  }

  /** Rows of the bucket that holds `row`, and the file offset of the column's part of that bucket. */
  locate(row: number): { firstRow: number; endRow: number; offset: number } {
    const { lastRows, buckets } = this.index
    const i = findBucket(lastRows, row)
    const offset = BUCKETS_OFFSET + buckets[i] * this.header.bucketBytes + this.offset
    return { firstRow: i === 0 ? 0 : lastRows[i - 1] + 1, endRow: lastRows[i] + 1, offset }
  }

  /** The 64-bit references that rows hold. */
  references(rowStart: number, nRow: number, littleEndian: boolean): Float64Array {
    const references = new Float64Array(nRow)
    for (let row = rowStart; row < rowStart + nRow; ) {
      const { firstRow, endRow, offset } = this.locate(row)
      const n = Math.min(endRow, rowStart + nRow) - row
      const bytes = this.source.view(offset + (row - firstRow) * ARRAY_REFERENCE_BYTES, n * ARRAY_REFERENCE_BYTES)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let i = 0; i < n; i++) {
        const low = view.getUint32(8 * i + (littleEndian ? 0 : 4), littleEndian)
        const high = view.getInt32(8 * i + (littleEndian ? 4 : 0), littleEndian)
        if (high < 0 || high > MAX_REFERENCE_HIGH)
          throw this.source.error(`expected an array offset, got ${high * 2 ** 32 + low}`, offset + 8 * i)
        references[row - rowStart + i] = high * 2 ** 32 + low
      }
      row += n
    }
    return references
  }

  /** File offset of a row, for columns whose rows take whole bytes. */
  rowOffset(row: number): number {
    const { firstRow, offset } = this.locate(row)
    return offset + (row - firstRow) * (this.bitsPerRow / 8)
  }
}

class DirectColumn implements ColumnStorage {
  private readonly slots: ColumnSlots
  private readonly littleEndian: boolean
  private readonly type: NumericType
  private readonly shape: readonly number[]
  private readonly nElement: number

  constructor(slots: ColumnSlots, littleEndian: boolean) {
    const { type, isArray } = slots.column.description
    this.slots = slots
    this.littleEndian = littleEndian
    this.type = isNumericType(type) ? type : 'uint8'
    this.shape = isArray ? (slots.column.fixedShape ?? []) : []
    this.nElement = isArray ? elementCount(this.shape) : 1
  }

  shapeRun(): StorageRun {
    return { shape: this.shape, end: Number.POSITIVE_INFINITY }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    if (slice === null) this.readWhole(rowStart, nRow, target, at)
    else this.readSliced(rowStart, nRow, slice, target, at)
  }

  readStrings(): string[] {
    throw this.slots.source.error(`expected strings in column ${this.slots.column.description.name}, got ${this.type}`)
  }

  private readWhole(rowStart: number, nRow: number, target: NumericArray, at: number): void {
    const { source, bitsPerRow } = this.slots
    for (let row = rowStart; row < rowStart + nRow; ) {
      const { firstRow, endRow, offset } = this.slots.locate(row)
      const n = Math.min(endRow, rowStart + nRow) - row
      const out = at + (row - rowStart) * this.nElement
      if (this.type === 'bool') {
        const firstBit = (row - firstRow) * bitsPerRow
        const begin = firstBit >>> 3
        const bytes = source.view(offset + begin, Math.ceil((firstBit + n * bitsPerRow) / 8) - begin)
        unpackBits(bytes, firstBit & 7, target as Uint8Array, out, n * this.nElement)
      } else {
        const bytesPerRow = bitsPerRow / 8
        const bytes = source.view(offset + (row - firstRow) * bytesPerRow, n * bytesPerRow)
        decodeValues(this.type, bytes, this.littleEndian, target, out, n * this.nElement)
      }
      row += n
    }
  }

  private readSliced(rowStart: number, nRow: number, slice: ResolvedSlice, target: NumericArray, at: number): void {
    const cell = allocateNumeric(this.type, this.nElement)
    const n = sliceCount(slice, this.shape)
    for (let i = 0; i < nRow; i++) {
      this.readWhole(rowStart + i, 1, cell, 0)
      gatherSlice(cell, this.shape, slice, numericLayout(this.type).components, target, at + i * n)
    }
  }
}

class FixedStringColumn implements ColumnStorage {
  private readonly slots: ColumnSlots

  constructor(slots: ColumnSlots) {
    this.slots = slots
  }

  shapeRun(): StorageRun {
    return { shape: [], end: Number.POSITIVE_INFINITY }
  }

  readNumeric(): void {
    throw this.slots.source.error(`expected numbers in column ${this.slots.column.description.name}, got strings`)
  }

  readStrings(row: number): string[] {
    const bytes = this.slots.source.view(this.slots.rowOffset(row), this.slots.column.description.maxLength)
    const end = bytes.indexOf(0)
    return [decodeText(end < 0 ? bytes : bytes.subarray(0, end))]
  }
}

class StringColumn implements ColumnStorage {
  private readonly slots: ColumnSlots
  private readonly heap: StringHeap
  private readonly littleEndian: boolean

  constructor(slots: ColumnSlots, heap: StringHeap, littleEndian: boolean) {
    this.slots = slots
    this.heap = heap
    this.littleEndian = littleEndian
  }

  shapeRun(row: number): StorageRun {
    const { description, fixedShape } = this.slots.column
    if (!description.isArray) return { shape: [], end: Number.POSITIVE_INFINITY }
    if (fixedShape !== null) return { shape: fixedShape, end: Number.POSITIVE_INFINITY }
    const reference = this.reference(row)
    return { shape: reference.length === 0 ? null : this.heap.readShape(reference), end: row + 1 }
  }

  readNumeric(): void {
    throw this.slots.source.error(`expected numbers in column ${this.slots.column.description.name}, got strings`)
  }

  readStrings(row: number): string[] {
    const { description, fixedShape } = this.slots.column
    const reference = this.reference(row)
    if (description.isArray) {
      const nFixed = fixedShape === null ? null : elementCount(fixedShape)
      if (reference.length === 0 && nFixed !== null) return new Array<string>(nFixed).fill('')
      return this.heap.readArray(reference, nFixed)
    }
    if (reference.length < 0)
      throw this.slots.source.error('expected a string length, got a negative number', this.slots.rowOffset(row))
    if (reference.length > INLINE_STRING_BYTES) return [this.heap.readString(reference)]
    return [decodeText(this.slots.source.view(this.slots.rowOffset(row), reference.length))]
  }

  private reference(row: number): StringReference {
    const bytes = this.slots.source.view(this.slots.rowOffset(row), STRING_REFERENCE_BYTES)
    const view = new DataView(bytes.buffer, bytes.byteOffset, STRING_REFERENCE_BYTES)
    return {
      bucket: view.getInt32(0, this.littleEndian),
      offset: view.getInt32(4, this.littleEndian),
      length: view.getInt32(8, this.littleEndian),
    }
  }
}

class ArrayColumn implements ColumnStorage {
  private readonly slots: ColumnSlots
  private readonly littleEndian: boolean
  private readonly arrays: () => ArrayFile
  private readonly type: NumericType

  constructor(slots: ColumnSlots, littleEndian: boolean, arrays: () => ArrayFile) {
    const { type } = slots.column.description
    this.slots = slots
    this.littleEndian = littleEndian
    this.arrays = arrays
    this.type = isNumericType(type) ? type : 'uint8'
  }

  shapeRun(row: number, wanted: number): StorageRun {
    const end = Math.min(wanted, this.slots.locate(row).endRow)
    const references = this.slots.references(row, end - row, this.littleEndian)
    const shape = this.shapeOf(references[0])
    let n = 1
    while (n < references.length && sameShape(this.shapeOf(references[n]), shape)) n++
    return { shape, end: row + n }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    let out = at
    for (let row = rowStart; row < rowStart + nRow; row += REFERENCE_ROWS) {
      const references = this.slots.references(row, Math.min(REFERENCE_ROWS, rowStart + nRow - row), this.littleEndian)
      out +=
        this.type === 'bool' || slice !== null
          ? this.readEach(references, slice, target, out)
          : this.readSame(references, target, out)
    }
  }

  readStrings(row: number): string[] {
    const offset = this.arrayOffset(row)
    return this.arrays().readStrings(this.arrays().array(offset))
  }

  /** Reads arrays one by one; returns the number of values. */
  private readEach(references: Float64Array, slice: ResolvedSlice | null, target: NumericArray, at: number): number {
    const arrays = this.arrays()
    let out = at
    for (const reference of references) {
      const array = arrays.array(reference)
      arrays.readNumeric(this.type, array, slice, target, out)
      out += slice === null ? elementCount(array.shape) : sliceCount(slice, array.shape)
    }
    return out - at
  }

  /** Copies the bytes of arrays of one shape and puts them in order afterwards, all at once. */
  private readSame(references: Float64Array, target: NumericArray, at: number): number {
    const arrays = this.arrays()
    const { bytes, wordBytes } = numericLayout(this.type)
    const shape = arrays.shapeAt(references[0])
    const n = elementCount(shape)
    const all = valueBytes(this.type, target, at, n * references.length)
    const headBytes = arrays.headBytes(shape.length)
    for (let i = 0; i < references.length; i++)
      arrays.copyBytes(references[i] + headBytes, n * bytes, all, i * n * bytes)
    if (this.littleEndian !== HOST_LITTLE_ENDIAN) swapWords(all, wordBytes)
    return n * references.length
  }

  private shapeOf(reference: number): readonly number[] | null {
    return reference === 0 ? null : this.arrays().shapeAt(reference)
  }

  private arrayOffset(row: number): number {
    return this.slots.references(row, 1, this.littleEndian)[0]
  }
}
