import { AipsioWriter } from './aipsio-writer.ts'
import { ArrayFileEditor } from './array-file-editor.ts'
import type { WritableSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import { gatherSlice, type ResolvedSlice, scatterSlice, sliceCount } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import type { ColumnEditor, ManagerEditor } from './column-editor.ts'
import type { ManagedColumn, StorageRun } from './column-storage.ts'
import { decodeValues, encodeValues, packBits, unpackBits } from './decode-values.ts'
import { buildBuckets } from './incremental-buckets.ts'
import { IntervalList } from './incremental-intervals.ts'
import { incrementalValueBytes, isInBucket } from './incremental-layout.ts'
import { IncrementalStorage } from './incremental-storage.ts'
import { BUCKETS_OFFSET } from './standard-layout.ts'
import { allocateNumeric, isNumericType, type NumericArray, type NumericType, numericLayout } from './value-type.ts'
import { writeBlock } from './write-objects.ts'

const DEFAULT_BUCKET_BYTES = 32768

/** What an IncrementalStMan is changed with. */
export interface IncrementalEditorOptions {
  readonly columns: readonly ManagedColumn[]
  readonly nRow: number
  readonly littleEndian: boolean
  readonly info: Uint8Array
  readonly source: WritableSource
  openArrays(): WritableSource
  /** Replaces the whole file. */
  replace(bytes: Uint8Array): void
}

/**
 * IncrementalStMan, for writing: all values are held in memory as intervals of rows, and the file is written anew.
 */
export class IncrementalEditor implements ManagerEditor {
  private readonly options: IncrementalEditorOptions
  private readonly intervals: readonly IntervalList[]
  private arrayEditor: ArrayFileEditor | null = null
  private nRow: number
  private changed = false

  constructor(options: IncrementalEditorOptions) {
    this.options = options
    this.nRow = options.nRow
    const storage = new IncrementalStorage({ ...options, openArrays: () => options.openArrays() })
    this.intervals = options.columns.map((_, i) => readIntervals(storage, i, options.nRow))
  }

  /** The file of a new manager, and the manager's bytes for table.dat. */
  static initialize(
    columns: readonly ManagedColumn[],
    name: string,
    nRow: number,
    littleEndian: boolean,
  ): { file: Uint8Array; info: Uint8Array } {
    const intervals = columns.map(column => new IntervalList(nRow, emptyValue(column, littleEndian)))
    return { file: serializeFile(intervals, nRow, littleEndian), info: serializeInfo(name) }
  }

  column(index: number): ColumnEditor {
    return new IncrementalColumnEditor(this, this.options.columns[index], this.intervals[index])
  }

  addRows(nRow: number): void {
    this.nRow += nRow
    this.changed = true
    for (const [i, list] of this.intervals.entries())
      list.extend(nRow, emptyValue(this.options.columns[i], this.options.littleEndian))
  }

  flush(): Uint8Array {
    this.arrayEditor?.flush()
    if (this.changed) this.options.replace(serializeFile(this.intervals, this.nRow, this.options.littleEndian))
    this.changed = false
    return this.options.info
  }

  close(): void {
    this.options.source.close()
    this.arrayEditor?.close()
  }

  get littleEndian(): boolean {
    return this.options.littleEndian
  }

  arrays(): ArrayFileEditor {
    this.arrayEditor ??= new ArrayFileEditor(this.options.openArrays(), this.options.littleEndian)
    return this.arrayEditor
  }

  touch(): void {
    this.changed = true
  }
}

class IncrementalColumnEditor implements ColumnEditor {
  private readonly editor: IncrementalEditor
  private readonly managed: ManagedColumn
  private readonly list: IntervalList
  private readonly type: NumericType
  private readonly nElement: number

  constructor(editor: IncrementalEditor, managed: ManagedColumn, list: IntervalList) {
    const { type, isArray } = managed.description
    this.editor = editor
    this.managed = managed
    this.list = list
    this.type = isNumericType(type) ? type : 'uint8'
    this.nElement = isArray ? elementCount(managed.fixedShape ?? []) : 1
  }

  shapeRun(row: number): StorageRun {
    const { end, bytes } = this.list.at(row)
    if (isInBucket(this.managed)) return { shape: this.managed.description.isArray ? this.managed.fixedShape : [], end }
    const offset = this.reference(bytes)
    return { shape: offset === 0 ? null : this.editor.arrays().array(offset).shape, end }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    const { components } = numericLayout(this.type)
    let out = at
    for (let row = rowStart; row < rowStart + nRow; row++) {
      const { shape, values } = this.cell(row)
      const n = slice === null ? values.length / components : sliceCount(slice, shape)
      if (slice === null) target.set(values as Float64Array & BigInt64Array, out * components)
      else gatherSlice(values, shape, slice, components, target, out)
      out += n
    }
  }

  readStrings(row: number): string[] {
    const { bytes } = this.list.at(row)
    if (!isInBucket(this.managed))
      return this.editor.arrays().readStrings(this.editor.arrays().array(this.reference(bytes)))
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const text = (from: number, length: number) => new TextDecoder().decode(bytes.subarray(from, from + length))
    if (this.nElement === 1) return [text(4, view.getUint32(0, this.editor.littleEndian) - 4)]
    const strings: string[] = []
    for (let i = 0, position = 4; i < this.nElement; i++) {
      const length = view.getUint32(position, this.editor.littleEndian)
      strings.push(text(position + 4, length))
      position += 4 + length
    }
    return strings
  }

  putNumeric(
    rowStart: number,
    nRow: number,
    shape: readonly number[],
    slice: ResolvedSlice | null,
    source: NumericArray,
    at: number,
  ): void {
    const { components } = numericLayout(this.type)
    const n = this.managed.description.isArray ? elementCount(shape) : 1
    const nGiven = slice === null ? n : sliceCount(slice, shape)
    for (let i = 0; i < nRow; i++) {
      if (slice === null) this.putOne(rowStart + i, shape, source, at + i * nGiven, n)
      else {
        const { values } = this.cell(rowStart + i)
        scatterSlice(values, shape, slice, components, source, at + i * nGiven)
        this.putOne(rowStart + i, shape, values, 0, n)
      }
    }
  }

  putStrings(row: number, shape: readonly number[], strings: readonly string[]): void {
    const bytes = isInBucket(this.managed)
      ? encodeStrings(strings, this.editor.littleEndian)
      : this.referenceBytes(this.editor.arrays().addStrings(shape, strings))
    this.list.set(row, row + 1, bytes)
    this.editor.touch()
  }

  private putOne(row: number, shape: readonly number[], source: NumericArray, at: number, n: number): void {
    const littleEndian = this.editor.littleEndian
    this.editor.touch()
    if (!isInBucket(this.managed)) {
      this.list.set(row, row + 1, this.referenceBytes(this.editor.arrays().addNumeric(this.type, shape, source, at)))
      return
    }
    const bytes = new Uint8Array(incrementalValueBytes(this.managed) ?? 0)
    if (this.type === 'bool') packBits(source as Uint8Array, at, n, bytes, 0)
    else encodeValues(this.type, source, at, n, littleEndian, bytes)
    this.list.set(row, row + 1, bytes)
  }

  private cell(row: number): { shape: readonly number[]; values: NumericArray } {
    const { bytes } = this.list.at(row)
    if (isInBucket(this.managed)) {
      const values = allocateNumeric(this.type, this.nElement)
      if (this.type === 'bool') unpackBits(bytes, 0, values as Uint8Array, 0, this.nElement)
      else decodeValues(this.type, bytes, this.editor.littleEndian, values, 0, this.nElement)
      return { shape: this.managed.fixedShape ?? [], values }
    }
    const offset = this.reference(bytes)
    if (offset === 0)
      throw new CasatableError(`expected a value in row ${row} of ${this.managed.description.name}, got none`)
    const array = this.editor.arrays().array(offset)
    const values = allocateNumeric(this.type, elementCount(array.shape))
    this.editor.arrays().readNumeric(this.type, array, null, values, 0)
    return { shape: array.shape, values }
  }

  private reference(bytes: Uint8Array): number {
    return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, this.editor.littleEndian))
  }

  private referenceBytes(offset: number): Uint8Array {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigInt64(0, BigInt(offset), this.editor.littleEndian)
    return bytes
  }
}

/** Reads all values of a column as they lie in the file. */
function readIntervals(storage: IncrementalStorage, column: number, nRow: number): IntervalList {
  const managed = storage.describe(column)
  const list = new IntervalList(nRow, emptyValue(managed, storage.littleEndian))
  for (let row = 0; row < nRow; ) {
    const { bucket, at, endRow } = storage.interval(column, row)
    const fixed = incrementalValueBytes(managed)
    const length = fixed ?? new DataView(bucket.bytes.buffer).getUint32(at, storage.littleEndian)
    if (at + length > bucket.bytes.length) throw storage.error('expected a value within its bucket, got one behind it')
    list.set(row, endRow, bucket.bytes.slice(at, at + length))
    row = endRow
  }
  return list
}

/** What a row holds that was never given a value: zero, an empty string, no array. */
function emptyValue(column: ManagedColumn, littleEndian: boolean): Uint8Array {
  const bytes = incrementalValueBytes(column)
  if (bytes !== null) return new Uint8Array(bytes)
  const n = column.description.isArray ? elementCount(column.fixedShape ?? []) : 1
  return encodeStrings(new Array<string>(n).fill(''), littleEndian)
}

/** One string: length with its own four bytes, characters. Several: total length, then length and characters of each. */
function encodeStrings(strings: readonly string[], littleEndian: boolean): Uint8Array {
  const characters = strings.map(text => new TextEncoder().encode(text))
  const several = strings.length > 1
  const total = 4 + characters.reduce((sum, text) => sum + text.length + (several ? 4 : 0), 0)
  const bytes = new Uint8Array(total)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, total, littleEndian)
  let position = 4
  for (const text of characters) {
    if (several) {
      view.setUint32(position, text.length, littleEndian)
      position += 4
    }
    bytes.set(text, position)
    position += text.length
  }
  return bytes
}

function serializeFile(intervals: readonly IntervalList[], nRow: number, littleEndian: boolean): Uint8Array {
  const { bucketBytes, buckets, firstRows } = buildBuckets(intervals, nRow, littleEndian, DEFAULT_BUCKET_BYTES)
  const header = new AipsioWriter(littleEndian)
  header.object('IncrementalStMan', 5, () => {
    header.bool(!littleEndian)
    for (const n of [bucketBytes, buckets.length, 1, intervals.length, 0]) header.uint32(n)
    header.int32(-1)
  })
  const index = new AipsioWriter(littleEndian)
  const wide = nRow > 0xffffffff
  index.object('ISMIndex', wide ? 2 : 1, () => {
    index.uint32(buckets.length)
    writeBlock(index, [...firstRows, nRow], wide)
    writeBlock(
      index,
      buckets.map((_, i) => i),
    )
  })
  const tail = index.bytes()
  const end = BUCKETS_OFFSET + buckets.length * bucketBytes
  const file = new Uint8Array(end + tail.length)
  file.set(header.bytes())
  for (const [i, bucket] of buckets.entries()) file.set(bucket, BUCKETS_OFFSET + i * bucketBytes)
  file.set(tail, end)
  return file
}

function serializeInfo(name: string): Uint8Array {
  const writer = new AipsioWriter()
  writer.object('ISM', 3, () => writer.string(name))
  return writer.bytes()
}
