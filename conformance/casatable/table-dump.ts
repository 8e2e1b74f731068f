import { crc32 } from 'node:zlib'
import {
  type CellValue,
  isArrayValue,
  isTableReference,
  type PlainRecord,
  type Table,
  type TableColumn,
  TableRecord,
} from '@cleanbeam/casatable'

/** Checksum of a cell, or the record it holds; null where no array is defined. */
export type CellDump = number | null | PlainRecord

/** What dump_tables.py writes for one column. */
export interface ColumnDump {
  readonly keywords: PlainRecord
  readonly rows: readonly CellDump[]
}

/** What dump_tables.py writes for one table. */
export interface TableDump {
  readonly nrow: number
  readonly keywords: PlainRecord
  readonly columns: Readonly<Record<string, ColumnDump>>
}

/** Reads a whole table and its subtables; the same content as dump_tables.py gives. */
export function dumpTable(table: Table, into: Record<string, TableDump> = {}): Record<string, TableDump> {
  const columns: Record<string, ColumnDump> = {}
  for (const name of table.columnNames) columns[name] = dumpColumn(table.column(name))
  into[table.path] = { nrow: table.nRow, keywords: plainKeywords(table.keywords), columns }
  for (const subtable of referencedTables(table, table.keywords))
    if (into[subtable.path] === undefined) dumpTable(subtable, into)
  return into
}

function dumpColumn(column: TableColumn): ColumnDump {
  const rows: CellDump[] = []
  column.shapeRuns()
  for (let row = 0; row < column.nRow; row++)
    rows.push(column.isDefined(row) ? cellChecksum(column.getCell(row), column) : null)
  return { keywords: plainKeywords(column.keywords), rows }
}

/** CRC-32 of "shape;" and the little-endian bytes of a cell, as dump_tables.py has it. */
function cellChecksum(cell: CellValue, column: TableColumn): CellDump {
  if (cell instanceof TableRecord) return plainKeywords(cell)
  if (!isArrayValue(cell)) {
    if (column.type === 'string') return crc32(`;${cell}\0`)
    return crc32(asBytes(rangeOfOne(column, cell).data), crc32(';'))
  }
  const head = `${cell.shape.join(',')};`
  if (Array.isArray(cell.data)) return crc32(head + cell.data.map(text => `${text}\0`).join(''))
  return crc32(asBytes(canonical(cell.data)), crc32(head))
}

/** One bit pattern for all that is not a number. */
function canonical<T extends ArrayBufferView>(data: T): T {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return data
  const copy = data.slice()
  for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) copy[i] = Number.NaN
  return copy as unknown as T
}

function rangeOfOne(column: TableColumn, cell: CellValue): { data: ArrayBufferView } {
  const typed = column.getRange(0, 0).data
  const data = new (typed.constructor as new (length: number) => Float64Array)(typeof cell === 'object' ? 2 : 1)
  if (typeof cell === 'object' && 're' in cell) data.set([cell.re, cell.im])
  else (data as unknown as unknown[])[0] = column.type === 'int64' ? BigInt(cell as number) : Number(cell)
  return { data }
}

function asBytes(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
}

function plainKeywords(record: TableRecord): PlainRecord {
  const plain: PlainRecord = {}
  for (const entry of record.entries()) {
    if (entry.value instanceof TableRecord) plain[entry.name] = plainKeywords(entry.value)
    else plain[entry.name] = isTableReference(entry.value) ? 'Table' : record.toPlain()[entry.name]
  }
  return plain
}

function referencedTables(table: Table, record: TableRecord): Table[] {
  return record.entries().flatMap(entry => {
    if (entry.value instanceof TableRecord) return referencedTables(table, entry.value)
    if (!isTableReference(entry.value)) return []
    // Archives of real data leave subtables out that keywords still refer to.
    if (record === table.keywords && !table.hasSubtable(entry.name)) return []
    return [table.openReference(entry.value)]
  })
}
