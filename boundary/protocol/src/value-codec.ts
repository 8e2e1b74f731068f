import type { JsonValue } from '@cleanbeam/types'
import { ProtocolError } from './protocol-error.ts'

// JSON cannot hold typed arrays nor NaN, infinities and negative zero. They travel as objects with one key that begins
// with '$': {"$buffer": 3} stands for the frame's buffer number 3, {"$number": "NaN"} for the number. Data of the
// application may therefore not use keys that begin with '$'.

const ARRAY_TYPES = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
} as const

/** Element type of a buffer, as numpy names it (little-endian). */
export type BufferType = keyof typeof ARRAY_TYPES
/** The typed arrays that messages may hold. */
export type BufferArray = InstanceType<(typeof ARRAY_TYPES)[BufferType]>

const MAX_DEPTH = 64
const SPECIAL_NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
}

export function bufferTypeOf(array: BufferArray): BufferType {
  for (const [type, arrayClass] of Object.entries(ARRAY_TYPES)) {
    if (array instanceof arrayClass) return type as BufferType
  }
  throw new ProtocolError('expected an array of 8 to 32-bit integers or of floats, got another kind (message buffer)')
}

/**
 * A buffer's bytes as its typed array: a view where the bytes are aligned for it, otherwise a copy.
 * @throws ProtocolError for an unknown type or a length that is no whole number of elements
 */
export function bufferArray(type: string, bytes: Uint8Array): BufferArray {
  if (!Object.hasOwn(ARRAY_TYPES, type)) {
    throw new ProtocolError(`expected a buffer type of ${Object.keys(ARRAY_TYPES).join(', ')}, got ${type} (frame)`)
  }
  const arrayClass = ARRAY_TYPES[type as BufferType]
  const size = arrayClass.BYTES_PER_ELEMENT
  if (bytes.byteLength % size !== 0) {
    throw new ProtocolError(`expected a multiple of ${size} bytes for ${type}, got ${bytes.byteLength} (frame buffer)`)
  }
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  return new arrayClass(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.byteLength / size)
}

/**
 * A value as JSON data; its typed arrays are appended to `buffers` and replaced by references.
 * @throws ProtocolError for functions, bigints, keys beginning with '$', and nesting deeper than 64
 */
export function toWire(value: unknown, buffers: BufferArray[], depth = 0): JsonValue | undefined {
  if (depth > MAX_DEPTH) throw new ProtocolError(`expected at most ${MAX_DEPTH} levels of nesting (message)`)
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value
    case 'number':
      if (Number.isFinite(value) && !Object.is(value, -0)) return value
      return { $number: Object.is(value, -0) ? '-0' : String(value) }
    case 'object':
      break
    default:
      throw new ProtocolError(`expected JSON data or a typed array, got a ${typeof value} (message)`)
  }
  if (value === null) return null
  if (ArrayBuffer.isView(value)) {
    buffers.push(value as BufferArray)
    return { $buffer: buffers.length - 1 }
  }
  if (Array.isArray(value)) return value.map(element => toWire(element, buffers, depth + 1) ?? null)
  return objectToWire(value, buffers, depth)
}

function objectToWire(value: object, buffers: BufferArray[], depth: number): JsonValue {
  const wire: Record<string, JsonValue | undefined> = {}
  for (const [key, element] of Object.entries(value)) {
    if (key.startsWith('$')) throw new ProtocolError(`expected keys that do not begin with '$', got ${key} (message)`)
    wire[key] = toWire(element, buffers, depth + 1)
  }
  return wire
}

/**
 * Inverse of `toWire`; changes `wire` in place where it can.
 * @throws ProtocolError for a reference to a buffer that is not there or an unknown '$' key
 */
export function fromWire(wire: unknown, buffers: readonly BufferArray[], depth = 0): unknown {
  if (typeof wire !== 'object' || wire === null) return wire
  if (depth > MAX_DEPTH) throw new ProtocolError(`expected at most ${MAX_DEPTH} levels of nesting (message)`)
  if (Array.isArray(wire)) {
    for (let i = 0; i < wire.length; i++) {
      if (typeof wire[i] === 'object') wire[i] = fromWire(wire[i], buffers, depth + 1)
    }
    return wire
  }
  const object = wire as Record<string, unknown>
  for (const key of Object.keys(object)) {
    if (key.startsWith('$')) return reference(key, object[key], buffers)
    if (typeof object[key] === 'object') object[key] = fromWire(object[key], buffers, depth + 1)
  }
  return object
}

function reference(key: string, value: unknown, buffers: readonly BufferArray[]): unknown {
  if (key === '$buffer' && typeof value === 'number' && buffers[value] !== undefined) return buffers[value]
  if (key === '$number' && typeof value === 'string' && Object.hasOwn(SPECIAL_NUMBERS, value)) {
    return SPECIAL_NUMBERS[value]
  }
  throw new ProtocolError(`expected a known reference, got {"${key}": ${JSON.stringify(value)}} (message)`)
}
