import { readMap, readPosition } from './aipsio-objects.ts'
import { AipsioReader } from './aipsio-reader.ts'
import { readRecord } from './read-record.ts'
import { readTableDescription, type TableDescription } from './table-description.ts'

/** A data manager as table.dat lists it. */
export interface ManagerDescription {
  readonly type: string
  /** Number in the names of its files. */
  readonly sequence: number
  /** What the manager keeps of its own in table.dat. */
  readonly info: Uint8Array
}

/** Which manager keeps a column. */
export interface ColumnBinding {
  /** Name the column had when it was made. */
  readonly originalName: string
  readonly sequence: number
  /** Shape of every cell when fixed for this table (fastest axis first), else null. */
  readonly fixedShape: readonly number[] | null
}

/** How the files of a table are kept: as separate files, or in one MultiFile, or in one HDF5 file. */
export interface StorageOption {
  readonly kind: number
  readonly blockSize: number
}

/** table.dat of a table that holds its own data. */
export interface PlainTableFile {
  readonly kind: 'PlainTable'
  readonly nRow: number
  readonly littleEndian: boolean
  readonly description: TableDescription
  readonly managers: readonly ManagerDescription[]
  readonly bindings: readonly ColumnBinding[]
  readonly lastSequence: number
  readonly storageOption: StorageOption | null
}

/** table.dat of a selection of rows and columns of another table. */
export interface ReferenceTableFile {
  readonly kind: 'RefTable'
  readonly nRow: number
  readonly root: string
  /** Name here → name in the root table. */
  readonly columnNames: ReadonlyMap<string, string>
  /** Columns in order, when the file says so. */
  readonly columnOrder: readonly string[] | null
  readonly rootRowCount: number
  readonly rows: Float64Array
}

/** table.dat of tables put one after the other. */
export interface ConcatTableFile {
  readonly kind: 'ConcatTable'
  readonly nRow: number
  readonly parts: readonly string[]
  /** Subtables that are concatenated as well; the others are those of the first part. */
  readonly concatenatedSubtables: readonly string[]
}

export type TableFile = PlainTableFile | ReferenceTableFile | ConcatTableFile

/**
 * Parses table.dat.
 * @param bytes - the whole file
 * @param file - its path, for messages
 * @see casacore note 260, "CTDS File Formats", sections 3.1, 4 and 5
 */
export function parseTableFile(bytes: Uint8Array, file: string): TableFile {
  const reader = new AipsioReader(bytes, file)
  const table = reader.object('Table', 3, version => {
    const nRow = version > 2 ? reader.size64() : reader.uint32()
    const format = reader.uint32()
    const kind = reader.string()
    if (kind === 'PlainTable') return readPlain(reader, version, nRow, format)
    if (kind === 'RefTable') return readReference(reader, nRow)
    if (kind === 'ConcatTable') return readConcat(reader, nRow)
    throw reader.error(`expected a PlainTable, RefTable or ConcatTable, got '${kind.slice(0, 40)}'`)
  })
  if (reader.remaining !== 0) throw reader.error(`expected the end of the file, got ${reader.remaining} more bytes`)
  return table
}

function readPlain(reader: AipsioReader, version: number, nRow: number, format: number): PlainTableFile {
  if (format > 1) throw reader.error(`expected byte order 0 (big) or 1 (little), got ${format}`)
  const description = readTableDescription(reader)
  if (version === 1) readRecord(reader)
  const mark = reader.int32()
  const columnSetVersion = mark < 0 ? -mark : 1
  if (columnSetVersion > 3) throw reader.error(`expected ColumnSet of version 3 at most, got ${columnSetVersion}`)
  const setRows = mark >= 0 ? mark : columnSetVersion > 2 ? reader.size64() : reader.uint32()
  if (setRows !== nRow) throw reader.error(`expected ${nRow} rows in the column set, got ${setRows}`)
  const storageOption = columnSetVersion > 2 ? { kind: reader.int32(), blockSize: reader.int32() } : null
  const lastSequence = reader.uint32()
  const nManager = reader.count(reader.uint32(), 8, 'data managers')
  const heads: { type: string; sequence: number }[] = []
  for (let i = 0; i < nManager; i++) heads.push({ type: reader.string(), sequence: reader.uint32() })
  const bindings = description.columns.map(column => readBinding(reader, column.isArray))
  const managers = heads.map(head => ({ ...head, info: reader.raw(reader.uint32()).slice() }))
  for (const [i, binding] of bindings.entries())
    if (!heads.some(head => head.sequence === binding.sequence))
      throw reader.error(
        `expected a data manager ${binding.sequence} for column ${description.columns[i].name}, got none`,
      )
  const littleEndian = format === 1
  return { kind: 'PlainTable', nRow, littleEndian, description, managers, bindings, lastSequence, storageOption }
}

function readBinding(reader: AipsioReader, isArray: boolean): ColumnBinding {
  const version = reader.int32()
  if (version < 1 || version > 2) throw reader.error(`expected column binding of version 1 or 2, got ${version}`)
  if (version === 1) readRecord(reader)
  const originalName = reader.string()
  const derivedVersion = reader.uint32()
  if (derivedVersion !== 1) throw reader.error(`expected column data of version 1, got ${derivedVersion}`)
  const sequence = reader.uint32()
  const fixedShape = isArray && reader.bool() ? readPosition(reader) : null
  if (fixedShape?.some(length => length < 0))
    throw reader.error('expected axis lengths of 0 or more, got a negative one')
  return { originalName, sequence, fixedShape }
}

function readReference(reader: AipsioReader, nRow: number): ReferenceTableFile {
  return reader.object('RefTable', 3, version => {
    const root = reader.string()
    const columnNames = readMap(
      reader,
      () => reader.string(),
      () => reader.string(),
    )
    const columnOrder = version > 1 ? readNames(reader) : null
    const count = () => (version > 2 ? reader.size64() : reader.uint32())
    const rootRowCount = count()
    reader.bool() // whether the rows are in ascending order
    const nListed = count()
    if (nListed !== nRow) throw reader.error(`expected ${nRow} referenced rows, got ${nListed}`)
    reader.count(nRow, version > 2 ? 8 : 4, 'row numbers')
    const rows = new Float64Array(nRow)
    for (let i = 0; i < nRow; i++) {
      rows[i] = count()
      if (rows[i] >= rootRowCount) throw reader.error(`expected rows below ${rootRowCount}, got ${rows[i]}`)
    }
    return { kind: 'RefTable', nRow, root, columnNames, columnOrder, rootRowCount, rows }
  })
}

function readNames(reader: AipsioReader): string[] {
  return reader.object(['Array', 'Array<*'], 3, version => {
    const nAxis = reader.uint32()
    if (nAxis !== 1) throw reader.error(`expected a list of column names, got an array of ${nAxis} axes`)
    reader.uint32()
    if (version < 3) reader.int32()
    return readStringList(reader)
  })
}

function readStringList(reader: AipsioReader): string[] {
  const n = reader.count(reader.uint32(), 4, 'names')
  const names: string[] = []
  for (let i = 0; i < n; i++) names.push(reader.string())
  return names
}

function readConcat(reader: AipsioReader, nRow: number): ConcatTableFile {
  return reader.object('ConcatTable', 0, () => {
    const parts = readStringList(reader)
    const concatenatedSubtables = reader.object('Block', 1, () => readStringList(reader))
    return { kind: 'ConcatTable', nRow, parts, concatenatedSubtables }
  })
}
