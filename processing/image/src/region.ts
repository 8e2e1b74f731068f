// The region model: plain data that survives JSON, shared by the CRTF and DS9 readers and writers, the masks, the
// image tool and the pages that draw. Lengths and positions keep the unit they were given in (pixels or radians), so
// that a region written back says what its author said; coordinates are needed only where pixels are asked for.
import type { DirectionFrame, Stokes } from '@cleanbeam/types'

/** A number in pixels (counted from 0 at the centre of the first pixel) or in radians. */
export interface RegionQuantity {
  readonly value: number
  readonly unit: 'pix' | 'rad'
}

/** A position: both in pixels, or longitude and latitude in radians in the region's `frame`. */
export type RegionPoint = readonly [x: RegionQuantity, y: RegionQuantity]

/** Angles run from the image's +x axis towards +y in the pixel plane, as CRTF's rotation angles do. */
export type RegionShape =
  | { readonly kind: 'box'; readonly corners: readonly [RegionPoint, RegionPoint] }
  | {
      readonly kind: 'centerbox'
      readonly centre: RegionPoint
      readonly size: readonly [width: RegionQuantity, height: RegionQuantity]
    }
  | {
      readonly kind: 'rotbox'
      readonly centre: RegionPoint
      readonly size: readonly [width: RegionQuantity, height: RegionQuantity]
      readonly angleRad: number
    }
  | {
      readonly kind: 'ellipse'
      readonly centre: RegionPoint
      /** Semi-axes as CRTF lists them: the first along position angle `angleRad` + 90°. */
      readonly semiAxes: readonly [RegionQuantity, RegionQuantity]
      readonly angleRad: number
    }
  | { readonly kind: 'circle'; readonly centre: RegionPoint; readonly radius: RegionQuantity }
  | {
      readonly kind: 'annulus'
      readonly centre: RegionPoint
      readonly radii: readonly [inner: RegionQuantity, outer: RegionQuantity]
    }
  | { readonly kind: 'poly'; readonly vertices: readonly RegionPoint[] }
  | { readonly kind: 'line' | 'vector'; readonly ends: readonly [RegionPoint, RegionPoint] }
  | { readonly kind: 'text' | 'symbol'; readonly at: RegionPoint; readonly text: string }

/** Channels a region covers: channel numbers (inclusive), frequencies in Hz, or velocities in m/s. */
export interface RegionRange {
  readonly unit: 'chan' | 'Hz' | 'm/s'
  readonly from: number
  readonly to: number
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
  /** Velocity definition of a range in m/s. */
  readonly velocityType: 'RADIO' | 'OPTICAL' | 'BETA'
  /** Rest frequency for a range in m/s, Hz; null is the image's own. */
  readonly restFrequencyHz: number | null
  /** null covers all Stokes planes. */
  readonly stokes: readonly Stokes[] | null
  /** Everything else on the line: label, color, linewidth, …, as given. */
  readonly properties: Readonly<Record<string, string>>
}

/** What to do with the pixels a region covers: keep only them, add them, or take them away. */
export type MaskEdit = 'set' | 'add' | 'erase'

/** Region of a plain shape: image frame, all channels and Stokes, added. */
export function regionOfShape(shape: RegionShape): Region {
  const annotation =
    shape.kind === 'line' || shape.kind === 'vector' || shape.kind === 'text' || shape.kind === 'symbol'
  return {
    shape,
    frame: null,
    operation: 'add',
    annotation,
    range: null,
    velocityType: 'RADIO',
    restFrequencyHz: null,
    stokes: null,
    properties: {},
  }
}
