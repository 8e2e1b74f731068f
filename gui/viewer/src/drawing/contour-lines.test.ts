import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contourLevels, contourSegments } from './contour-lines.ts'
import { wholePlane } from './plane.ts'

describe('contours', () => {
  it('of a cone are circles', () => {
    const pixels = Float32Array.from(
      { length: 41 * 41 },
      (_, i) => 20 - Math.hypot((i % 41) - 20, Math.floor(i / 41) - 20),
    )
    const segments = contourSegments(wholePlane(pixels, 41, 41), 8)
    let worst = 0
    let length = 0
    for (let i = 0; i < segments.length; i += 4) {
      const [x0, y0, x1, y1] = segments.subarray(i, i + 4)
      worst = Math.max(worst, Math.abs(Math.hypot(x0 - 20, y0 - 20) - 12))
      length += Math.hypot(x1 - x0, y1 - y0)
    }
    expect(worst).toBeLessThan(0.02)
    expect(Math.abs(length / (2 * Math.PI * 12) - 1)).toBeLessThan(0.01)
  })

  it('stand where the image has them also in reduced pixels', () => {
    const tile = { ...wholePlane(Float32Array.of(0, 1, 0, 1), 2, 2), originX: 8, originY: 16, step: 4 }
    // Centres at x = 9.5 and 13.5: half way between them.
    expect([...contourSegments(tile, 0.5)]).toEqual([11.5, 17.5, 11.5, 21.5])
  })

  it('cross every side between a value below and one above exactly once', () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(values, numbers => {
        const segments = contourSegments(wholePlane(Float32Array.from(numbers), 5, 4), 4.5)
        const ends = new Map<string, number>()
        for (let i = 0; i < segments.length; i += 2) {
          const key = `${segments[i].toFixed(6)},${segments[i + 1].toFixed(6)}`
          ends.set(key, (ends.get(key) ?? 0) + 1)
        }
        let sides = 0
        const differ = (i: number, j: number) => numbers[i] > 4 !== numbers[j] > 4
        for (let i = 0; i < 20; i++) {
          if (i % 5 < 4 && differ(i, i + 1)) sides++
          if (i < 15 && differ(i, i + 5)) sides++
        }
        expect(ends.size).toBe(sides)
        expect([...ends.values()].every(n => n <= 2)).toBe(true)
      }),
    )
  })

  it('have no lines at blanked pixels', () => {
    expect(contourSegments(wholePlane(Float32Array.of(0, 1, Number.NaN, 1), 2, 2), 0.5)).toHaveLength(0)
  })

  it('read levels as they are typed', () => {
    expect(contourLevels('3, 6 -3;12 6', 2)).toEqual([-6, 6, 12, 24])
    expect(contourLevels('three', 1)).toEqual([])
  })
})
