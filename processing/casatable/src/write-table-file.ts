import { AipsioWriter } from './aipsio-writer.ts'
import type { ScalarValue } from './cell-value.ts'
import { type ColumnDescription, OPTION_FIXED_SHAPE, type TableDescription } from './table-description.ts'
import type { PlainTableFile } from './table-file.ts'
import { encodeTypeCode, type ValueType } from './value-type.ts'
import { className, writePosition, writeRecord, writeScalar } from './write-objects.ts'

/** Serialises table.dat of a table that holds its own data. */
export function writeTableFile(file: PlainTableFile): Uint8Array {
  const writer = new AipsioWriter()
  const wide = file.nRow > 0xffffffff
  writer.object('Table', wide ? 3 : 2, () => {
    if (wide) writer.int64(file.nRow)
    else writer.uint32(file.nRow)
    writer.uint32(file.littleEndian ? 1 : 0)
    writer.string('PlainTable')
    writeTableDescription(writer, file.description)
    writeColumnSet(writer, file)
  })
  return writer.bytes()
}

function writeTableDescription(writer: AipsioWriter, description: TableDescription): void {
  writer.object('TableDesc', 2, () => {
    writer.string(description.name)
    writer.string(description.version)
    writer.string(description.comment)
    writeRecord(writer, description.keywords)
    writeRecord(writer, description.privateKeywords)
    writer.uint32(description.columns.length)
    for (const column of description.columns) writeColumnDescription(writer, column)
  })
}

function writeColumnDescription(writer: AipsioWriter, column: ColumnDescription): void {
  writer.uint32(1)
  writer.string(descriptionClass(column))
  writer.uint32(1)
  writer.string(column.name)
  writer.string(column.comment)
  writer.string(column.managerType)
  writer.string(column.managerGroup)
  writer.int32(encodeTypeCode(column.type, false))
  writer.int32(column.options)
  writer.int32(column.nAxis)
  if (column.isArray) writePosition(writer, (column.options & OPTION_FIXED_SHAPE) !== 0 ? column.shape : [])
  writer.uint32(column.maxLength)
  writeRecord(writer, column.keywords)
  writer.uint32(1)
  if (column.isArray) writer.bool(false)
  else if (column.type !== 'record') writeScalar(writer, column.type, column.defaultValue ?? zeroOf(column.type))
}

function zeroOf(type: ValueType): ScalarValue {
  if (type === 'string') return ''
  return type === 'bool' ? false : 0
}

/** Name of the class that describes a column: the type's name is padded to eight characters. */
function descriptionClass(column: ColumnDescription): string {
  const { type, isArray } = column
  if (type === 'record' || type === 'table') return 'ScalarRecordColumnDesc'
  return `${isArray ? 'Array' : 'Scalar'}ColumnDesc<${className(type).padEnd(8)}`
}

function writeColumnSet(writer: AipsioWriter, file: PlainTableFile): void {
  const version = file.storageOption === null && file.nRow <= 0xffffffff ? 2 : 3
  writer.int32(-version)
  if (version === 2) writer.uint32(file.nRow)
  else {
    writer.int64(file.nRow)
    writer.int32(file.storageOption?.kind ?? 0)
    writer.int32(file.storageOption?.blockSize ?? 0)
  }
  writer.uint32(file.lastSequence)
  writer.uint32(file.managers.length)
  for (const manager of file.managers) {
    writer.string(manager.type)
    writer.uint32(manager.sequence)
  }
  for (const [i, binding] of file.bindings.entries()) {
    writer.int32(2)
    writer.string(binding.originalName)
    writer.uint32(1)
    writer.uint32(binding.sequence)
    if (!file.description.columns[i].isArray) continue
    writer.bool(binding.fixedShape !== null)
    if (binding.fixedShape !== null) writePosition(writer, binding.fixedShape)
  }
  for (const manager of file.managers) {
    writer.uint32(manager.info.length)
    writer.raw(manager.info)
  }
}
