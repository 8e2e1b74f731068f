import { decodeText } from './aipsio-reader.ts'
import { ArrayFile } from './array-file.ts'
import type { CachedSource } from './cached-source.ts'
import { gatherSlice, type ResolvedSlice, sliceCount } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import type { ColumnStorage, ManagedColumn, StorageManager, StorageRun } from './column-storage.ts'
import { decodeValues, unpackBits } from './decode-values.ts'
import {
  type IncrementalHeader,
  type IncrementalIndex,
  incrementalValueBytes,
  isInBucket,
  readIncrementalHeader,
} from './incremental-layout.ts'
import { BUCKETS_OFFSET, findBucket } from './standard-layout.ts'
import { allocateNumeric, isNumericType, type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** What an IncrementalStMan is opened with. */
export interface IncrementalOptions {
  readonly columns: readonly ManagedColumn[]
  /** Number of rows that table.dat tells; null to take what the manager tells. */
  readonly nRow: number | null
  readonly littleEndian: boolean
  readonly source: CachedSource
  /** Opens the file of indirect arrays. */
  openArrays(): CachedSource
}

/** One bucket, taken apart: for each column the rows (from the start of the bucket) where values begin, and the values' offsets. */
interface IncrementalBucket {
  readonly bytes: Uint8Array
  readonly firstRow: number
  readonly endRow: number
  readonly starts: readonly Float64Array[]
  readonly offsets: readonly Uint32Array[]
}

/** A value and the rows that share it. */
interface Interval {
  readonly bucket: IncrementalBucket
  /** Position of the value in the bucket's bytes. */
  readonly at: number
  readonly endRow: number
}

/** IncrementalStMan, for reading: a value is stored only where it differs from that of the row before. */
export class IncrementalStorage implements StorageManager {
  readonly header: IncrementalHeader
  readonly index: IncrementalIndex
  readonly nRow: number
  private readonly options: IncrementalOptions
  private arrayFile: ArrayFile | null = null
  private bucket: IncrementalBucket | null = null

  constructor(options: IncrementalOptions) {
    this.options = options
    const { header, index } = readIncrementalHeader(options.source, options.littleEndian, options.nRow)
    this.header = header
    this.index = index
    this.nRow = index.firstRows.at(-1) ?? 0
  }

  column(index: number): ColumnStorage {
    const column = this.options.columns[index]
    return isInBucket(column) ? new BucketColumn(this, index) : new ReferenceColumn(this, index)
  }

  close(): void {
    this.options.source.close()
    this.arrayFile?.close()
  }

  get littleEndian(): boolean {
    return this.options.littleEndian
  }

  describe(index: number): ManagedColumn {
    return this.options.columns[index]
  }

  error(message: string): Error {
    return this.options.source.error(message)
  }

  arrays(): ArrayFile {
    this.arrayFile ??= new ArrayFile(this.options.openArrays(), this.options.littleEndian)
    return this.arrayFile
  }

  /** The value of a column in a row. */
  interval(column: number, row: number): Interval {
    const bucket = this.bucketOf(row)
    const starts = bucket.starts[column]
    const inBucket = row - bucket.firstRow
    let i = findBucket(starts, inBucket)
    if (i === starts.length || starts[i] > inBucket) i--
    if (i < 0)
      throw this.error(`expected a value of column ${this.describe(column).description.name} in row ${row}, got none`)
    const endRow = i + 1 < starts.length ? bucket.firstRow + starts[i + 1] : bucket.endRow
    return { bucket, at: 4 + bucket.offsets[column][i], endRow: Math.min(endRow, bucket.endRow) }
  }

  private bucketOf(row: number): IncrementalBucket {
    if (this.bucket !== null && row >= this.bucket.firstRow && row < this.bucket.endRow) return this.bucket
    const { firstRows, buckets } = this.index
    let i = findBucket(firstRows, row + 1) - 1
    // Buckets can be empty after rows were removed.
    while (i > 0 && firstRows[i] === firstRows[i + 1]) i--
    this.bucket = this.readBucket(buckets[i], firstRows[i], firstRows[i + 1])
    return this.bucket
  }

  private readBucket(number: number, firstRow: number, endRow: number): IncrementalBucket {
    const { source, littleEndian, columns } = this.options
    const begin = BUCKETS_OFFSET + number * this.header.bucketBytes
    const bytes = new Uint8Array(this.header.bucketBytes)
    source.readInto(begin, bytes)
    const view = new DataView(bytes.buffer)
    const head = view.getUint32(0, littleEndian)
    const rowBytes = head >>> 24 === 0 ? 4 : 8
    let position = head & 0xffffff
    const damaged = () => source.error('expected an index within the bucket, got none; the file is damaged', begin)
    const starts: Float64Array[] = []
    const offsets: Uint32Array[] = []
    for (let column = 0; column < columns.length; column++) {
      if (position + 4 > bytes.length) throw damaged()
      const n = view.getUint32(position, littleEndian)
      position += 4
      if (n * (rowBytes + 4) > bytes.length - position) throw damaged()
      const columnStarts = new Float64Array(n)
      const columnOffsets = new Uint32Array(n)
      for (let i = 0; i < n; i++, position += rowBytes) {
        columnStarts[i] =
          rowBytes === 4 ? view.getUint32(position, littleEndian) : Number(view.getBigUint64(position, littleEndian))
        if (i > 0 && columnStarts[i] <= columnStarts[i - 1]) throw damaged()
      }
      for (let i = 0; i < n; i++, position += 4) columnOffsets[i] = view.getUint32(position, littleEndian)
      starts.push(columnStarts)
      offsets.push(columnOffsets)
    }
    return { bytes, firstRow, endRow, starts, offsets }
  }
}

/** Scalars and arrays of fixed shape: values in the buckets. */
class BucketColumn implements ColumnStorage {
  private readonly storage: IncrementalStorage
  private readonly index: number
  private readonly type: NumericType
  private readonly shape: readonly number[]
  private readonly nElement: number
  private readonly valueBytes: number

  constructor(storage: IncrementalStorage, index: number) {
    const column = storage.describe(index)
    this.storage = storage
    this.index = index
    this.type = isNumericType(column.description.type) ? column.description.type : 'uint8'
    this.shape = column.description.isArray ? (column.fixedShape ?? []) : []
    this.nElement = column.description.isArray ? elementCount(this.shape) : 1
    this.valueBytes = incrementalValueBytes(column) ?? 4 * this.nElement
    if (this.valueBytes > storage.header.bucketBytes)
      throw storage.error(`expected a value of at most ${storage.header.bucketBytes} bytes, got ${this.valueBytes}`)
  }

  shapeRun(): StorageRun {
    return { shape: this.shape, end: Number.POSITIVE_INFINITY }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    const cell = allocateNumeric(this.type, this.nElement)
    const components = numericLayout(this.type).components
    const n = slice === null ? this.nElement : sliceCount(slice, this.shape)
    for (let row = rowStart; row < rowStart + nRow; ) {
      const { bucket, at: position, endRow } = this.storage.interval(this.index, row)
      const end = Math.min(endRow, rowStart + nRow)
      this.decode(bucket.bytes, position, cell)
      const first = at + (row - rowStart) * n
      if (slice === null) target.set(cell as Float64Array & BigInt64Array, first * components)
      else gatherSlice(cell, this.shape, slice, components, target, first)
      repeat(target, first * components, n * components, end - row)
      row = end
    }
  }

  readStrings(row: number): string[] {
    const { bucket, at } = this.storage.interval(this.index, row)
    const view = new DataView(bucket.bytes.buffer)
    const littleEndian = this.storage.littleEndian
    const length = (position: number) =>
      position + 4 <= bucket.bytes.length ? view.getUint32(position, littleEndian) : bucket.bytes.length
    // A single string's length includes that of the length itself.
    if (this.nElement === 1) return [this.text(bucket.bytes, at + 4, length(at) - 4)]
    const strings: string[] = []
    for (let i = 0, position = at + 4; i < this.nElement; i++) {
      const n = length(position)
      strings.push(this.text(bucket.bytes, position + 4, n))
      position += 4 + n
    }
    return strings
  }

  private text(bytes: Uint8Array, begin: number, length: number): string {
    if (length < 0 || begin + length > bytes.length)
      throw this.storage.error(`expected a string within its bucket, got ${length} bytes; the file is damaged`)
    return decodeText(bytes.subarray(begin, begin + length))
  }

  private decode(bytes: Uint8Array, position: number, cell: NumericArray): void {
    if (position + this.valueBytes > bytes.length)
      throw this.storage.error('expected a value within its bucket, got one behind it; the file is damaged')
    const value = bytes.subarray(position, position + this.valueBytes)
    if (this.type === 'bool') unpackBits(value, 0, cell as Uint8Array, 0, this.nElement)
    else decodeValues(this.type, value, this.storage.littleEndian, cell, 0, this.nElement)
  }
}

/** Arrays of any shape: references to the array file in the buckets. */
class ReferenceColumn implements ColumnStorage {
  private readonly storage: IncrementalStorage
  private readonly index: number
  private readonly type: NumericType

  constructor(storage: IncrementalStorage, index: number) {
    const { type } = storage.describe(index).description
    this.storage = storage
    this.index = index
    this.type = isNumericType(type) ? type : 'uint8'
  }

  shapeRun(row: number): StorageRun {
    const { offset, endRow } = this.reference(row)
    return { shape: offset === 0 ? null : this.storage.arrays().array(offset).shape, end: endRow }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    const arrays = this.storage.arrays()
    const components = numericLayout(this.type).components
    let out = at
    for (let row = rowStart; row < rowStart + nRow; ) {
      const { offset, endRow } = this.reference(row)
      const array = arrays.array(offset)
      const n = slice === null ? elementCount(array.shape) : sliceCount(slice, array.shape)
      const end = Math.min(endRow, rowStart + nRow)
      arrays.readNumeric(this.type, array, slice, target, out)
      repeat(target, out * components, n * components, end - row)
      out += n * (end - row)
      row = end
    }
  }

  readStrings(row: number): string[] {
    const arrays = this.storage.arrays()
    return arrays.readStrings(arrays.array(this.reference(row).offset))
  }

  private reference(row: number): { offset: number; endRow: number } {
    const { bucket, at, endRow } = this.storage.interval(this.index, row)
    if (at + 8 > bucket.bytes.length)
      throw this.storage.error('expected a reference within its bucket, got one behind it')
    const offset = Number(new DataView(bucket.bytes.buffer).getBigInt64(at, this.storage.littleEndian))
    if (offset < 0 || !Number.isSafeInteger(offset)) throw this.storage.error(`expected an array offset, got ${offset}`)
    return { offset, endRow }
  }
}

/** Fills `count` copies of the `length` elements at `from` one after the other, the first being there already. */
function repeat(target: NumericArray, from: number, length: number, count: number): void {
  for (let done = length; done < length * count; ) {
    const n = Math.min(done, length * count - done)
    target.copyWithin(from + done, from, from + n)
    done += n
  }
}
