import { describe, expect, it } from 'vitest'
import { draggedRegion, handleAt, handlesOf, turnedRegion, withoutVertex } from './region-edit.ts'
import { type RegionShape, rasteriseRegion } from './region-shape.ts'

const BOX: RegionShape = {
  shape: 'box',
  corners: [
    { x: 10, y: 20 },
    { x: 30, y: 40 },
  ],
}
const ELLIPSE: RegionShape = { shape: 'ellipse', centre: { x: 50, y: 50 }, semiAxes: [20, 10], angleRad: 0 }
const TRIANGLE: RegionShape = {
  shape: 'polygon',
  points: [
    { x: 0, y: 0 },
    { x: 12, y: 0 },
    { x: 0, y: 12 },
  ],
}

describe('changing a region before it is applied', () => {
  it('finds the handle under the hand, then the region itself, then nothing', () => {
    expect(handleAt(BOX, { x: 29.5, y: 40.2 }, 3, 8)).toEqual({ kind: 'corner', index: 2 })
    expect(handleAt(BOX, { x: 20, y: 48 }, 3, 8)).toEqual({ kind: 'turn' })
    expect(handleAt(BOX, { x: 20, y: 30 }, 3, 8)).toEqual({ kind: 'whole' })
    expect(handleAt(BOX, { x: 60, y: 30 }, 3, 8)).toBeNull()
    expect(handleAt(ELLIPSE, { x: 50, y: 60 }, 3, 8)).toEqual({ kind: 'axis', index: 1 })
  })

  it('moves, and keeps the other corner when one is dragged', () => {
    expect(draggedRegion(BOX, { kind: 'whole' }, { x: 20, y: 30 }, { x: 25, y: 27 })).toEqual({
      shape: 'box',
      corners: [
        { x: 15, y: 17 },
        { x: 35, y: 37 },
      ],
    })
    expect(draggedRegion(BOX, { kind: 'corner', index: 1 }, { x: 30, y: 20 }, { x: 33, y: 15 })).toEqual({
      shape: 'box',
      corners: [
        { x: 10, y: 15 },
        { x: 33, y: 40 },
      ],
    })
  })

  it('turns a box into the polygon that covers the same area', () => {
    const turned = turnedRegion(BOX, Math.PI / 6)
    const count = (region: RegionShape) => rasteriseRegion(region, 64, 64).reduce((a, b) => a + b, 0)
    expect(turned.shape).toBe('polygon')
    expect(Math.abs(count(turned) / count(BOX) - 1)).toBeLessThan(0.12)
    const back = turnedRegion(turned, -Math.PI / 6)
    // Corners a rounding away from pixel centres: a box between centres says the same.
    const corners = back.shape === 'polygon' ? back.points : []
    const worst = Math.max(
      ...corners.map(
        ({ x, y }) => Math.min(Math.abs(x - 10), Math.abs(x - 30)) + Math.min(Math.abs(y - 20), Math.abs(y - 40)),
      ),
    )
    expect(worst).toBeLessThan(1e-12)
  })

  it('follows the pointer with an axis of an ellipse, turned or not', () => {
    const wider = draggedRegion(ELLIPSE, { kind: 'axis', index: 0 }, { x: 70, y: 50 }, { x: 75, y: 58 })
    expect(wider).toMatchObject({ semiAxes: [25, 10] })
    const turned = draggedRegion(ELLIPSE, { kind: 'turn' }, { x: 50, y: 70 }, { x: 30, y: 50 })
    expect(turned).toMatchObject({ angleRad: Math.PI / 2 })
    expect(handlesOf(turned, 5)[0].at.y).toBeCloseTo(70, 9)
  })

  it('inserts, moves and takes away vertices', () => {
    const four = draggedRegion(TRIANGLE, { kind: 'side', index: 1 }, { x: 6, y: 6 }, { x: 12, y: 12 })
    expect(four).toMatchObject({
      points: [
        { x: 0, y: 0 },
        { x: 12, y: 0 },
        { x: 12, y: 12 },
        { x: 0, y: 12 },
      ],
    })
    expect(withoutVertex(four, 2)).toEqual(TRIANGLE)
    expect(withoutVertex(TRIANGLE, 0)).toBe(TRIANGLE)
  })
})
