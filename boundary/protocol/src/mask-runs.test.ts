import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeRuns, encodeRuns } from './mask-runs.ts'

it('runs give back the mask they were made from', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1), { maxLength: 200 }), bits => {
      expect([...decodeRuns(encodeRuns(bits), bits.length)]).toEqual(bits)
    }),
    { seed: 3 },
  )
})

it('runs begin with zeros and add up', () => {
  expect([...encodeRuns([1, 1, 0])]).toEqual([0, 2, 1])
  expect([...encodeRuns([0, 0, 0])]).toEqual([3])
  expect([...encodeRuns([])]).toEqual([0])
  expect(() => decodeRuns(Uint32Array.of(2, 3), 6)).toThrow('expected mask runs that add up to 6 pixels, got 5')
})
