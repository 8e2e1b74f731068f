import type { Mark } from './marks.ts'
import type { PictureTheme } from './picture-theme.ts'
import { centreOf, handlesOf } from './region-edit.ts'
import { outlineOf, type RegionShape } from './region-shape.ts'
import { imageToScreen, type Point, type Rect, type ViewCentre } from './view-transform.ts'

/** How the clean mask is shown. */
export type MaskDisplay = 'outline' | 'shaded' | 'hidden'

/** A region while it is being drawn. */
export interface DraftRegion {
  readonly region: RegionShape
  readonly mode: 'add' | 'erase'
  /** False while a polygon still lacks its closing line. */
  readonly closed: boolean
  /** Corners shown as handles, image pixels. */
  readonly handles: readonly Point[]
}

/** The mask's border, and its filling when shaded. */
export function maskMarks(
  outlines: readonly ArrayLike<number>[],
  display: MaskDisplay,
  view: ViewCentre,
  frame: Rect,
  theme: PictureTheme,
): Mark[] {
  if (display === 'hidden' || outlines.length === 0) return []
  const lines = outlines.map(line => toScreen(line, view, frame))
  const stroke = { colour: theme.mask, width: 1.5, halo: theme.maskHalo }
  return [{ kind: 'path', lines, closed: true, stroke, fill: display === 'shaded' ? theme.maskShade : undefined }]
}

/** The region being drawn, dashed while it erases, with its corners. */
export function draftMarks(draft: DraftRegion, view: ViewCentre, frame: Rect, theme: PictureTheme): Mark[] {
  const colour = draft.mode === 'add' ? theme.add : theme.erase
  const line = toScreen(outlineOf(draft.region), view, frame)
  if (draft.region.shape === 'stroke') return [strokeMark(line, draft.region.radius * view.scale, draft.mode, theme)]
  const dash = draft.mode === 'erase' ? [6, 4] : undefined
  const marks: Mark[] = [
    { kind: 'path', lines: [line], closed: draft.closed, stroke: { colour, width: 1.5, halo: theme.overHalo, dash } },
  ]
  for (const handle of draft.handles) marks.push(handleMark(imageToScreen(view, frame, handle.x, handle.y), colour))
  return marks
}

/** Distance of the turning handle from the region it turns, CSS pixels. */
export const TURN_DISTANCE = 24

/** A region that can still be changed, with its handles; the turning one hangs on a line. */
export function pendingMarks(
  region: RegionShape,
  mode: DraftRegion['mode'],
  view: ViewCentre,
  frame: Rect,
  theme: PictureTheme,
): Mark[] {
  const colour = mode === 'add' ? theme.add : theme.erase
  const fill = mode === 'add' ? theme.addShade : theme.eraseShade
  const handles = handlesOf(region, TURN_DISTANCE / view.scale)
  const body = draftMarks({ region, mode, closed: true, handles: [] }, view, frame, theme)
  const marks = body.map(mark => (mark.kind === 'path' && region.shape !== 'stroke' ? { ...mark, fill } : mark))
  for (const { handle, at } of handles) {
    const place = imageToScreen(view, frame, at.x, at.y)
    if (handle.kind === 'turn') marks.push(...turnMarks(place, centreOf(region), view, frame, colour))
    else marks.push(handleMark(place, handle.kind === 'side' ? 'transparent' : colour))
  }
  return marks
}

function turnMarks(at: Point, centre: Point, view: ViewCentre, frame: Rect, colour: string): Mark[] {
  const middle = imageToScreen(view, frame, centre.x, centre.y)
  const length = Math.hypot(middle.x - at.x, middle.y - at.y) || 1
  const towards = { x: (middle.x - at.x) / length, y: (middle.y - at.y) / length }
  const end = [at.x + TURN_DISTANCE * towards.x, at.y + TURN_DISTANCE * towards.y]
  const circle = Array.from({ length: 24 }, (_, i) => {
    const angle = (Math.PI * Math.floor(i / 2)) / 6
    return i % 2 === 0 ? at.x + 4.5 * Math.cos(angle) : at.y + 4.5 * Math.sin(angle)
  })
  const stroke = { colour, width: 1.2 }
  return [
    { kind: 'path', lines: [[at.x, at.y, ...end]], closed: false, stroke },
    { kind: 'path', lines: [circle], closed: true, fill: colour, stroke: { colour: '#10151b', width: 1 } },
  ]
}

function handleMark({ x, y }: Point, colour: string): Mark {
  const square = [x - 3.5, y - 3.5, x + 3.5, y - 3.5, x + 3.5, y + 3.5, x - 3.5, y + 3.5]
  const stroke = { colour: colour === 'transparent' ? 'rgba(255, 255, 255, 0.7)' : '#10151b', width: 1 }
  return { kind: 'path', lines: [square], closed: true, fill: colour === 'transparent' ? undefined : colour, stroke }
}

/** A brush stroke as a translucent line of its width; a single point becomes a disc. */
function strokeMark(line: Float64Array, radius: number, mode: DraftRegion['mode'], theme: PictureTheme): Mark {
  const colour = mode === 'add' ? theme.addShade : theme.eraseShade
  const dot = line.length === 2 ? [line[0], line[1], line[0] + 0.01, line[1]] : line
  return { kind: 'path', lines: [dot], closed: false, stroke: { colour, width: 2 * radius, cap: 'round' } }
}

function toScreen(line: ArrayLike<number>, view: ViewCentre, frame: Rect): Float64Array {
  const screen = new Float64Array(line.length)
  const x0 = frame.x + frame.width / 2 - view.x * view.scale
  const y0 = frame.y + frame.height / 2 + view.y * view.scale
  for (let i = 0; i + 1 < line.length; i += 2) {
    screen[i] = x0 + line[i] * view.scale
    screen[i + 1] = y0 - line[i + 1] * view.scale
  }
  return screen
}
