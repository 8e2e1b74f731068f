import { readArray, readPosition, readScalar } from './aipsio-objects.ts'
import type { AipsioReader } from './aipsio-reader.ts'
import { TableRecord } from './table-record.ts'
import { decodeTypeCode, type ValueType } from './value-type.ts'

interface FieldDescription {
  readonly name: string
  readonly type: ValueType
  readonly isArray: boolean
  readonly comment: string
  /** Description of the fields of a record whose structure is fixed; empty when it describes itself. */
  readonly fields: readonly FieldDescription[]
}

/** A record: the keywords of a table or column (TableRecord), or a plain Record. */
export function readRecord(reader: AipsioReader): TableRecord {
  return reader.object(['TableRecord', 'Record'], 1, () => {
    const fields = readDescription(reader)
    reader.int32() // fixed or variable structure: makes no difference to a reader
    return readValues(reader, fields)
  })
}

function readDescription(reader: AipsioReader): FieldDescription[] {
  return reader.object('RecordDesc', 2, version => {
    const n = reader.count(reader.uint32(), 8, 'record fields')
    const fields: FieldDescription[] = []
    for (let i = 0; i < n; i++) fields.push(readField(reader, version))
    return fields
  })
}

function readField(reader: AipsioReader, version: number): FieldDescription {
  const name = reader.string()
  const code = reader.int32()
  const kind = decodeTypeCode(code)
  if (kind === null) throw reader.error(`expected a known data type for keyword ${name}, got code ${code}`)
  const fields = kind.type === 'record' ? readDescription(reader) : []
  if (kind.isArray) readPosition(reader)
  if (kind.type === 'table') reader.string()
  return { name, ...kind, fields, comment: version > 1 ? reader.string() : '' }
}

function readValues(reader: AipsioReader, fields: readonly FieldDescription[]): TableRecord {
  const record = new TableRecord()
  for (const field of fields) {
    if (record.has(field.name)) throw reader.error(`expected one keyword ${field.name}, got two`)
    record.set(field.name, field.type, readValue(reader, field), field.comment)
  }
  return record
}

function readValue(reader: AipsioReader, field: FieldDescription) {
  if (field.type === 'record') return field.fields.length === 0 ? readRecord(reader) : readValues(reader, field.fields)
  if (field.type === 'table') return { tablePath: reader.string() }
  return field.isArray ? readArray(reader, field.type) : readScalar(reader, field.type)
}
