import type { TableRecord } from './table-record.ts'
import type { NumericArray } from './value-type.ts'

/** One complex number. */
export interface ComplexValue {
  readonly re: number
  readonly im: number
}

/**
 * An array in a cell or keyword.
 *
 * *Convention:* `shape` is casacore's: fastest axis first (python-casacore shows it reversed). The data of a
 * MeasurementSet have shape [correlation, channel], those of an image [x, y, …]. An array whose last axis is slowest
 * in `shape` is, element for element, the C-ordered array of the reversed shape.
 */
export interface ArrayValue<Data extends NumericArray | string[] = NumericArray | string[]> {
  readonly shape: readonly number[]
  /** Bool as 0 or 1, complex interleaved, strings as a plain array. */
  readonly data: Data
}

/** A scalar in a cell or keyword. A 64-bit integer is a number when that is exact, else a bigint. */
export type ScalarValue = boolean | number | bigint | string | ComplexValue

/** What a cell holds. */
export type CellValue = ScalarValue | ArrayValue | TableRecord

/** True for arrays, false for scalars and records. */
export function isArrayValue(value: unknown): value is ArrayValue {
  return typeof value === 'object' && value !== null && 'shape' in value && 'data' in value
}

/** Number of elements of an array of this shape; 0 for a shape without axes (casacore's empty array). */
export function elementCount(shape: readonly number[]): number {
  if (shape.length === 0) return 0
  let n = 1
  for (const length of shape) n *= length
  return n
}

/** True for equal shapes, and for two missing ones. */
export function sameShape(a: readonly number[] | null, b: readonly number[] | null): boolean {
  if (a === b) return true
  if (a === null || b === null) return false
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}
