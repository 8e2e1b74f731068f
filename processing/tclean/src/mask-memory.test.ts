import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRuns, encodeRuns, floatDigest } from './mask-memory.ts'

describe('runs', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 200 }), list => {
        const flags = Uint8Array.from(list)
        expect(decodeRuns(encodeRuns(flags), flags.length)).toEqual(flags)
      }),
    )
  })

  it('are short: nothing set is the empty text', () => {
    expect(encodeRuns(new Uint8Array(1000))).toBe('')
    expect(encodeRuns(Uint8Array.of(0, 0, 1, 1, 1, 0, 0))).toBe('2.3')
  })
})

describe('floatDigest', () => {
  it('tells arrays apart that differ in one bit or in order', () => {
    const digests = [
      [1, 2, 3],
      [2, 1, 3],
      [1, 2, 3.0000002],
      [1, 2, 3, 0],
      [1, 2, -3],
    ].map(list => floatDigest(Float32Array.from(list)))
    expect(new Set(digests).size).toBe(5)
    expect(floatDigest(Float32Array.of(1, 2, 3))).toBe(digests[0])
  })
})
