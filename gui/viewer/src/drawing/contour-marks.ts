import type { ContourLine } from './contour-lines.ts'
import type { Mark } from './marks.ts'
import type { PictureTheme } from './picture-theme.ts'
import { imageToScreen, type Rect, type ViewCentre } from './view-transform.ts'

/** Contours over the picture; negative ones dashed. */
export function contourMarks(
  contours: readonly ContourLine[],
  view: ViewCentre,
  frame: Rect,
  theme: PictureTheme,
): Mark[] {
  return contours
    .filter(({ segments }) => segments.length > 0)
    .map(({ level, segments }): Mark => {
      const lines: number[][] = []
      for (let i = 0; i < segments.length; i += 4) {
        const from = imageToScreen(view, frame, segments[i], segments[i + 1])
        const to = imageToScreen(view, frame, segments[i + 2], segments[i + 3])
        if (isSeen(from, to, frame)) lines.push([from.x, from.y, to.x, to.y])
      }
      const dash = level < 0 ? [3, 3] : undefined
      return { kind: 'path', lines, closed: false, stroke: { colour: theme.contour, width: 1.2, dash } }
    })
}

function isSeen(a: { x: number; y: number }, b: { x: number; y: number }, frame: Rect): boolean {
  return (
    Math.max(a.x, b.x) >= frame.x &&
    Math.min(a.x, b.x) <= frame.x + frame.width &&
    Math.max(a.y, b.y) >= frame.y &&
    Math.min(a.y, b.y) <= frame.y + frame.height
  )
}

/** A cross through a position, and its label when there is one. */
export function crosshairMarks(x: number, y: number, view: ViewCentre, frame: Rect, theme: PictureTheme): Mark[] {
  const at = imageToScreen(view, frame, x, y)
  const stroke = { colour: theme.grid, width: 1 }
  return [
    { kind: 'path', lines: [[frame.x, at.y, frame.x + frame.width, at.y]], closed: false, stroke },
    { kind: 'path', lines: [[at.x, frame.y, at.x, frame.y + frame.height]], closed: false, stroke },
  ]
}
