// The region model: plain data that survives JSON, shared by the CRTF and DS9 readers and writers, the masks, the
// image tool and the pages that draw. Lengths and positions keep the unit they were given in (pixels or radians), so
// that a region written back says what its author said; coordinates are needed only where pixels are asked for.
import type { DirectionFrame, SpectralFrame, Stokes } from '@cleanbeam/types'

/** A number in pixels (counted from 0 at the centre of the first pixel) or in radians. */
export interface RegionQuantity {
  readonly value: number
  readonly unit: 'pix' | 'rad'
}

/** A position: both in pixels, or longitude and latitude in radians in the region's `frame`. */
export type RegionPoint = readonly [x: RegionQuantity, y: RegionQuantity]

/** Widths along x and y, or along longitude and latitude. */
export type RegionSize = readonly [width: RegionQuantity, height: RegionQuantity]

/** An axis-parallel box between two corners. */
export interface BoxShape {
  readonly kind: 'box'
  readonly corners: readonly [RegionPoint, RegionPoint]
}
/** A box of full widths `size` around its centre. */
export interface CentreBoxShape {
  readonly kind: 'centerbox'
  readonly centre: RegionPoint
  readonly size: RegionSize
}
/** A box of full widths `size`, turned by `angleRad` from +x towards +y. */
export interface RotatedBoxShape {
  readonly kind: 'rotbox'
  readonly centre: RegionPoint
  readonly size: RegionSize
  readonly angleRad: number
}
/** An ellipse; the first semi-axis lies along +y turned by `angleRad` from +x towards +y (a position angle). */
export interface EllipseShape {
  readonly kind: 'ellipse'
  readonly centre: RegionPoint
  readonly semiAxes: readonly [RegionQuantity, RegionQuantity]
  readonly angleRad: number
  /** True when the angle is counted against the meridian of the region's frame (DS9), not against the pixels (CRTF). */
  readonly fromMeridian?: boolean
}
export interface CircleShape {
  readonly kind: 'circle'
  readonly centre: RegionPoint
  readonly radius: RegionQuantity
}
/** A ring; the inner edge itself is outside. */
export interface AnnulusShape {
  readonly kind: 'annulus'
  readonly centre: RegionPoint
  readonly radii: readonly [inner: RegionQuantity, outer: RegionQuantity]
}
/** A closed polygon; where it crosses itself, points enclosed an odd number of times are inside. */
export interface PolygonShape {
  readonly kind: 'poly'
  readonly vertices: readonly RegionPoint[]
}
/** Annotations: they cover no pixels. */
export interface LineShape {
  readonly kind: 'line' | 'vector'
  readonly ends: readonly [RegionPoint, RegionPoint]
}
export interface LabelShape {
  readonly kind: 'text' | 'symbol'
  readonly at: RegionPoint
  readonly text: string
}

export type RegionShape =
  | BoxShape
  | CentreBoxShape
  | RotatedBoxShape
  | EllipseShape
  | CircleShape
  | AnnulusShape
  | PolygonShape
  | LineShape
  | LabelShape

/** Channels a region covers: channel numbers, frequencies in Hz, or velocities in m/s; ends inclusive, in any order. */
export interface RegionRange {
  readonly unit: 'chan' | 'Hz' | 'm/s'
  readonly from: number
  readonly to: number
  /** Frame of frequencies and velocities; null is the image's own. */
  readonly frame: SpectralFrame | null
  readonly velocityType: 'RADIO' | 'OPTICAL' | 'BETA'
  /** For velocities, Hz; null is the image's own. */
  readonly restFrequencyHz: number | null
}

/** One line of a region file. */
export interface Region {
  readonly shape: RegionShape
  /** Frame of world positions; null is the image's own. */
  readonly frame: DirectionFrame | null
  /** Lines beginning with `-` take their pixels away from what the lines above covered. */
  readonly operation: 'add' | 'subtract'
  /** Annotations (`ann`, and line, vector, text, symbol) cover no pixels. */
  readonly annotation: boolean
  /** null covers all channels. */
  readonly range: RegionRange | null
  /** null covers all Stokes planes. */
  readonly stokes: readonly Stokes[] | null
  /** Everything else on the line: label, color, linewidth, …, as given. */
  readonly properties: Readonly<Record<string, string>>
}

/** Kinds of shape that mark without covering pixels. */
const ANNOTATION_KINDS: ReadonlySet<RegionShape['kind']> = new Set(['line', 'vector', 'text', 'symbol'])

/** True for shapes that can only annotate. */
export function isAnnotationShape(shape: RegionShape): boolean {
  return ANNOTATION_KINDS.has(shape.kind)
}

/** Region of a plain shape: image frame, all channels and Stokes, added. */
export function regionOfShape(shape: RegionShape): Region {
  return {
    shape,
    frame: null,
    operation: 'add',
    annotation: isAnnotationShape(shape),
    range: null,
    stokes: null,
    properties: {},
  }
}

/** A quantity in pixels. */
export function pix(value: number): RegionQuantity {
  return { value, unit: 'pix' }
}

/** A position in pixels. */
export function pixelPoint(x: number, y: number): RegionPoint {
  return [pix(x), pix(y)]
}
