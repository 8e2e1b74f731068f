import type { AipsioReader } from './aipsio-reader.ts'
import { type ArrayValue, type ComplexValue, elementCount, type ScalarValue } from './cell-value.ts'
import { allocateNumeric, isNumericType, type NumericType, numericLayout, type ValueType } from './value-type.ts'

/** More axes than this are refused. */
const MAX_AXES = 16

/** Checks a shape from a file: few axes, none negative, a product that is an exact integer. */
export function checkShape(reader: { error(message: string): Error }, shape: readonly number[]): readonly number[] {
  if (shape.length > MAX_AXES) throw reader.error(`expected at most ${MAX_AXES} axes, got ${shape.length}`)
  let n = 1
  for (const length of shape) {
    if (length < 0) throw reader.error(`expected axis lengths of 0 or more, got [${shape.join(', ')}]`)
    n *= length
  }
  if (!Number.isSafeInteger(n))
    throw reader.error(`expected a shape of fewer than 2^53 elements, got [${shape.join(', ')}]`)
  return shape
}

/** An IPosition: a shape or a position, fastest axis first. */
export function readPosition(reader: AipsioReader): number[] {
  return reader.object('IPosition', 2, version => {
    const nAxis = reader.count(reader.uint32(), version === 1 ? 4 : 8, 'axes')
    if (nAxis > MAX_AXES) throw reader.error(`expected at most ${MAX_AXES} axes, got ${nAxis}`)
    const position: number[] = []
    for (let i = 0; i < nAxis; i++) position.push(version === 1 ? reader.int32() : Number(reader.bigInt64()))
    return position
  })
}

/** A Block of unsigned integers: 32 bits each, or 64 bits when `wide`. */
export function readBlock(reader: AipsioReader, wide = false): number[] {
  return reader.object('Block', 1, () => {
    const n = reader.count(reader.uint32(), wide ? 8 : 4, 'elements')
    const values = new Array<number>(n)
    for (let i = 0; i < n; i++) values[i] = wide ? reader.size64() : reader.uint32()
    return values
  })
}

/** A map kept as SimpleOrderedMap; `readKey` and `readValue` read one entry each. */
export function readMap<K, V>(reader: AipsioReader, readKey: () => K, readValue: () => V): Map<K, V> {
  return reader.object('SimpleOrderedMap*', 1, () => {
    readValue()
    const n = reader.count(reader.uint32(), 2, 'map entries')
    reader.uint32()
    const map = new Map<K, V>()
    for (let i = 0; i < n; i++) map.set(readKey(), readValue())
    return map
  })
}

/** A scalar as AipsIO keeps it. */
export function readScalar(reader: AipsioReader, type: Exclude<ValueType, 'record' | 'table'>): ScalarValue {
  switch (type) {
    case 'bool':
      return reader.bool()
    case 'int8':
      return reader.int8()
    case 'uint8':
      return reader.uint8()
    case 'int16':
      return reader.int16()
    case 'uint16':
      return reader.uint16()
    case 'int32':
      return reader.int32()
    case 'uint32':
      return reader.uint32()
    case 'int64':
      return exactInteger(reader.bigInt64())
    case 'float32':
      return reader.float32()
    case 'float64':
      return reader.float64()
    case 'complex64':
      return readComplex(() => reader.float32())
    case 'complex128':
      return readComplex(() => reader.float64())
    case 'string':
      return reader.string()
  }
}

/** A 64-bit integer as a number when that is exact. */
export function exactInteger(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function readComplex(read: () => number): ComplexValue {
  const re = read()
  return { re, im: read() }
}

/** An Array object. */
export function readArray(reader: AipsioReader, type: Exclude<ValueType, 'record' | 'table'>): ArrayValue {
  return reader.object(['Array', 'Array<*'], 3, version => {
    const nAxis = reader.count(reader.uint32(), 4, 'axes')
    const shape: number[] = []
    for (let i = 0; i < nAxis; i++) shape.push(reader.uint32())
    if (version < 3) for (let i = 0; i < nAxis; i++) reader.int32()
    checkShape(reader, shape)
    const n = elementCount(shape)
    const stored = reader.uint32()
    if (stored !== n) throw reader.error(`expected ${n} array elements for shape [${shape.join(', ')}], got ${stored}`)
    return { shape, data: isNumericType(type) ? readNumbers(reader, type, n) : readStrings(reader, n) }
  })
}

function readStrings(reader: AipsioReader, n: number): string[] {
  reader.count(n, 4, 'strings')
  const strings: string[] = []
  for (let i = 0; i < n; i++) strings.push(reader.string())
  return strings
}

function readNumbers(reader: AipsioReader, type: NumericType, n: number) {
  if (type === 'bool') {
    const bits = reader.raw(Math.ceil(n / 8))
    return Uint8Array.from({ length: n }, (_, i) => (bits[i >> 3] >> (i & 7)) & 1)
  }
  reader.count(n, numericLayout(type).bytes, 'array elements')
  const data = allocateNumeric(type, n)
  if (data instanceof BigInt64Array) for (let i = 0; i < n; i++) data[i] = reader.bigInt64()
  else {
    const component = type === 'complex64' ? 'float32' : type === 'complex128' ? 'float64' : type
    for (let i = 0; i < data.length; i++) data[i] = readScalar(reader, component) as number
  }
  return data
}
