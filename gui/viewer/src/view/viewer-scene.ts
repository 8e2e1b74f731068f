import type { DirectionCoordinate, RestoringBeam } from '@cleanbeam/types'
import type { Colouring } from '../drawing/colouring.ts'
import type { MaskDisplay } from '../drawing/mask-marks.ts'
import type { PictureTheme } from '../drawing/picture-theme.ts'
import type { PlaneTile } from '../drawing/plane.ts'
import type { Interpolation } from '../drawing/raster.ts'
import type { RegionShape } from '../drawing/region-shape.ts'
import type { SkyProjection } from '../drawing/sky-projection.ts'
import type { Point, ViewCentre } from '../drawing/view-transform.ts'
import type { ToolName } from '../tools/drawing-tool.ts'

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
}
