import { decodeText } from './aipsio-reader.ts'
import { ArrayFile } from './array-file.ts'
import type { CachedSource } from './cached-source.ts'
import { gatherSlice, type ResolvedSlice, sliceCount } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import type { ColumnStorage, ManagedColumn, StorageManager, StorageRun } from './column-storage.ts'
import { decodeValues, unpackBits } from './decode-values.ts'
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

  shapeRun(row: number): StorageRun {
    const offset = this.arrayOffset(row)
    return { shape: offset === 0 ? null : this.arrays().array(offset).shape, end: row + 1 }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    const arrays = this.arrays()
    let out = at
    for (let row = rowStart; row < rowStart + nRow; row++) {
      const array = arrays.array(this.arrayOffset(row))
      arrays.readNumeric(this.type, array, slice, target, out)
      out += slice === null ? elementCount(array.shape) : sliceCount(slice, array.shape)
    }
  }

  readStrings(row: number): string[] {
    const offset = this.arrayOffset(row)
    return this.arrays().readStrings(this.arrays().array(offset))
  }

  private arrayOffset(row: number): number {
    const at = this.slots.rowOffset(row)
    const bytes = this.slots.source.view(at, ARRAY_REFERENCE_BYTES)
    const offset = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, this.littleEndian))
    if (offset < 0 || !Number.isSafeInteger(offset))
      throw this.slots.source.error(`expected an array offset, got ${offset}`, at)
    return offset
  }
}
