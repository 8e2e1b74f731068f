import { expect, it } from 'vitest'
import { contourSegments } from './contour-lines.ts'

it('follows a circle to within the curvature of a pixel', () => {
  const n = 41
  const cone = Float32Array.from({ length: n * n }, (_, i) => 20 - Math.hypot((i % n) - 20, Math.floor(i / n) - 20))
  const segments = contourSegments(cone, n, n, 10)
  const radii = segments.flatMap(([x0, y0, x1, y1]) => [Math.hypot(x0 - 20, y0 - 20), Math.hypot(x1 - 20, y1 - 20)])
  expect(Math.max(...radii.map(radius => Math.abs(radius - 10)))).toBeLessThan(0.02)
  const length = segments.reduce((sum, [x0, y0, x1, y1]) => sum + Math.hypot(x1 - x0, y1 - y0), 0)
  expect(length).toBeGreaterThan(0.995 * 2 * Math.PI * 10)
  expect(length).toBeLessThan(1.005 * 2 * Math.PI * 10)
})

it('joins the sides of a saddle by the mean of its corners', () => {
  const joined = contourSegments(Float32Array.of(1, 0, 0, 1), 2, 2, 0.4)
  const parted = contourSegments(Float32Array.of(1, 0, 0, 1), 2, 2, 0.6)
  expect(joined).toHaveLength(2)
  expect(parted).toHaveLength(2)
  // Above the level the corners (0, 0) and (1, 1) are one area when joined, two when parted.
  const cutsOffHighCorner = (segment: number[]) => segment.filter(value => value === 0).length === 2
  expect(parted.some(cutsOffHighCorner)).toBe(true)
  expect(joined.some(cutsOffHighCorner)).toBe(false)
})

it('leaves blanked pixels and level planes alone', () => {
  expect(contourSegments(Float32Array.of(1, Number.NaN, 0, 1), 2, 2, 0.5)).toEqual([])
  expect(contourSegments(new Float32Array(9), 3, 3, 0.5)).toEqual([])
})
