import type { AipsioWriter } from './aipsio-writer.ts'
import { CasatableError } from './casatable-error.ts'
import { type ArrayValue, type ComplexValue, isArrayValue, type ScalarValue } from './cell-value.ts'
import { isTableReference, type RecordEntry, TableRecord } from './table-record.ts'
import { encodeTypeCode, isNumericType, matchesType, type NumericArray, type ValueType } from './value-type.ts'

/** casacore's names of the types, as they appear in the names of classes. */
const CLASS_NAMES: Readonly<Record<Exclude<ValueType, 'record' | 'table'>, string>> = {
  bool: 'Bool',
  int8: 'Char',
  uint8: 'uChar',
  int16: 'Short',
  uint16: 'uShort',
  int32: 'Int',
  uint32: 'uInt',
  int64: 'Int64',
  float32: 'float',
  float64: 'double',
  complex64: 'Complex',
  complex128: 'DComplex',
  string: 'String',
}

/** casacore's name of a type. */
export function className(type: Exclude<ValueType, 'record' | 'table'>): string {
  return CLASS_NAMES[type]
}

/** An IPosition; 64 bits wide only where it has to be. */
export function writePosition(writer: AipsioWriter, position: readonly number[]): void {
  const wide = position.some(value => value > 0x7fffffff || value < -0x80000000)
  writer.object('IPosition', wide ? 2 : 1, () => {
    writer.uint32(position.length)
    for (const value of position) {
      if (wide) writer.int64(value)
      else writer.int32(value)
    }
  })
}

/** A Block of unsigned integers. */
export function writeBlock(writer: AipsioWriter, values: ArrayLike<number>, wide = false): void {
  writer.object('Block', 1, () => {
    writer.uint32(values.length)
    for (let i = 0; i < values.length; i++) {
      if (wide) writer.int64(values[i])
      else writer.uint32(values[i])
    }
  })
}

/** A map as SimpleOrderedMap; `writeEntry` writes a key and a value, `writeDefault` the unused default. */
export function writeMap<K, V>(
  writer: AipsioWriter,
  map: ReadonlyMap<K, V>,
  writeDefault: () => void,
  writeEntry: (key: K, value: V) => void,
): void {
  writer.object('SimpleOrderedMap', 1, () => {
    writeDefault()
    writer.uint32(map.size)
    writer.uint32(1)
    for (const [key, value] of map) writeEntry(key, value)
  })
}

/** A scalar as AipsIO keeps it. */
export function writeScalar(writer: AipsioWriter, type: ValueType, value: ScalarValue): void {
  if (type === 'string') writer.string(String(value))
  else if (type === 'bool') writer.bool(Boolean(value))
  else if (type === 'complex64' || type === 'complex128') writeComplex(writer, type, value)
  else if (type === 'int64') writer.int64(value as number | bigint)
  else writeNumber(writer, type, Number(value))
}

function writeComplex(writer: AipsioWriter, type: 'complex64' | 'complex128', value: ScalarValue): void {
  const { re, im }: ComplexValue = typeof value === 'object' ? value : { re: Number(value), im: 0 }
  for (const part of [re, im]) {
    if (type === 'complex64') writer.float32(part)
    else writer.float64(part)
  }
}

function writeNumber(writer: AipsioWriter, type: ValueType, value: number): void {
  if (type === 'int8' || type === 'uint8') writer.uint8(value & 0xff)
  else if (type === 'int16' || type === 'uint16') writer.int16(value)
  else if (type === 'int32') writer.int32(value)
  else if (type === 'uint32') writer.uint32(value)
  else if (type === 'float32') writer.float32(value)
  else writer.float64(value)
}

/** An Array object. */
export function writeArray(
  writer: AipsioWriter,
  type: Exclude<ValueType, 'record' | 'table'>,
  array: ArrayValue,
): void {
  writer.object(`Array<${CLASS_NAMES[type]}>`, 3, () => {
    writer.uint32(array.shape.length)
    for (const length of array.shape) writer.uint32(length)
    if (Array.isArray(array.data)) {
      writer.uint32(array.data.length)
      for (const text of array.data) writer.string(text)
    } else writeNumbers(writer, type, array.data as NumericArray)
  })
}

function writeNumbers(writer: AipsioWriter, type: ValueType, data: NumericArray): void {
  const isComplex = type === 'complex64' || type === 'complex128'
  writer.uint32(isComplex ? data.length / 2 : data.length)
  if (type === 'bool') {
    const bits = new Uint8Array(Math.ceil(data.length / 8))
    for (let i = 0; i < data.length; i++) if (data[i]) bits[i >> 3] |= 1 << (i & 7)
    writer.raw(bits)
    return
  }
  const component = type === 'complex64' ? 'float32' : type === 'complex128' ? 'float64' : type
  for (const value of data) writeScalar(writer, component, value)
}

/** A record with the description of its structure: keywords (TableRecord) or a plain Record. */
export function writeRecord(
  writer: AipsioWriter,
  record: TableRecord,
  type: 'TableRecord' | 'Record' = 'TableRecord',
): void {
  writer.object(type, 1, () => {
    writeDescription(writer, record)
    writer.int32(1) // variable structure
    for (const entry of record.entries()) writeEntry(writer, entry, type)
  })
}

function writeDescription(writer: AipsioWriter, record: TableRecord): void {
  writer.object('RecordDesc', 2, () => {
    writer.uint32(record.size)
    for (const entry of record.entries()) {
      const isArray = isArrayValue(entry.value)
      writer.string(entry.name)
      writer.int32(encodeTypeCode(entry.type, isArray))
      // Records within records tell their own structure, so that it may change.
      if (entry.type === 'record') writeDescription(writer, new TableRecord())
      if (isArray) writePosition(writer, [-1])
      if (entry.type === 'table') writer.string('')
      writer.string(entry.comment)
    }
  })
}

function writeEntry(writer: AipsioWriter, entry: RecordEntry, recordType: 'TableRecord' | 'Record'): void {
  const { value, type, name } = entry
  if (value instanceof TableRecord && type === 'record') writeRecord(writer, value, recordType)
  else if (isTableReference(value) && type === 'table') writer.string(value.tablePath)
  else if (isArrayValue(value) && type !== 'record' && type !== 'table') {
    checkElements(name, type, value)
    writeArray(writer, type, value)
  } else if (type !== 'record' && type !== 'table' && !(value instanceof TableRecord) && !isTableReference(value))
    writeScalar(writer, type, value as ScalarValue)
  else throw new CasatableError(`expected a value of type ${type} for keyword ${name}, got another`)
}

function checkElements(name: string, type: ValueType, value: ArrayValue): void {
  const fits = isNumericType(type)
    ? !Array.isArray(value.data) && matchesType(type, value.data as NumericArray)
    : Array.isArray(value.data)
  if (!fits) throw new CasatableError(`expected an array of type ${type} for keyword ${name}, got another`)
}
