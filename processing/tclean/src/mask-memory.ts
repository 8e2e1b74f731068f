// What an automatic mask remembers, as text that fits into the header of an image.

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** A digest of the bits of an array: 64 bits from two FNV-1a hashes over words; '0' and '-0' differ. */
export function floatDigest(values: Float32Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  let forward = FNV_OFFSET
  let shifted = FNV_OFFSET ^ values.length
  for (let i = 0; i < words.length; i++) {
    forward = Math.imul(forward ^ words[i], FNV_PRIME)
    shifted = Math.imul(shifted ^ ((words[i] << 13) | (words[i] >>> 19)), FNV_PRIME)
  }
  return [forward, shifted].map(hash => (hash >>> 0).toString(16).padStart(8, '0')).join('')
}

/** Lengths of runs of zeros and ones in turn, zeros first, in base 36; '' when all are zero. */
export function encodeRuns(flags: Uint8Array): string {
  const runs: string[] = []
  let value = 0
  let length = 0
  for (let i = 0; i < flags.length; i++) {
    if ((flags[i] !== 0 ? 1 : 0) === value) {
      length++
      continue
    }
    runs.push(length.toString(36))
    value = 1 - value
    length = 1
  }
  // Zeros at the end go without saying.
  if (value === 1) runs.push(length.toString(36))
  return runs.join('.')
}

/** The inverse of {@link encodeRuns}. */
export function decodeRuns(text: string, length: number): Uint8Array {
  const flags = new Uint8Array(length)
  if (text === '') return flags
  let at = 0
  for (const [index, run] of text.split('.').entries()) {
    const end = at + Number.parseInt(run, 36)
    if (index % 2 === 1) flags.fill(1, at, end)
    at = end
  }
  return flags
}
