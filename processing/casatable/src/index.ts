/**
 * casacore tables (MeasurementSets, images, calibration tables), read and written natively.
 *
 * ```ts
 * import { openTable } from '@cleanbeam/casatable/node'
 *
 * const ms = openTable('obs.ms')
 * const data = ms.column('DATA').getRange(0, 1000)         // complex64 [correlation, channel] × 1000 rows
 * const names = ms.subtable('FIELD').column('NAME').getStrings(0, ms.subtable('FIELD').nRow)
 * ms.close()
 * ```
 *
 * @module
 */

export type { ByteSource, ByteStore, TableStorage, WritableTableStorage } from './byte-source.ts'
export { CasatableError, type TableLocation } from './casatable-error.ts'
export {
  type ArrayValue,
  type CellValue,
  type ComplexValue,
  elementCount,
  isArrayValue,
  type ScalarValue,
} from './cell-value.ts'
export { MemoryStorage } from './memory-storage.ts'
export type {
  CellSlice,
  ColumnRange,
  RangeOptions,
  ShapeRun,
  StorageInfo,
  Table,
  TableColumn,
  TableInfo,
} from './table.ts'
export { createTableIn, openTableForUpdateIn, openTableIn } from './table-access.ts'
export {
  isTableReference,
  type KeywordValue,
  type PlainRecord,
  type PlainValue,
  type RecordEntry,
  TableRecord,
  type TableReference,
} from './table-record.ts'
export type {
  ColumnSpec,
  StorageSpec,
  TableSpec,
  WritableColumn,
  WritableStorageType,
  WritableTable,
} from './table-spec.ts'
export {
  allocateNumeric,
  isNumericType,
  type NumericArray,
  type NumericLayout,
  type NumericType,
  numericLayout,
  type ValueType,
} from './value-type.ts'
