import { ProtocolError } from './protocol-error.ts'

/**
 * Run lengths of a mask plane: alternately the number of zeros and of ones, starting with zeros (possibly 0 of them),
 * x fastest. An empty plane of n pixels is [n].
 * @param mask - any non-zero value counts as one
 */
export function encodeRuns(mask: ArrayLike<number>): Uint32Array {
  const runs: number[] = []
  let value = false
  let start = 0
  for (let i = 0; i < mask.length; i++) {
    if ((mask[i] !== 0) === value) continue
    runs.push(i - start)
    start = i
    value = !value
  }
  runs.push(mask.length - start)
  return Uint32Array.from(runs)
}

/**
 * Inverse of `encodeRuns`.
 * @returns new array of nPixel zeros and ones
 * @throws ProtocolError when the runs do not add up to nPixel
 */
export function decodeRuns(runs: Uint32Array, nPixel: number): Uint8Array<ArrayBuffer> {
  const total = runs.reduce((sum, run) => sum + run, 0)
  if (total !== nPixel) {
    throw new ProtocolError(`expected mask runs that add up to ${nPixel} pixels, got ${total} (mask plane)`, {
      nPixel,
      total,
    })
  }
  const mask = new Uint8Array(nPixel)
  let position = 0
  for (let i = 0; i < runs.length; i++) {
    if (i % 2 === 1) mask.fill(1, position, position + runs[i])
    position += runs[i]
  }
  return mask
}
