import type { Point } from './view-transform.ts'

/** A region in image pixels, pixel centres on whole numbers. */
export type RegionShape =
  | { readonly shape: 'box'; readonly corners: readonly [Point, Point] }
  | {
      readonly shape: 'ellipse'
      readonly centre: Point
      readonly semiAxes: readonly [number, number]
      /** Turns the first axis from +x towards +y. */
      readonly angleRad: number
    }
  | { readonly shape: 'polygon'; readonly points: readonly Point[] }
  /** A brush stroke: everything within `radius` of a line through the points (one point: a disc). */
  | { readonly shape: 'stroke'; readonly points: readonly Point[]; readonly radius: number }

const ELLIPSE_CORNERS = 72

/** Corners of the outline, x, y pairs in image pixels; of a stroke the line itself. */
export function outlineOf(region: RegionShape): number[] {
  switch (region.shape) {
    case 'box': {
      const [a, b] = region.corners
      return [a.x, a.y, b.x, a.y, b.x, b.y, a.x, b.y]
    }
    case 'ellipse':
      return ellipseOutline(region)
    case 'polygon':
    case 'stroke':
      return region.points.flatMap(p => [p.x, p.y])
  }
}

function ellipseOutline(region: Extract<RegionShape, { shape: 'ellipse' }>): number[] {
  const [cos, sin] = [Math.cos(region.angleRad), Math.sin(region.angleRad)]
  const outline: number[] = []
  for (let i = 0; i < ELLIPSE_CORNERS; i++) {
    const t = (2 * Math.PI * i) / ELLIPSE_CORNERS
    const [u, v] = [region.semiAxes[0] * Math.cos(t), region.semiAxes[1] * Math.sin(t)]
    outline.push(region.centre.x + u * cos - v * sin, region.centre.y + u * sin + v * cos)
  }
  return outline
}

/** True when a position lies inside a region or on its border. */
export function isInside(region: RegionShape, x: number, y: number): boolean {
  switch (region.shape) {
    case 'box': {
      const [a, b] = region.corners
      return between(x, a.x, b.x) && between(y, a.y, b.y)
    }
    case 'ellipse':
      return isInsideEllipse(region, x, y)
    case 'polygon':
      return isInsidePolygon(region.points, x, y)
    case 'stroke':
      return distanceToLine(region.points, x, y) <= region.radius
  }
}

function distanceToLine(points: readonly Point[], x: number, y: number): number {
  let least = Math.hypot(x - points[0].x, y - points[0].y)
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]]
    const [dx, dy] = [b.x - a.x, b.y - a.y]
    const length2 = dx * dx + dy * dy
    const f = length2 > 0 ? Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / length2)) : 0
    least = Math.min(least, Math.hypot(x - a.x - f * dx, y - a.y - f * dy))
  }
  return least
}

function between(value: number, a: number, b: number): boolean {
  return value >= Math.min(a, b) && value <= Math.max(a, b)
}

function isInsideEllipse(region: Extract<RegionShape, { shape: 'ellipse' }>, x: number, y: number): boolean {
  const [cos, sin] = [Math.cos(region.angleRad), Math.sin(region.angleRad)]
  const [dx, dy] = [x - region.centre.x, y - region.centre.y]
  const u = (dx * cos + dy * sin) / region.semiAxes[0]
  const v = (dy * cos - dx * sin) / region.semiAxes[1]
  return u * u + v * v <= 1
}

/** Even–odd rule; positions on an edge count as inside. */
function isInsidePolygon(points: readonly Point[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [a, b] = [points[i], points[j]]
    const cross = (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)
    if (cross === 0 && between(x, a.x, b.x) && between(y, a.y, b.y)) return true
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside
  }
  return inside
}

/**
 * Pixels whose centres lie in a region.
 * @returns a new mask [ny, nx] of zeros and ones
 */
export function rasteriseRegion(region: RegionShape, nx: number, ny: number): Uint8Array {
  const mask = new Uint8Array(nx * ny)
  const outline = outlineOf(region)
  const xs = outline.filter((_, i) => i % 2 === 0)
  const ys = outline.filter((_, i) => i % 2 === 1)
  const margin = region.shape === 'stroke' ? region.radius : 0
  const x0 = Math.max(0, Math.floor(Math.min(...xs) - margin))
  const x1 = Math.min(nx - 1, Math.ceil(Math.max(...xs) + margin))
  const y0 = Math.max(0, Math.floor(Math.min(...ys) - margin))
  const y1 = Math.min(ny - 1, Math.ceil(Math.max(...ys) + margin))
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) if (isInside(region, x, y)) mask[x + nx * y] = 1
  }
  return mask
}

/**
 * A freehand line with fewer corners: points closer than `tolerance` to the simplified line are left out
 * (Douglas and Peucker, Cartographica 10(2), 112, 1973).
 */
export function simplifiedLine(points: readonly Point[], tolerance: number): Point[] {
  if (points.length < 3) return [...points]
  const keep = new Uint8Array(points.length)
  keep[0] = keep[points.length - 1] = 1
  const spans: [number, number][] = [[0, points.length - 1]]
  for (let span = spans.pop(); span; span = spans.pop()) {
    const farthest = farthestFrom(points, span[0], span[1])
    if (farthest.distance <= tolerance) continue
    keep[farthest.index] = 1
    spans.push([span[0], farthest.index], [farthest.index, span[1]])
  }
  return points.filter((_, i) => keep[i] === 1)
}

function farthestFrom(points: readonly Point[], from: number, to: number): { index: number; distance: number } {
  const [a, b] = [points[from], points[to]]
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  let [index, distance] = [from, 0]
  for (let i = from + 1; i < to; i++) {
    const p = points[i]
    const d =
      length > 0
        ? Math.abs((b.x - a.x) * (a.y - p.y) - (a.x - p.x) * (b.y - a.y)) / length
        : Math.hypot(p.x - a.x, p.y - a.y)
    if (d > distance) [index, distance] = [i, d]
  }
  return { index, distance }
}
