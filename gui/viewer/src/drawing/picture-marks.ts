import type { DirectionCoordinate, RestoringBeam } from '@cleanbeam/types'
import { axesMarks, gridMarks } from './axes-marks.ts'
import { colourBarMarks } from './colour-bar-marks.ts'
import type { Colouring } from './colouring.ts'
import { compassAt, compassMarks } from './compass-marks.ts'
import type { ContourLine } from './contour-lines.ts'
import { contourMarks, crosshairMarks } from './contour-marks.ts'
import { beamMarks, scaleBarMarks } from './furniture-marks.ts'
import { type Mark, rectMark } from './marks.ts'
import { type DraftRegion, draftMarks, type MaskDisplay, maskMarks, pendingMarks } from './mask-marks.ts'
import type { PictureLayout } from './picture-layout.ts'
import type { PictureTheme } from './picture-theme.ts'
import type { RegionShape } from './region-shape.ts'
import { type AxisStyles, axisStylesOf, skyAxes, skyGrid } from './sky-axes.ts'
import type { SkyProjection } from './sky-projection.ts'
import type { Point, ViewCentre } from './view-transform.ts'

/** Everything that is drawn over and around the pixels of a picture. */
export interface Picture {
  readonly layout: PictureLayout
  readonly view: ViewCentre
  readonly colouring: Colouring
  /** Brightness unit, for the colour bar. */
  readonly unit: string
  readonly coordinate: DirectionCoordinate
  readonly projection: SkyProjection
  /** Null when the product has none. */
  readonly beam: RestoringBeam | null
  readonly showGrid: boolean
  /** How the axes are written; the projection is in the same frame. */
  readonly axisStyles?: AxisStyles
  readonly showCompass?: boolean
  readonly contours?: readonly ContourLine[]
  /** A position held fast, image pixels. */
  readonly crosshair?: Point | null
  /** Outlines of the clean mask in image pixels. */
  readonly maskOutlines: readonly ArrayLike<number>[]
  readonly maskDisplay: MaskDisplay
  readonly draft: DraftRegion | null
  /** A region that can still be changed. */
  readonly pending?: { readonly region: RegionShape; readonly mode: 'add' | 'erase' } | null
  readonly theme: PictureTheme
}

/** The marks of a picture, in the order of painting: over the image, frame, labels, colour bar. */
export function pictureMarks(picture: Picture): Mark[] {
  const { layout, view, theme, coordinate, projection } = picture
  const { frame } = layout
  const axes = skyAxes(projection, view, frame, picture.axisStyles ?? axisStylesOf(coordinate.frame))
  const compass = picture.showCompass ? compassAt(projection, view, frame) : null
  const { crosshair, contours = [] } = picture
  const over: Mark[] = [
    ...contourMarks(contours, view, frame, theme),
    ...(crosshair ? crosshairMarks(crosshair.x, crosshair.y, view, frame, theme) : []),
    ...maskMarks(picture.maskOutlines, picture.maskDisplay, view, frame, theme),
    ...(picture.beam ? beamMarks(picture.beam, coordinate, view, frame, theme) : []),
    ...scaleBarMarks(coordinate, view, frame, theme),
    ...(compass ? compassMarks(compass, frame, theme) : []),
    ...(picture.pending ? pendingMarks(picture.pending.region, picture.pending.mode, view, frame, theme) : []),
    ...(picture.draft ? draftMarks(picture.draft, view, frame, theme) : []),
  ]
  return [
    ...(picture.showGrid ? [gridMarks(skyGrid(projection, view, frame, axes), layout, theme)] : []),
    { kind: 'clipped', rect: frame, marks: over },
    rectMark(frame, { colour: theme.frame, width: 1 }),
    ...axesMarks(axes, layout, theme),
    ...colourBarMarks(picture.colouring, picture.unit, layout, theme),
  ]
}
