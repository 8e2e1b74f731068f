import { ArrayFileEditor } from './array-file-editor.ts'
import type { WritableSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import { type ResolvedSlice, scatterSlice, sliceCount } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import type { ColumnEditor, ManagerEditor } from './column-editor.ts'
import type { ColumnStorage, ManagedColumn } from './column-storage.ts'
import { encodeValues, packBits } from './decode-values.ts'
import { ReadThroughEditor } from './read-through-editor.ts'
import { HeapEditor } from './standard-heap-editor.ts'
import { BUCKETS_OFFSET, type StandardIndex, standardBitsPerRow, standardKind } from './standard-layout.ts'
import {
  emptyHeader,
  INDEX_LINK_BYTES,
  serializeHeader,
  serializeIndexes,
  serializeInfo,
  writeIndexBucket,
} from './standard-serialise.ts'
import { ColumnSlots, StandardStorage } from './standard-storage.ts'
import { allocateNumeric, isNumericType, type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** Rows per bucket of a new table: what fits into this many bytes, within the limits below. */
const BUCKET_BYTES = 1 << 16
const MIN_ROWS_PER_BUCKET = 8
/** A bucket holds at least this, so that an index or some strings fit. */
const MIN_BUCKET_BYTES = 512

/** What a StandardStMan is changed with. */
export interface StandardEditorOptions {
  readonly columns: readonly ManagedColumn[]
  readonly nRow: number
  readonly littleEndian: boolean
  readonly info: Uint8Array
  readonly tableFile: string
  readonly source: WritableSource
  /** Opens the file of indirect arrays, making it if it does not exist. */
  openArrays(): WritableSource
}

/**
 * StandardStMan, for writing: cells are changed in place, rows added in new buckets.
 *
 * **Invariant:** the header is written last; a new index goes to other buckets than the one the header points to.
 */
export class StandardEditor implements ManagerEditor {
  private readonly options: StandardEditorOptions
  private readonly storage: StandardStorage
  private readonly heap: HeapEditor
  private arrayEditor: ArrayFileEditor | null = null
  private indexBuckets: number[] | null = null
  private layoutChanged = false

  constructor(options: StandardEditorOptions) {
    this.options = options
    this.storage = new StandardStorage({ ...options, openArrays: () => options.openArrays() })
    this.heap = new HeapEditor(options.source, this.storage.header, () => this.allocateBucket())
  }

  /** Lays out a new, empty file and returns the manager's bytes for table.dat. */
  static initialize(
    source: WritableSource,
    columns: readonly ManagedColumn[],
    name: string,
    nRow: number,
    littleEndian: boolean,
  ): Uint8Array {
    const bitsPerRow = columns.reduce((total, column) => total + standardBitsPerRow(column), 0)
    const fitting = Math.floor((8 * BUCKET_BYTES) / Math.max(1, bitsPerRow))
    const rowsPerBucket = Math.max(MIN_ROWS_PER_BUCKET, Math.min(fitting, Math.max(nRow, 32)))
    const columnOffsets: number[] = []
    let used = 0
    for (const column of columns) {
      columnOffsets.push(used)
      used += Math.ceil((standardBitsPerRow(column) * rowsPerBucket) / 8)
    }
    const header = emptyHeader(Math.max(MIN_BUCKET_BYTES, used))
    const freeSpace = new Map<number, number>()
    const index: StandardIndex = { rowsPerBucket, nColumn: columns.length, freeSpace, lastRows: [], buckets: [] }
    const indexBytes = serializeIndexes([index], littleEndian)
    source.write(0, new Uint8Array(BUCKETS_OFFSET))
    Object.assign(header, { nBucket: 1, nIndexBucket: 1, firstIndexBucket: 0, indexBytes: indexBytes.length })
    source.extend(BUCKETS_OFFSET + header.bucketBytes)
    writeIndexBucket(source, header, 0, -1, indexBytes)
    source.write(0, serializeHeader(header, littleEndian))
    return serializeInfo(
      name,
      columnOffsets,
      columnOffsets.map(() => 0),
    )
  }

  column(index: number): ColumnEditor {
    const { columns, source } = this.options
    const column = columns[index]
    const storage = this.storage.column(index)
    const standardIndex = this.storage.indexes[this.storage.info.columnIndexes[index]]
    const offset = this.storage.info.columnOffsets[index]
    const slots = new ColumnSlots(source, this.storage.header, standardIndex, column, offset)
    return new StandardColumnEditor(this, storage, slots, source)
  }

  addRows(nRow: number): void {
    for (const index of this.storage.indexes) {
      for (let left = nRow; left > 0; ) {
        const i = index.lastRows.length - 1
        const inBucket = i < 0 ? index.rowsPerBucket : index.lastRows[i] - (i === 0 ? -1 : index.lastRows[i - 1])
        const n = Math.min(left, index.rowsPerBucket - inBucket)
        if (n > 0) index.lastRows[i] += n
        else {
          index.buckets.push(this.allocateBucket())
          index.lastRows.push((i < 0 ? -1 : index.lastRows[i]) + Math.min(left, index.rowsPerBucket))
        }
        left -= n > 0 ? n : Math.min(left, index.rowsPerBucket)
      }
    }
    this.storage.nRow += nRow
    this.layoutChanged = true
  }

  flush(): Uint8Array {
    this.arrayEditor?.flush()
    if (this.layoutChanged) {
      this.writeIndexes()
      this.options.source.write(0, serializeHeader(this.storage.header, this.options.littleEndian))
      this.layoutChanged = false
    }
    const { name, columnOffsets, columnIndexes } = this.storage.info
    return serializeInfo(name, columnOffsets, columnIndexes)
  }

  close(): void {
    this.storage.close()
    this.arrayEditor?.close()
  }

  get strings(): HeapEditor {
    return this.heap
  }

  get littleEndian(): boolean {
    return this.options.littleEndian
  }

  arrays(): ArrayFileEditor {
    this.arrayEditor ??= new ArrayFileEditor(this.options.openArrays(), this.options.littleEndian)
    return this.arrayEditor
  }

  /** A zeroed bucket: a free one, or a new one at the end of the file. */
  private allocateBucket(): number {
    const { header } = this.storage
    const { source } = this.options
    this.layoutChanged = true
    if (header.nFreeBucket > 0 && header.firstFreeBucket >= 0 && header.firstFreeBucket < header.nBucket) {
      const bucket = header.firstFreeBucket
      const begin = BUCKETS_OFFSET + bucket * header.bucketBytes
      const link = source.view(begin, 4)
      header.firstFreeBucket = (link[0] << 24) | (link[1] << 16) | (link[2] << 8) | link[3]
      header.nFreeBucket--
      source.write(begin, new Uint8Array(header.bucketBytes))
      return bucket
    }
    header.nBucket++
    source.extend(BUCKETS_OFFSET + header.nBucket * header.bucketBytes)
    return header.nBucket - 1
  }

  private freeBucket(bucket: number): void {
    const { header } = this.storage
    const link = new Uint8Array(4)
    new DataView(link.buffer).setInt32(0, header.firstFreeBucket)
    this.options.source.write(BUCKETS_OFFSET + bucket * header.bucketBytes, link)
    header.firstFreeBucket = bucket
    header.nFreeBucket++
  }

  private writeIndexes(): void {
    const { header } = this.storage
    const { source, littleEndian } = this.options
    const bytes = serializeIndexes(this.storage.indexes, littleEndian)
    const perBucket = header.bucketBytes - INDEX_LINK_BYTES
    const old = this.indexBuckets ?? this.currentIndexBuckets()
    const buckets: number[] = []
    for (let done = 0; done < bytes.length; done += perBucket) buckets.push(this.allocateBucket())
    for (const [i, bucket] of buckets.entries())
      writeIndexBucket(source, header, bucket, buckets[i + 1] ?? -1, bytes.subarray(i * perBucket, (i + 1) * perBucket))
    Object.assign(header, {
      firstIndexBucket: buckets[0],
      nIndexBucket: buckets.length,
      indexBytes: bytes.length,
      indexOffset: 0,
    })
    for (const bucket of old) this.freeBucket(bucket)
    this.indexBuckets = buckets
  }

  private currentIndexBuckets(): number[] {
    const { header } = this.storage
    const buckets: number[] = []
    for (let bucket = header.firstIndexBucket; buckets.length < header.nIndexBucket; ) {
      buckets.push(bucket)
      const link = this.options.source.view(BUCKETS_OFFSET + bucket * header.bucketBytes + 4, 4)
      bucket = (link[0] << 24) | (link[1] << 16) | (link[2] << 8) | link[3]
    }
    return buckets
  }
}

class StandardColumnEditor extends ReadThroughEditor {
  private readonly editor: StandardEditor
  private readonly slots: ColumnSlots
  private readonly source: WritableSource
  private readonly type: NumericType

  constructor(editor: StandardEditor, storage: ColumnStorage, slots: ColumnSlots, source: WritableSource) {
    super(storage)
    this.editor = editor
    this.slots = slots
    this.source = source
    const { type } = slots.column.description
    this.type = isNumericType(type) ? type : 'uint8'
  }

  putNumeric(
    rowStart: number,
    nRow: number,
    shape: readonly number[],
    slice: ResolvedSlice | null,
    source: NumericArray,
    at: number,
  ): void {
    if (slice !== null) this.putSliced(rowStart, nRow, shape, slice, source, at)
    else if (standardKind(this.slots.column) === 'direct') this.putDirect(rowStart, nRow, source, at)
    else this.putArrays(rowStart, nRow, shape, source, at)
  }

  putStrings(row: number, shape: readonly number[], strings: readonly string[]): void {
    const { description, fixedShape } = this.slots.column
    const at = this.slots.rowOffset(row)
    if (standardKind(this.slots.column) === 'fixedString') {
      const characters = new TextEncoder().encode(strings[0])
      if (characters.length > description.maxLength)
        throw new CasatableError(`expected at most ${description.maxLength} characters, got '${strings[0]}'`, {
          file: this.source.name,
        })
      const bytes = new Uint8Array(description.maxLength)
      bytes.set(characters)
      this.source.write(at, bytes)
      return
    }
    const { strings: heap, littleEndian } = this.editor
    const reference = description.isArray
      ? heap.addArray(fixedShape === null ? shape : null, strings, littleEndian)
      : heap.addString(strings[0], littleEndian)
    this.source.write(at, reference)
  }

  private putDirect(rowStart: number, nRow: number, source: NumericArray, at: number): void {
    const { bitsPerRow } = this.slots
    const nElement = this.type === 'bool' ? bitsPerRow : bitsPerRow / (8 * numericLayout(this.type).bytes)
    for (let row = rowStart; row < rowStart + nRow; ) {
      const { firstRow, endRow, offset } = this.slots.locate(row)
      const n = Math.min(endRow, rowStart + nRow) - row
      const from = at + (row - rowStart) * nElement
      if (this.type === 'bool') {
        const firstBit = (row - firstRow) * bitsPerRow
        const begin = firstBit >>> 3
        const bytes = this.source.view(offset + begin, Math.ceil((firstBit + n * bitsPerRow) / 8) - begin).slice()
        packBits(source as Uint8Array, from, n * nElement, bytes, firstBit & 7)
        this.source.write(offset + begin, bytes)
      } else {
        const bytes = new Uint8Array((n * bitsPerRow) / 8)
        encodeValues(this.type, source, from, n * nElement, this.editor.littleEndian, bytes)
        this.source.write(offset + ((row - firstRow) * bitsPerRow) / 8, bytes)
      }
      row += n
    }
  }

  private putArrays(rowStart: number, nRow: number, shape: readonly number[], source: NumericArray, at: number): void {
    const arrays = this.editor.arrays()
    const n = elementCount(shape)
    for (let i = 0; i < nRow; i++) {
      const slot = this.slots.rowOffset(rowStart + i)
      const reference = this.source.view(slot, 8).slice()
      const view = new DataView(reference.buffer)
      const old = Number(view.getBigInt64(0, this.editor.littleEndian))
      const fits = old !== 0 && arrays.array(old).shape.join() === shape.join()
      if (fits) arrays.putNumeric(this.type, old, source, at + i * n)
      else {
        const offset = arrays.addNumeric(this.type, shape, source, at + i * n)
        view.setBigInt64(0, BigInt(offset), this.editor.littleEndian)
        this.source.write(slot, reference)
      }
    }
  }

  private putSliced(
    rowStart: number,
    nRow: number,
    shape: readonly number[],
    slice: ResolvedSlice,
    source: NumericArray,
    at: number,
  ): void {
    const { components } = numericLayout(this.type)
    const cell = allocateNumeric(this.type, elementCount(shape))
    const n = sliceCount(slice, shape)
    for (let i = 0; i < nRow; i++) {
      this.storage.readNumeric(rowStart + i, 1, null, cell, 0)
      scatterSlice(cell, shape, slice, components, source, at + i * n)
      this.putNumeric(rowStart + i, 1, shape, null, cell, 0)
    }
  }
}
