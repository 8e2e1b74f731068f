import fc from 'fast-check'
import { expect, it } from 'vitest'
import { grownMask, shrunkMask } from './mask-border.ts'

const [NX, NY] = [17, 13]

/** By the definition, one distance at a time. */
function slowlyGrown(mask: readonly number[], radius: number): number[] {
  return mask.map((_, i) => {
    const [x, y] = [i % NX, Math.floor(i / NX)]
    return mask.some((v, j) => v !== 0 && Math.hypot((j % NX) - x, Math.floor(j / NX) - y) <= radius) ? 1 : 0
  })
}

const masks = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: NX * NY, maxLength: NX * NY })

it('grows by all pixels within the radius, whatever the mask', () => {
  fc.assert(
    fc.property(masks, fc.constantFrom(0.5, 1, 1.5, 2.3, 4), (mask, radius) => {
      expect([...grownMask(mask, NX, NY, radius)]).toEqual(slowlyGrown(mask, radius))
    }),
  )
})

it('shrinks as the rest grows, and keeps what touches the border of the image', () => {
  fc.assert(
    fc.property(masks, mask => {
      const rest = slowlyGrown(
        mask.map(v => 1 - v),
        1,
      )
      expect([...shrunkMask(mask, NX, NY, 1)]).toEqual(rest.map(v => 1 - v))
    }),
  )
  expect([...shrunkMask(new Uint8Array(NX * NY).fill(1), NX, NY, 3)].every(v => v === 1)).toBe(true)
})
