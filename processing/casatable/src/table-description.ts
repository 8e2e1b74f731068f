import { checkShape, readPosition, readScalar } from './aipsio-objects.ts'
import type { AipsioReader } from './aipsio-reader.ts'
import type { ScalarValue } from './cell-value.ts'
import { readRecord } from './read-record.ts'
import type { TableRecord } from './table-record.ts'
import { decodeTypeCode, type ValueType } from './value-type.ts'

/** Column option bits of casacore's ColumnDesc. */
export const OPTION_DIRECT = 1
export const OPTION_FIXED_SHAPE = 4

/** What a table says about one of its columns. */
export interface ColumnDescription {
  readonly name: string
  readonly comment: string
  readonly type: ValueType
  readonly isArray: boolean
  /** Default data manager and its name (group), as given when the column was described. */
  readonly managerType: string
  readonly managerGroup: string
  readonly options: number
  /** Number of axes; 0 or −1 when not fixed. */
  readonly nAxis: number
  /** Shape of every cell, fastest axis first; [] when not fixed. */
  readonly shape: readonly number[]
  /** Longest string, or 0 for any length. */
  readonly maxLength: number
  readonly keywords: TableRecord
  /** Only kept to be written again. */
  readonly defaultValue: ScalarValue | null
}

/** The logical structure of a table. */
export interface TableDescription {
  readonly name: string
  readonly version: string
  readonly comment: string
  readonly keywords: TableRecord
  /** Keywords of the table system itself, such as the hypercolumns of the tiled managers. */
  readonly privateKeywords: TableRecord
  readonly columns: readonly ColumnDescription[]
}

/** A TableDesc object. */
export function readTableDescription(reader: AipsioReader): TableDescription {
  return reader.object('TableDesc', 2, version => {
    const name = reader.string()
    const descriptionVersion = reader.string()
    const comment = reader.string()
    const keywords = readRecord(reader)
    const privateKeywords = version > 1 ? readRecord(reader) : keywords
    const nColumn = reader.count(reader.uint32(), 40, 'columns')
    const columns: ColumnDescription[] = []
    const seen = new Set<string>()
    for (let i = 0; i < nColumn; i++) {
      const column = readColumnDescription(reader)
      if (seen.has(column.name)) throw reader.error(`expected one column ${column.name}, got two`)
      seen.add(column.name)
      columns.push(column)
    }
    return { name, version: descriptionVersion, comment, keywords, privateKeywords, columns }
  })
}

type ColumnClass = 'scalar' | 'array' | 'record'

function readColumnDescription(reader: AipsioReader): ColumnDescription {
  expectVersion(reader, 'ColumnDesc')
  const columnClass = classify(reader, reader.string())
  expectVersion(reader, 'BaseColumnDesc')
  const name = reader.string()
  const comment = reader.string()
  const managerType = reader.string()
  const managerGroup = reader.string()
  const code = reader.int32()
  const kind = decodeTypeCode(code)
  if (kind === null || kind.isArray || kind.type === 'table')
    throw reader.error(`expected a known data type for column ${name}, got code ${code}`)
  const options = reader.int32()
  const nAxis = reader.int32()
  const isArray = columnClass === 'array'
  const shape = isArray ? checkShape(reader, readPosition(reader)) : []
  const maxLength = reader.uint32()
  const keywords = readRecord(reader)
  expectVersion(reader, `description of column ${name}`)
  let defaultValue: ScalarValue | null = null
  if (isArray) reader.bool()
  else if (columnClass === 'scalar') {
    if (kind.type === 'record') throw reader.error(`expected a scalar type for column ${name}, got ${kind.type}`)
    defaultValue = readScalar(reader, kind.type)
  }
  const type = columnClass === 'record' ? 'record' : kind.type
  return {
    name,
    comment,
    type,
    isArray,
    managerType,
    managerGroup,
    options,
    nAxis,
    shape: (options & OPTION_FIXED_SHAPE) !== 0 ? shape : [],
    maxLength,
    keywords,
    defaultValue,
  }
}

function classify(reader: AipsioReader, className: string): ColumnClass {
  if (className.startsWith('ScalarColumnDesc<')) return 'scalar'
  if (className.startsWith('ArrayColumnDesc<')) return 'array'
  if (className.startsWith('ScalarRecordColumnDesc')) return 'record'
  throw reader.error(`expected a scalar, array or record column, got '${className.slice(0, 40)}'`)
}

function expectVersion(reader: AipsioReader, what: string): void {
  const version = reader.uint32()
  if (version !== 1) throw reader.error(`expected version 1 of ${what}, got ${version}`)
}
