import type { DirectionCoordinate, RestoringBeam } from '@cleanbeam/types'
import { axesMarks, gridMarks } from './axes-marks.ts'
import { colourBarMarks } from './colour-bar-marks.ts'
import type { Colouring } from './colouring.ts'
import { beamMarks, scaleBarMarks } from './furniture-marks.ts'
import { type Mark, rectMark } from './marks.ts'
import { type DraftRegion, draftMarks, type MaskDisplay, maskMarks } from './mask-marks.ts'
import type { PictureLayout } from './picture-layout.ts'
import type { PictureTheme } from './picture-theme.ts'
import { skyAxes, skyGrid } from './sky-axes.ts'
import type { SkyProjection } from './sky-projection.ts'
import type { ViewCentre } from './view-transform.ts'

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
  /** Outlines of the clean mask in image pixels. */
  readonly maskOutlines: readonly ArrayLike<number>[]
  readonly maskDisplay: MaskDisplay
  readonly draft: DraftRegion | null
  readonly theme: PictureTheme
}

/** The marks of a picture, in the order of painting: over the image, frame, labels, colour bar. */
export function pictureMarks(picture: Picture): Mark[] {
  const { layout, view, theme, coordinate, projection } = picture
  const { frame } = layout
  const axes = skyAxes(projection, view, frame, coordinate.frame === 'GALACTIC')
  const over: Mark[] = [
    ...maskMarks(picture.maskOutlines, picture.maskDisplay, view, frame, theme),
    ...(picture.beam ? beamMarks(picture.beam, coordinate, view, frame, theme) : []),
    ...scaleBarMarks(coordinate, view, frame, theme),
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
