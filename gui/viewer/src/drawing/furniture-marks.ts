import type { DirectionCoordinate, RestoringBeam } from '@cleanbeam/types'
import { beamOutline, cellRad } from './beam-ellipse.ts'
import type { Mark } from './marks.ts'
import { formatBeam } from './number-format.ts'
import type { PictureTheme } from './picture-theme.ts'
import { scaleBar } from './scale-bar.ts'
import type { Rect, ViewCentre } from './view-transform.ts'

const CORNER_GAP = 20
const LEAST_BEAM = 2
const GREATEST_BEAM_FRACTION = 0.4
const GREATEST_BAR = 150
const GREATEST_BAR_FRACTION = 0.22

/** The beam as an ellipse in the lower left corner; nothing when it would be smaller than a dot or fill the picture. */
export function beamMarks(
  beam: RestoringBeam,
  coordinate: DirectionCoordinate,
  view: ViewCentre,
  frame: Rect,
  theme: PictureTheme,
): Mark[] {
  const outline = beamOutline(beam, coordinate)
  const [halfWidth, halfHeight] = [0, 1].map(axis => {
    let most = 0
    for (let i = axis; i < outline.length; i += 2) most = Math.max(most, Math.abs(outline[i]))
    return most * view.scale
  })
  const size = 2 * Math.max(halfWidth, halfHeight)
  if (size < LEAST_BEAM || size > GREATEST_BEAM_FRACTION * Math.min(frame.width, frame.height)) return []
  const x = frame.x + CORNER_GAP + halfWidth
  const y = frame.y + frame.height - CORNER_GAP - halfHeight
  const line = Array.from(outline, (v, i) => (i % 2 === 0 ? x + v * view.scale : y - v * view.scale))
  const stroke = { colour: theme.over, width: 1.5, halo: theme.overHalo }
  const label = {
    kind: 'text',
    text: formatBeam(beam),
    x: x + halfWidth + 10,
    y,
    align: 'left',
    baseline: 'middle',
    size: 12,
    colour: theme.over,
    halo: theme.overHalo,
  } as const
  return [{ kind: 'path', lines: [line], closed: true, stroke, fill: 'rgba(255, 255, 255, 0.18)' }, label]
}

/** A bar of a round angle with its length above it, in the lower right corner. */
export function scaleBarMarks(
  coordinate: DirectionCoordinate,
  view: ViewCentre,
  frame: Rect,
  theme: PictureTheme,
): Mark[] {
  const longest = Math.min(GREATEST_BAR, GREATEST_BAR_FRACTION * frame.width)
  const bar = scaleBar(cellRad(coordinate) / view.scale, longest)
  const x1 = frame.x + frame.width - CORNER_GAP
  const y = frame.y + frame.height - CORNER_GAP
  const stroke = { colour: theme.over, width: 2, halo: theme.overHalo }
  const label = {
    kind: 'text',
    text: bar.label,
    x: x1 - bar.length / 2,
    y: y - 7,
    align: 'center',
    baseline: 'bottom',
    size: 12,
    colour: theme.over,
    halo: theme.overHalo,
  } as const
  return [{ kind: 'path', lines: [[x1 - bar.length, y, x1, y]], closed: false, stroke }, label]
}
