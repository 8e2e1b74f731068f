import type { RegionShape } from './region-shape.ts'
import { isInside } from './region-shape.ts'
import type { Point } from './view-transform.ts'

/** What of a region is taken in hand: a corner, an axis of an ellipse, a vertex, the middle of a side, the turning handle, or all of it. */
export type RegionHandle =
  | { readonly kind: 'corner' | 'axis' | 'vertex' | 'side'; readonly index: number }
  | { readonly kind: 'turn' | 'whole' }

/** A handle and where it stands, image pixels. */
export interface PlacedHandle {
  readonly handle: RegionHandle
  readonly at: Point
}

/**
 * Handles of a region that can be changed.
 * @param turnDistance - of the turning handle from the region's border, image pixels
 */
export function handlesOf(region: RegionShape, turnDistance: number): PlacedHandle[] {
  switch (region.shape) {
    case 'box':
      return [...boxCorners(region).map((at, index) => placed('corner', index, at)), turning(region, turnDistance)]
    case 'ellipse':
      return [...axisEnds(region).map((at, index) => placed('axis', index, at)), turning(region, turnDistance)]
    case 'polygon': {
      const { points } = region
      const sides = points.map((a, i) => {
        const b = points[(i + 1) % points.length]
        return placed('side', i, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
      })
      const vertices = points.map((at, index) => placed('vertex', index, at))
      return [...sides, ...vertices, turning(region, turnDistance)]
    }
    case 'stroke':
      return []
  }
}

function placed(kind: 'corner' | 'axis' | 'vertex' | 'side', index: number, at: Point): PlacedHandle {
  return { handle: { kind, index }, at }
}

function turning(region: RegionShape, distance: number): PlacedHandle {
  const centre = centreOf(region)
  const top = Math.max(...pointsOf(region).map(p => p.y))
  if (region.shape !== 'ellipse') return { handle: { kind: 'turn' }, at: { x: centre.x, y: top + distance } }
  const reach = region.semiAxes[1] + distance
  const at = { x: centre.x - reach * Math.sin(region.angleRad), y: centre.y + reach * Math.cos(region.angleRad) }
  return { handle: { kind: 'turn' }, at }
}

function boxCorners({ corners: [a, b] }: Extract<RegionShape, { shape: 'box' }>): Point[] {
  return [a, { x: b.x, y: a.y }, b, { x: a.x, y: b.y }]
}

function axisEnds({ centre, semiAxes, angleRad }: Extract<RegionShape, { shape: 'ellipse' }>): Point[] {
  return [0, 1, 2, 3].map(quarter => {
    const angle = angleRad + (quarter * Math.PI) / 2
    const reach = semiAxes[quarter % 2]
    return { x: centre.x + reach * Math.cos(angle), y: centre.y + reach * Math.sin(angle) }
  })
}

function pointsOf(region: RegionShape): readonly Point[] {
  switch (region.shape) {
    case 'box':
      return boxCorners(region)
    case 'ellipse':
      return axisEnds(region)
    case 'polygon':
    case 'stroke':
      return region.points
  }
}

/** The middle of a region: of its corners, or of its axes. */
export function centreOf(region: RegionShape): Point {
  if (region.shape === 'ellipse') return region.centre
  const points = pointsOf(region)
  const sum = points.reduce((a, p) => ({ x: a.x + p.x, y: a.y + p.y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}

/**
 * The handle under a position: the nearest within reach, or the whole region inside of it.
 * @param reach - image pixels a hand may miss by
 */
export function handleAt(region: RegionShape, at: Point, reach: number, turnDistance: number): RegionHandle | null {
  let nearest: RegionHandle | null = null
  let least = reach
  for (const { handle, at: place } of handlesOf(region, turnDistance)) {
    const distance = Math.hypot(place.x - at.x, place.y - at.y)
    if (distance > least) continue
    least = distance
    nearest = handle
  }
  return nearest ?? (isInside(region, at.x, at.y) ? { kind: 'whole' } : null)
}

/** A region after a handle has been dragged from one position to another; `region` is as it was when the drag began. */
export function draggedRegion(region: RegionShape, handle: RegionHandle, from: Point, to: Point): RegionShape {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  switch (handle.kind) {
    case 'whole':
      return movedRegion(region, dx, dy)
    case 'turn': {
      const centre = centreOf(region)
      const before = Math.atan2(from.y - centre.y, from.x - centre.x)
      return turnedRegion(region, Math.atan2(to.y - centre.y, to.x - centre.x) - before)
    }
    case 'corner':
      return region.shape === 'box' ? resizedBox(region, handle.index, dx, dy) : region
    case 'axis':
      return region.shape === 'ellipse' ? resizedEllipse(region, handle.index, to) : region
    case 'vertex':
      return region.shape === 'polygon'
        ? { ...region, points: region.points.map((p, i) => (i === handle.index ? { x: p.x + dx, y: p.y + dy } : p)) }
        : region
    case 'side':
      return region.shape === 'polygon'
        ? { ...region, points: region.points.toSpliced(handle.index + 1, 0, to) }
        : region
  }
}

/** A polygon without one of its vertices; three always stay. */
export function withoutVertex(region: RegionShape, index: number): RegionShape {
  if (region.shape !== 'polygon' || region.points.length <= 3) return region
  return { ...region, points: region.points.toSpliced(index, 1) }
}

/** A region moved by image pixels. */
export function movedRegion(region: RegionShape, dx: number, dy: number): RegionShape {
  const move = (p: Point) => ({ x: p.x + dx, y: p.y + dy })
  switch (region.shape) {
    case 'box':
      return { shape: 'box', corners: [move(region.corners[0]), move(region.corners[1])] }
    case 'ellipse':
      return { ...region, centre: move(region.centre) }
    case 'polygon':
    case 'stroke':
      return { ...region, points: region.points.map(move) }
  }
}

/** A region turned about its middle, from +x towards +y; a box becomes a polygon. */
export function turnedRegion(region: RegionShape, angleRad: number): RegionShape {
  if (region.shape === 'ellipse') return { ...region, angleRad: region.angleRad + angleRad }
  const centre = centreOf(region)
  const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)]
  const turn = (p: Point) => {
    const [dx, dy] = [p.x - centre.x, p.y - centre.y]
    return { x: centre.x + dx * cos - dy * sin, y: centre.y + dx * sin + dy * cos }
  }
  if (region.shape === 'stroke') return { ...region, points: region.points.map(turn) }
  return { shape: 'polygon', points: pointsOf(region).map(turn) }
}

function resizedBox(
  { corners: [a, b] }: Extract<RegionShape, { shape: 'box' }>,
  index: number,
  dx: number,
  dy: number,
): RegionShape {
  const movesAx = index === 0 || index === 3
  const movesAy = index === 0 || index === 1
  return {
    shape: 'box',
    corners: [
      { x: a.x + (movesAx ? dx : 0), y: a.y + (movesAy ? dy : 0) },
      { x: b.x + (movesAx ? 0 : dx), y: b.y + (movesAy ? 0 : dy) },
    ],
  }
}

const LEAST_AXIS = 0.5

function resizedEllipse(region: Extract<RegionShape, { shape: 'ellipse' }>, index: number, to: Point): RegionShape {
  const angle = region.angleRad + (index * Math.PI) / 2
  const along = (to.x - region.centre.x) * Math.cos(angle) + (to.y - region.centre.y) * Math.sin(angle)
  const reach = Math.max(LEAST_AXIS, Math.abs(along))
  const semiAxes = index % 2 === 0 ? ([reach, region.semiAxes[1]] as const) : ([region.semiAxes[0], reach] as const)
  return { ...region, semiAxes }
}
