import { HOST_LITTLE_ENDIAN, swapWords } from './byte-order.ts'
import { type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** The bytes of `nValue` values of `array`, from value `first` on, as a view. */
export function valueBytes(type: NumericType, array: NumericArray, first: number, nValue: number): Uint8Array {
  const { bytes } = numericLayout(type)
  return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset + first * bytes, nValue * bytes)
}

/**
 * Turns bytes of a file into values.
 * @param type - not bool, whose values are bits (`unpackBits`)
 * @param source - begins with the first value
 * @param target - of the class for `type`; filled from value `at` on
 */
export function decodeValues(
  type: NumericType,
  source: Uint8Array,
  littleEndian: boolean,
  target: NumericArray,
  at: number,
  nValue: number,
): void {
  const bytes = valueBytes(type, target, at, nValue)
  bytes.set(source.length === bytes.length ? source : source.subarray(0, bytes.length))
  if (littleEndian !== HOST_LITTLE_ENDIAN) swapWords(bytes, numericLayout(type).wordBytes)
}

/** The reverse of `decodeValues`: fills `target` with `nValue` values from value `first` on. */
export function encodeValues(
  type: NumericType,
  source: NumericArray,
  first: number,
  nValue: number,
  littleEndian: boolean,
  target: Uint8Array,
): void {
  const { wordBytes } = numericLayout(type)
  if (littleEndian === HOST_LITTLE_ENDIAN || wordBytes === 1) {
    target.set(valueBytes(type, source, first, nValue))
    return
  }
  const swapped = valueBytes(type, source, first, nValue).slice()
  swapWords(swapped, wordBytes)
  target.set(swapped)
}

/**
 * Unpacks bools kept as bits, lowest bit first.
 * @param firstBit - position of the first one in `source`
 */
export function unpackBits(source: Uint8Array, firstBit: number, target: Uint8Array, at: number, nBit: number): void {
  let bit = firstBit
  const end = firstBit + nBit
  let out = at
  for (; bit < end && (bit & 7) !== 0; bit++) target[out++] = (source[bit >>> 3] >>> (bit & 7)) & 1
  let byteIndex = bit >>> 3
  for (; bit + 8 <= end; bit += 8) {
    const byte = source[byteIndex++]
    target[out] = byte & 1
    target[out + 1] = (byte >>> 1) & 1
    target[out + 2] = (byte >>> 2) & 1
    target[out + 3] = (byte >>> 3) & 1
    target[out + 4] = (byte >>> 4) & 1
    target[out + 5] = (byte >>> 5) & 1
    target[out + 6] = (byte >>> 6) & 1
    target[out + 7] = byte >>> 7
    out += 8
  }
  for (; bit < end; bit++) target[out++] = (source[bit >>> 3] >>> (bit & 7)) & 1
}

/** Packs bools (0 or not 0) into bits, lowest first, leaving the other bits of `target` as they are. */
export function packBits(source: Uint8Array, at: number, nBit: number, target: Uint8Array, firstBit: number): void {
  for (let i = 0; i < nBit; i++) {
    const bit = firstBit + i
    const mask = 1 << (bit & 7)
    if (source[at + i] !== 0) target[bit >>> 3] |= mask
    else target[bit >>> 3] &= ~mask
  }
}
