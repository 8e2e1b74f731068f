// From a region's shape, in pixels or on the sky, to an area in pixel coordinates.
// World boxes are polygons through four corners of constant longitude and latitude of the region's own frame; radii and
// semi-axes become pixels by the size of a cell.
import type { DirectionCoordinate, DirectionFrame } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import type { PixelArea, PixelPolygon } from './rasterise.ts'
import type { Region, RegionPoint, RegionQuantity, RegionSize } from './region.ts'
import { skyToPixel } from './sky-plane.ts'

/** The area a region covers; null for annotations and for positions on the far side of the sky. */
export function pixelAreaOf(region: Region, direction: DirectionCoordinate): PixelArea | null {
  if (region.annotation) return null
  const grid = new SkyGrid(direction, region.frame ?? direction.frame)
  const { shape } = region
  switch (shape.kind) {
    case 'box':
      return grid.polygon(boxCorners(shape.corners))
    case 'centerbox':
      return grid.box(shape.centre, shape.size, 0)
    case 'rotbox':
      return grid.box(shape.centre, shape.size, shape.angleRad)
    case 'poly':
      return grid.polygon(shape.vertices)
    case 'ellipse':
      return grid.ellipse(shape.centre, shape.semiAxes, shape.angleRad, 0)
    case 'circle':
      return grid.ellipse(shape.centre, [shape.radius, shape.radius], 0, 0)
    case 'annulus':
      return grid.ring(shape.centre, shape.radii)
    default:
      return null
  }
}

function boxCorners([[xa, ya], [xb, yb]]: readonly [RegionPoint, RegionPoint]): RegionPoint[] {
  return [
    [xa, ya],
    [xb, ya],
    [xb, yb],
    [xa, yb],
  ]
}

/** Positions and lengths of one region on one image grid. */
class SkyGrid {
  readonly #direction: DirectionCoordinate
  readonly #frame: DirectionFrame

  constructor(direction: DirectionCoordinate, frame: DirectionFrame) {
    this.#direction = direction
    this.#frame = frame
  }

  polygon(points: readonly RegionPoint[]): PixelPolygon | null {
    const at = points.map(point => this.#pixel(point))
    if (at.some(position => position === null)) return null
    return { kind: 'polygon', x: at.map(position => position![0]), y: at.map(position => position![1]) }
  }

  box(centre: RegionPoint, size: RegionSize, angleRad: number): PixelPolygon | null {
    const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)]
    const signs = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ]
    const isWorld = centre[0].unit === 'rad' && size[0].unit === 'rad' && size[1].unit === 'rad'
    const half = isWorld
      ? [size[0].value / 2, size[1].value / 2]
      : [this.#pixels(size[0], 0) / 2, this.#pixels(size[1], 1) / 2]
    const offsets = signs.map(([sx, sy]) => [
      sx * half[0] * cos - sy * half[1] * sin,
      sx * half[0] * sin + sy * half[1] * cos,
    ])
    if (isWorld) return this.#worldBox(centre, offsets)
    const at = this.#pixel(centre)
    return at && { kind: 'polygon', x: offsets.map(([dx]) => at[0] + dx), y: offsets.map(([, dy]) => at[1] + dy) }
  }

  ellipse(
    centre: RegionPoint,
    [along, across]: readonly [RegionQuantity, RegionQuantity],
    angleRad: number,
    hole: number,
  ): PixelArea | null {
    const at = this.#pixel(centre)
    if (!at) return null
    const semiAxes = { along: this.#pixels(along, 1), across: this.#pixels(across, 0) }
    if (!(semiAxes.along > 0 && semiAxes.across > 0)) {
      throw new ImageError('expected a radius or semi-axes above zero, got zero (region)')
    }
    return { kind: 'ellipse', x: at[0], y: at[1], ...semiAxes, angleRad, hole }
  }

  ring(centre: RegionPoint, [inner, outer]: readonly [RegionQuantity, RegionQuantity]): PixelArea | null {
    const hole = this.#pixels(inner, 1) / this.#pixels(outer, 1)
    if (hole < 1) return this.ellipse(centre, [outer, outer], 0, hole)
    throw new ImageError('expected an inner radius below the outer one (annulus)')
  }

  /** Offsets in radians, +x towards smaller longitude (as pixels run), +y towards larger latitude. */
  #worldBox(centre: RegionPoint, offsets: readonly (readonly number[])[]): PixelPolygon | null {
    const [longitude, latitude] = centre
    const stretch = 1 / Math.cos(latitude.value)
    const east = Math.sign(this.#direction.incrementRad[0])
    return this.polygon(
      offsets.map(([dx, dy]) => [
        { value: longitude.value + east * dx * stretch, unit: 'rad' },
        { value: latitude.value + dy, unit: 'rad' },
      ]),
    )
  }

  #pixel([x, y]: RegionPoint): readonly [number, number] | null {
    if (x.unit === 'pix' && y.unit === 'pix') return [x.value, y.value]
    return skyToPixel(this.#direction, { frame: this.#frame, longitudeRad: x.value, latitudeRad: y.value })
  }

  #pixels(length: RegionQuantity, axis: 0 | 1): number {
    return length.unit === 'pix' ? length.value : length.value / Math.abs(this.#direction.incrementRad[axis])
  }
}
