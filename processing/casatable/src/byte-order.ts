/** True on machines whose typed arrays are little-endian. */
export const HOST_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/**
 * Reverses the bytes of every word in place.
 * @param bytes - starts at a multiple of min(wordBytes, 4) in its buffer; its length is a multiple of `wordBytes`
 */
export function swapWords(bytes: Uint8Array, wordBytes: 1 | 2 | 4 | 8): void {
  if (wordBytes === 2) swap16(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1))
  else if (wordBytes === 4) swap32(new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2))
  else if (wordBytes === 8) swap64(new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2))
}

function swap16(words: Uint16Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    words[i] = (word << 8) | (word >>> 8)
  }
}

function swap32(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    words[i] = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)
  }
}

function swap64(halves: Uint32Array): void {
  for (let i = 0; i < halves.length; i += 2) {
    const first = halves[i]
    const second = halves[i + 1]
    halves[i] = (second << 24) | ((second & 0xff00) << 8) | ((second >>> 8) & 0xff00) | (second >>> 24)
    halves[i + 1] = (first << 24) | ((first & 0xff00) << 8) | ((first >>> 8) & 0xff00) | (first >>> 24)
  }
}
