import { describe, expect, it } from 'vitest'
import { isInside, outlineOf, type RegionShape, rasteriseRegion, simplifiedLine } from './region-shape.ts'

const count = (mask: Uint8Array) => mask.reduce((sum, v) => sum + v, 0)

describe('regions', () => {
  it('of a box hold the pixels whose centres it holds, border included', () => {
    const box: RegionShape = {
      shape: 'box',
      corners: [
        { x: 2, y: 1 },
        { x: 4, y: 3 },
      ],
    }
    expect(count(rasteriseRegion(box, 10, 10))).toBe(9)
    const turned: RegionShape = {
      shape: 'box',
      corners: [
        { x: 4.4, y: 3.4 },
        { x: 1.6, y: 0.6 },
      ],
    }
    expect(rasteriseRegion(turned, 10, 10)).toEqual(rasteriseRegion(box, 10, 10))
  })

  it('of a polygon agree with the box of the same corners', () => {
    const points = [
      { x: 2, y: 1 },
      { x: 4, y: 1 },
      { x: 4, y: 3 },
      { x: 2, y: 3 },
    ]
    expect(count(rasteriseRegion({ shape: 'polygon', points }, 10, 10))).toBe(9)
  })

  it('of an ellipse have its area, turned or not', () => {
    for (const angleRad of [0, 0.6]) {
      const ellipse: RegionShape = { shape: 'ellipse', centre: { x: 64, y: 64 }, semiAxes: [40, 20], angleRad }
      const expected = Math.PI * 40 * 20
      expect(Math.abs(count(rasteriseRegion(ellipse, 128, 128)) - expected) / expected).toBeLessThan(0.01)
      expect(isInside(ellipse, 64 + 39 * Math.cos(angleRad), 64 + 39 * Math.sin(angleRad))).toBe(true)
      expect(outlineOf(ellipse).length).toBeGreaterThan(60)
    }
  })

  it('of a brush stroke hold what is near its line', () => {
    const stroke: RegionShape = {
      shape: 'stroke',
      points: [
        { x: 10, y: 10 },
        { x: 40, y: 10 },
      ],
      radius: 5,
    }
    const expected = Math.PI * 25 + 30 * 10
    expect(Math.abs(count(rasteriseRegion(stroke, 60, 30)) - expected) / expected).toBeLessThan(0.1)
    expect(isInside({ ...stroke, points: [{ x: 3, y: 3 }] }, 3, 8)).toBe(true)
  })

  it('are cut at the edge of the image', () => {
    const box: RegionShape = {
      shape: 'box',
      corners: [
        { x: -5, y: -5 },
        { x: 100, y: 100 },
      ],
    }
    expect(count(rasteriseRegion(box, 8, 8))).toBe(64)
  })
})

describe('freehand lines', () => {
  it('lose corners that change nothing and keep those that do', () => {
    const line = [0, 1, 2, 3, 4].map(x => ({ x, y: x === 2 ? 1 : 0 }))
    expect(simplifiedLine(line, 0.1).map(p => p.x)).toEqual([0, 1, 2, 3, 4])
    const straight = Array.from({ length: 50 }, (_, x) => ({ x, y: 0.001 * (x % 2) }))
    expect(simplifiedLine(straight, 0.1)).toHaveLength(2)
  })
})
