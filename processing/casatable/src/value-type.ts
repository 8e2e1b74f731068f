/**
 * The types a cell or keyword can have, by numpy's names: bool, casacore's Char to Int64, Float, Double, Complex,
 * DComplex, String and Record.
 */
export type ValueType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128'
  | 'string'
  | 'record'
  | 'table'

/** The types whose values are numbers (or bits) of a fixed size. */
export type NumericType = Exclude<ValueType, 'string' | 'record' | 'table'>

/** Holds numeric cells: bool as 0 or 1, complex as interleaved real and imaginary parts. */
export type NumericArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | Float32Array
  | Float64Array

/** How values of a type lie in files and arrays. */
export interface NumericLayout {
  /** Bytes of one value in a file; a bool takes one bit in arrays and buckets, and one byte in AipsIO scalars. */
  readonly bytes: number
  /** Bytes that are reversed together when the byte order differs. */
  readonly wordBytes: 1 | 2 | 4 | 8
  /** Elements of the typed array per value: 2 for complex. */
  readonly components: 1 | 2
}

const NUMERIC_LAYOUTS: Readonly<Record<NumericType, NumericLayout>> = {
  bool: { bytes: 1, wordBytes: 1, components: 1 },
  int8: { bytes: 1, wordBytes: 1, components: 1 },
  uint8: { bytes: 1, wordBytes: 1, components: 1 },
  int16: { bytes: 2, wordBytes: 2, components: 1 },
  uint16: { bytes: 2, wordBytes: 2, components: 1 },
  int32: { bytes: 4, wordBytes: 4, components: 1 },
  uint32: { bytes: 4, wordBytes: 4, components: 1 },
  int64: { bytes: 8, wordBytes: 8, components: 1 },
  float32: { bytes: 4, wordBytes: 4, components: 1 },
  float64: { bytes: 8, wordBytes: 8, components: 1 },
  complex64: { bytes: 8, wordBytes: 4, components: 2 },
  complex128: { bytes: 16, wordBytes: 8, components: 2 },
}

/** Layout of a numeric type. */
export function numericLayout(type: NumericType): NumericLayout {
  return NUMERIC_LAYOUTS[type]
}

/** True for the types that `NumericArray` can hold. */
export function isNumericType(type: ValueType): type is NumericType {
  return type in NUMERIC_LAYOUTS
}

/** Creates the array that holds `nValue` values of a type, zeroed. */
export function allocateNumeric(type: NumericType, nValue: number): NumericArray {
  const length = nValue * NUMERIC_LAYOUTS[type].components
  switch (type) {
    case 'bool':
    case 'uint8':
      return new Uint8Array(length)
    case 'int8':
      return new Int8Array(length)
    case 'int16':
      return new Int16Array(length)
    case 'uint16':
      return new Uint16Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'uint32':
      return new Uint32Array(length)
    case 'int64':
      return new BigInt64Array(length)
    case 'float32':
    case 'complex64':
      return new Float32Array(length)
    case 'float64':
    case 'complex128':
      return new Float64Array(length)
  }
}

/** True when `array` is of the class that `allocateNumeric` makes for the type. */
export function matchesType(type: NumericType, array: NumericArray): boolean {
  return array.constructor === allocateNumeric(type, 0).constructor
}

// casacore's DataType enumeration (DataType.h, as documented in its table file formats, note 260).
const SCALAR_CODES: readonly (readonly [number, ValueType])[] = [
  [0, 'bool'],
  [1, 'int8'],
  [2, 'uint8'],
  [3, 'int16'],
  [4, 'uint16'],
  [5, 'int32'],
  [6, 'uint32'],
  [7, 'float32'],
  [8, 'float64'],
  [9, 'complex64'],
  [10, 'complex128'],
  [11, 'string'],
  [12, 'table'],
  [25, 'record'],
  [29, 'int64'],
]
/** Distance from the code of a scalar type to that of an array of it (for the codes 0 to 11). */
const ARRAY_CODE_OFFSET = 13
const INT64_ARRAY_CODE = 30

/** The type and kind a code of casacore's DataType stands for, or null for one that tables cannot hold. */
export function decodeTypeCode(code: number): { readonly type: ValueType; readonly isArray: boolean } | null {
  if (code === INT64_ARRAY_CODE) return { type: 'int64', isArray: true }
  const scalar = SCALAR_CODES.find(entry => entry[0] === code)
  if (scalar !== undefined) return { type: scalar[1], isArray: false }
  const element = SCALAR_CODES.find(entry => entry[0] === code - ARRAY_CODE_OFFSET && entry[0] <= 11)
  return element === undefined ? null : { type: element[1], isArray: true }
}

/** The code of casacore's DataType for a type. */
export function encodeTypeCode(type: ValueType, isArray: boolean): number {
  if (type === 'int64' && isArray) return INT64_ARRAY_CODE
  const code = SCALAR_CODES.find(entry => entry[1] === type)![0]
  return isArray ? code + ARRAY_CODE_OFFSET : code
}
