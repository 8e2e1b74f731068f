import type { DirectionCoordinate, RestoringBeam } from '@cleanbeam/types'
import type { Colouring } from '../drawing/colouring.ts'
import type { ContourLine } from '../drawing/contour-lines.ts'
import type { MaskDisplay } from '../drawing/mask-marks.ts'
import type { PictureTheme } from '../drawing/picture-theme.ts'
import type { PlaneTile } from '../drawing/plane.ts'
import type { Interpolation } from '../drawing/raster.ts'
import type { RegionShape } from '../drawing/region-shape.ts'
import type { AxisStyles } from '../drawing/sky-axes.ts'
import type { SkyProjection } from '../drawing/sky-projection.ts'
import type { Point, ViewCentre } from '../drawing/view-transform.ts'
import type { ToolName } from '../tools/drawing-tool.ts'

/** A region that can still be moved, resized and turned. */
export interface PendingRegion {
  readonly region: RegionShape
  readonly mode: 'add' | 'erase'
}

/** All that a viewer shows, as plain data owned by its user. */
export interface ViewerScene {
  /** Size of the image, pixels. */
  readonly nx: number
  readonly ny: number
  readonly tiles: readonly PlaneTile[]
  readonly colouring: Colouring
  readonly interpolation: Interpolation
  /** Brightness unit. */
  readonly unit: string
  readonly coordinate: DirectionCoordinate
  readonly projection: SkyProjection
  readonly beam: RestoringBeam | null
  /** Null shows the whole image. */
  readonly view: ViewCentre | null
  readonly showGrid: boolean
  /** How the axes are written; default: as is usual in the coordinate's frame. */
  readonly axisStyles?: AxisStyles
  readonly showCompass?: boolean
  readonly contours?: readonly ContourLine[]
  /** A position held fast, image pixels. */
  readonly crosshair?: Point | null
  /** A region drawn and not yet applied: it has handles. */
  readonly pending?: PendingRegion | null
  readonly maskOutlines: readonly ArrayLike<number>[]
  readonly maskDisplay: MaskDisplay
  readonly theme: PictureTheme
  readonly tool: ToolName
  readonly mode: 'add' | 'erase'
  /** Image pixels. */
  readonly brushRadius: number
}

/** What a viewer tells its user; it never changes the scene itself. */
export interface ViewerEvents {
  /** Null: the whole image. */
  onViewChange(view: ViewCentre | null): void
  /** Image position under the pointer; null when it leaves the picture. */
  onCursor(position: Point | null): void
  /** A region is complete. */
  onRegion(region: RegionShape, mode: 'add' | 'erase'): void
  /** The pending region has been changed by its handles. */
  onPendingChange?(region: RegionShape): void
  /** A pixel has been picked: with the wand, or by a click that moved nothing. */
  onPick?(position: Point, tool: ToolName, mode: 'add' | 'erase'): void
  /** The colours are being dragged: fractions of the picture's size to the right and up since the last event. */
  onColourDrag?(right: number, up: number): void
  /** Size of the picture's frame, CSS pixels. */
  onFrame?(width: number, height: number): void
}
