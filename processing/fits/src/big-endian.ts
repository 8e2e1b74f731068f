/**
 * FITS keeps numbers big-endian (FITS standard 4.0, section 5); these turn them round in place.
 *
 * *Cost:* one pass over the array, no allocation. On a big-endian host they do nothing.
 */
const hostIsLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

/** Swaps the bytes of 2-byte words in place between FITS order and the host's. */
export function swapWords16(words: Uint16Array): void {
  if (!hostIsLittleEndian) return
  for (let i = 0; i < words.length; i++) {
    const w = words[i]
    words[i] = (w << 8) | (w >>> 8)
  }
}

/** Swaps the bytes of 4-byte words in place between FITS order and the host's. */
export function swapWords32(words: Uint32Array): void {
  if (!hostIsLittleEndian) return
  for (let i = 0; i < words.length; i++) {
    const w = words[i]
    words[i] = (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24)
  }
}

/** Swaps the bytes of 8-byte words in place between FITS order and the host's; the view has two entries per word. */
export function swapWords64(halves: Uint32Array): void {
  if (!hostIsLittleEndian) return
  swapWords32(halves)
  for (let i = 0; i + 1 < halves.length; i += 2) {
    const first = halves[i]
    halves[i] = halves[i + 1]
    halves[i + 1] = first
  }
}

/** Numbers of a FITS array, in host order, still without BSCALE and BZERO. */
export type RawNumbers = Uint8Array | Int16Array | Int32Array | BigInt64Array | Float32Array | Float64Array

/**
 * Reads a big-endian FITS array.
 * @param bytes - a buffer the caller gives away (it is turned round in place), starting at byte offset 0
 * @param bitpix - 8, 16, 32, 64, −32 or −64
 * @returns a view of the same buffer
 */
export function decodeNumbers(bytes: Uint8Array<ArrayBuffer>, bitpix: number): RawNumbers {
  const { buffer, byteOffset, byteLength } = bytes
  switch (bitpix) {
    case 16:
      swapWords16(new Uint16Array(buffer, byteOffset, byteLength >> 1))
      return new Int16Array(buffer, byteOffset, byteLength >> 1)
    case 32:
      swapWords32(new Uint32Array(buffer, byteOffset, byteLength >> 2))
      return new Int32Array(buffer, byteOffset, byteLength >> 2)
    case 64:
      swapWords64(new Uint32Array(buffer, byteOffset, (byteLength >> 3) * 2))
      return new BigInt64Array(buffer, byteOffset, byteLength >> 3)
    case -32:
      swapWords32(new Uint32Array(buffer, byteOffset, byteLength >> 2))
      return new Float32Array(buffer, byteOffset, byteLength >> 2)
    case -64:
      swapWords64(new Uint32Array(buffer, byteOffset, (byteLength >> 3) * 2))
      return new Float64Array(buffer, byteOffset, byteLength >> 3)
    default:
      return bytes
  }
}

/** Bytes of an array in FITS order, in a new buffer. */
export function encodeNumbers(values: RawNumbers): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.byteLength)
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  const size = values.BYTES_PER_ELEMENT
  if (size === 2) swapWords16(new Uint16Array(bytes.buffer))
  if (size === 4) swapWords32(new Uint32Array(bytes.buffer))
  if (size === 8) swapWords64(new Uint32Array(bytes.buffer))
  return bytes
}
