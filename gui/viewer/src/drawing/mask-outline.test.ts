import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskOutlines } from './mask-outline.ts'

/** Signed area of a closed line: positive when it runs anticlockwise. */
function area(line: ArrayLike<number>): number {
  let twice = 0
  for (let i = 0; i < line.length; i += 2) {
    const j = (i + 2) % line.length
    twice += line[i] * line[j + 1] - line[j] * line[i + 1]
  }
  return twice / 2
}

describe('mask outlines', () => {
  it('of one pixel are the four corners around its centre', () => {
    const mask = new Uint8Array(12)
    mask[1 + 4 * 1] = 1
    expect(maskOutlines(mask, 4, 3).map(line => [...line])).toEqual([[0.5, 0.5, 1.5, 0.5, 1.5, 1.5, 0.5, 1.5]])
  })

  it('of a ring are two lines, the inner one the other way round', () => {
    const mask = new Uint8Array(25)
    for (const i of [6, 7, 8, 11, 13, 16, 17, 18]) mask[i] = 1
    expect(
      maskOutlines(mask, 5, 5)
        .map(area)
        .sort((a, b) => a - b),
    ).toEqual([-1, 9])
  })

  it('keep pixels apart that touch at a corner only', () => {
    expect(maskOutlines(Uint8Array.of(1, 0, 0, 1), 2, 2)).toHaveLength(2)
  })

  it('enclose as much area as there are set pixels, for any mask', () => {
    const nx = 7
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 35, maxLength: 35 }), bits => {
        const enclosed = maskOutlines(Uint8Array.from(bits), nx, 5).reduce((sum, line) => sum + area(line), 0)
        expect(enclosed).toBe(bits.reduce<number>((sum, bit) => sum + bit, 0))
      }),
    )
  })

  it('of an empty mask are none', () => {
    expect(maskOutlines(new Uint8Array(9), 3, 3)).toEqual([])
  })
})
