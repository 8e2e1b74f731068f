// From a region's shape, in pixels or on the sky, to an area in pixel coordinates.
// Boxes between two corners are polygons through four corners of constant longitude and latitude of the region's own
// frame. Boxes around a centre are turned against the meridian of that centre, not against the pixel grid, as
// casatools' answers show. Radii and semi-axes become pixels by the size of a cell.
import { convertDirection, MJD_J2000 } from '@cleanbeam/measures'
import type { Direction, DirectionCoordinate, DirectionFrame } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import type { PixelArea, PixelPolygon } from './rasterise.ts'
import type { EllipseShape, Region, RegionPoint, RegionQuantity, RegionSize } from './region.ts'
import { offsetDirection, type PixelPosition, type SkyPlane } from './sky-plane.ts'

/** The area a region covers; null for annotations and for positions on the far side of the sky. */
export function pixelAreaOf(region: Region, direction: DirectionCoordinate, plane: SkyPlane): PixelArea | null {
  if (region.annotation) return null
  const grid = new SkyGrid(direction, plane, region.frame ?? direction.frame)
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
      return grid.ellipse(shape.centre, shape.semiAxes, shape.angleRad + grid.ellipseTurn(shape), 0)
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
  readonly #coordinate: DirectionCoordinate
  readonly #plane: SkyPlane
  readonly #frame: DirectionFrame

  constructor(coordinate: DirectionCoordinate, plane: SkyPlane, frame: DirectionFrame) {
    this.#coordinate = coordinate
    this.#plane = plane
    this.#frame = frame
  }

  polygon(points: readonly RegionPoint[]): PixelPolygon | null {
    return closed(points.map(point => this.#pixel(point)))
  }

  /** Corners lie on great circles through the centre, turned against the meridian of the centre. */
  box(centre: RegionPoint, size: RegionSize, angleRad: number): PixelPolygon | null {
    const middle = this.#direction(centre)
    if (!middle) return null
    const halfWidth = this.#radians(size[0], 0) / 2
    const halfHeight = this.#radians(size[1], 1) / 2
    const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)]
    // Pixels run east to west where the increment along x is negative.
    const east = Math.sign(this.#coordinate.incrementRad[0])
    const at: (PixelPosition | null)[] = []
    for (const [sx, sy] of [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ]) {
      const dx = sx * halfWidth * cos - sy * halfHeight * sin
      const dy = sx * halfWidth * sin + sy * halfHeight * cos
      at.push(this.#plane.toPixel(offsetDirection(middle, Math.hypot(dx, dy), Math.atan2(east * dx, dy))))
    }
    return closed(at)
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

  /**
   * What is added to an ellipse's angle. In CRTF it counts against the pixels, but casatools turns an ellipse of another
   * frame with that frame when its first semi-axis is the longer one, and does not otherwise.
   */
  ellipseTurn(shape: EllipseShape): number {
    if (shape.fromMeridian) return this.#meridianAngle(shape.centre, this.#frame)
    const [first, second] = shape.semiAxes
    const isOtherFrame = this.#frame !== this.#coordinate.frame && shape.centre[0].unit === 'rad'
    if (!isOtherFrame || this.#radians(first, 1) < this.#radians(second, 0)) return 0
    return this.#meridianAngle(shape.centre, this.#frame) - this.#meridianAngle(shape.centre, this.#coordinate.frame)
  }

  /** Angle from +y of the pixels to north in a frame, towards −x; 0 where the projection ends. */
  #meridianAngle(centre: RegionPoint, frame: DirectionFrame): number {
    const middle = this.#direction(centre)
    const from = middle && this.#plane.toPixel(middle)
    if (!middle || !from) return 0
    const inFrame = convertDirection(middle, frame, MJD_J2000)
    const to = this.#plane.toPixel(offsetDirection(inFrame, Math.abs(this.#coordinate.incrementRad[1]), 0))
    return to ? Math.atan2(from[0] - to[0], to[1] - from[1]) : 0
  }

  ring(centre: RegionPoint, [inner, outer]: readonly [RegionQuantity, RegionQuantity]): PixelArea | null {
    const hole = this.#pixels(inner, 1) / this.#pixels(outer, 1)
    if (hole < 1) return this.ellipse(centre, [outer, outer], 0, hole)
    throw new ImageError('expected an inner radius below the outer one (annulus)')
  }

  #pixel(point: RegionPoint): PixelPosition | null {
    const [x, y] = point
    if (x.unit === 'pix' && y.unit === 'pix') return [x.value, y.value]
    return this.#plane.toPixel({ frame: this.#frame, longitudeRad: x.value, latitudeRad: y.value })
  }

  #direction([x, y]: RegionPoint): Direction | null {
    if (x.unit === 'pix' && y.unit === 'pix') return this.#plane.toSky(x.value, y.value)
    return { frame: this.#frame, longitudeRad: x.value, latitudeRad: y.value }
  }

  #pixels(length: RegionQuantity, axis: 0 | 1): number {
    return length.unit === 'pix' ? length.value : length.value / Math.abs(this.#coordinate.incrementRad[axis])
  }

  #radians(length: RegionQuantity, axis: 0 | 1): number {
    return length.unit === 'rad' ? length.value : length.value * Math.abs(this.#coordinate.incrementRad[axis])
  }
}

function closed(at: readonly (PixelPosition | null)[]): PixelPolygon | null {
  const x: number[] = []
  const y: number[] = []
  for (const position of at) {
    if (!position) return null
    x.push(position[0])
    y.push(position[1])
  }
  return { kind: 'polygon', x, y }
}
