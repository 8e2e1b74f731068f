import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PixelPolygon, rasterise } from './rasterise.ts'

/** Winding by crossings, one point at a time. */
function isInsideReference({ x, y }: PixelPolygon, px: number, py: number): boolean {
  let inside = false
  for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
    if (y[i] > py !== y[j] > py && px < x[i] + ((py - y[i]) * (x[j] - x[i])) / (y[j] - y[i])) inside = !inside
  }
  return inside
}

function edgeDistance({ x, y }: PixelPolygon, px: number, py: number): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
    const [dx, dy] = [x[i] - x[j], y[i] - y[j]]
    const square = dx * dx + dy * dy
    const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((px - x[j]) * dx + (py - y[j]) * dy) / square))
    nearest = Math.min(nearest, Math.hypot(px - x[j] - t * dx, py - y[j] - t * dy))
  }
  return nearest
}

describe('rasterise', () => {
  // Multiples of 1/64 are exact in single precision, in which vertices are held.
  const coordinate = fc.oneof(
    fc.integer({ min: 0, max: 1024 }).map(n => n / 64),
    fc.integer({ min: 0, max: 16 }),
  )

  it('fills polygons even-odd with their edges', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 8 }), vertices => {
        const polygon: PixelPolygon = {
          kind: 'polygon',
          x: vertices.map(([x]) => x),
          y: vertices.map(([, y]) => y),
        }
        const [nx, ny] = [20, 17]
        const raster = rasterise(polygon, nx, ny)
        const wrong: string[] = []
        for (let y = 0; y < ny; y++) {
          for (let x = 0; x < nx; x++) {
            const b = raster?.bounds
            const isInBounds = b && x >= b.x0 && x <= b.x1 && y >= b.y0 && y <= b.y1
            const got = isInBounds ? raster!.inside[(y - b.y0) * (b.x1 - b.x0 + 1) + x - b.x0] === 1 : false
            const distance = edgeDistance(polygon, x, y)
            // Edges have the width that rasterise.ts states, and runs that end left of the first column count there.
            const isDecided = distance > 5e-4 && x !== b?.x0
            const expected = distance < 1e-9 ? true : isDecided ? isInsideReference(polygon, x, y) : got
            if (got !== expected) wrong.push(`(${x}, ${y}) is ${got}, ${distance} from an edge`)
          }
        }
        expect(wrong).toEqual([])
      }),
      { seed: 5, numRuns: 400 },
    )
  })

  it('covers as many pixels as the area of a large ellipse', () => {
    const ellipse = { kind: 'ellipse', x: 200.3, y: 180.7, along: 150, across: 90, angleRad: 0.7, hole: 0 } as const
    const raster = rasterise(ellipse, 400, 400)!
    const count = raster.inside.reduce((sum, value) => sum + value, 0)
    expect(Math.abs(count / (Math.PI * 150 * 90) - 1)).toBeLessThan(2e-3)
  })

  it('turns an ellipse from +y towards −x', () => {
    const ellipse = { kind: 'ellipse', x: 50, y: 50, along: 30, across: 5, angleRad: 0.5, hole: 0 } as const
    const { bounds, inside } = rasterise(ellipse, 101, 101)!
    const at = (x: number, y: number) => inside[(y - bounds.y0) * (bounds.x1 - bounds.x0 + 1) + x - bounds.x0]
    expect(at(Math.round(50 - 25 * Math.sin(0.5)), Math.round(50 + 25 * Math.cos(0.5)))).toBe(1)
    expect(at(Math.round(50 + 25 * Math.sin(0.5)), Math.round(50 + 25 * Math.cos(0.5)))).toBe(0)
  })

  it('leaves out the inner edge of a ring', () => {
    const ring = { kind: 'ellipse', x: 10, y: 10, along: 6, across: 6, angleRad: 0, hole: 0.5 } as const
    const count = rasterise(ring, 21, 21)!.inside.reduce((sum, value) => sum + value, 0)
    expect(count).toBe(113 - 29)
  })
})
