import { lineMark, type Mark, type PathMark, type TextMark } from './marks.ts'
import type { PictureLayout } from './picture-layout.ts'
import type { PictureTheme } from './picture-theme.ts'
import type { SkyAxes, SkyAxis } from './sky-axes.ts'

const LABEL_SIZE = 11
const TICK_LENGTH = 5
const LABEL_GAP = 8
const PREFIX_RISE = 15

/** Width a label takes with tabular numerals, CSS pixels; generous by a few per cent. */
export function labelWidth(text: string, size: number): number {
  return text.length * size * 0.58
}

/** Ticks inside the frame, labels outside it, and what the labels have in common beside the first of them. */
export function axesMarks(axes: SkyAxes, layout: PictureLayout, theme: PictureTheme): Mark[] {
  return [...bottomMarks(axes.bottom, layout, theme), ...leftMarks(axes.left, layout, theme)]
}

/** Grid lines, clipped to the frame. */
export function gridMarks(lines: readonly number[][], layout: PictureLayout, theme: PictureTheme): Mark {
  const path: PathMark = { kind: 'path', lines, closed: false, stroke: { colour: theme.grid, width: 1 } }
  return { kind: 'clipped', rect: layout.frame, marks: [path] }
}

function bottomMarks(axis: SkyAxis, layout: PictureLayout, theme: PictureTheme): Mark[] {
  const { frame } = layout
  const bottom = frame.y + frame.height
  const marks: Mark[] = []
  let leftmost = frame.x
  let free = Number.NEGATIVE_INFINITY
  for (const tick of axis.ticks) {
    marks.push(overTick(tick.position, bottom, tick.position, bottom - TICK_LENGTH, theme))
    const half = labelWidth(tick.label, LABEL_SIZE) / 2
    if (tick.position - half < free || tick.position + half > layout.width - 2) continue
    marks.push(label(tick.label, tick.position, bottom + LABEL_GAP, 'center', 'top', theme.label))
    leftmost = Math.min(leftmost, tick.position - half)
    free = tick.position + half + LABEL_SIZE
  }
  if (axis.prefix) {
    marks.push(label(axis.prefix, leftmost - LABEL_GAP, bottom + LABEL_GAP, 'right', 'top', theme.faint))
  }
  return marks
}

function leftMarks(axis: SkyAxis, layout: PictureLayout, theme: PictureTheme): Mark[] {
  const { frame } = layout
  const x = frame.x - LABEL_GAP
  const marks: Mark[] = []
  const highest = axis.ticks.find(tick => tick.position - PREFIX_RISE > LABEL_SIZE / 2)
  for (const tick of axis.ticks) {
    marks.push(overTick(frame.x, tick.position, frame.x + TICK_LENGTH, tick.position, theme))
    if (tick.position < frame.y + 4 && tick !== highest) continue
    if (highest && tick.position < highest.position) continue
    marks.push(label(tick.label, x, tick.position, 'right', 'middle', theme.label))
  }
  if (axis.prefix && highest) {
    marks.push(label(axis.prefix, x, highest.position - PREFIX_RISE, 'right', 'middle', theme.faint))
  }
  return marks
}

function overTick(x0: number, y0: number, x1: number, y1: number, theme: PictureTheme): Mark {
  return lineMark(x0, y0, x1, y1, { colour: theme.over, width: 1, halo: theme.overHalo })
}

function label(
  text: string,
  x: number,
  y: number,
  align: TextMark['align'],
  baseline: TextMark['baseline'],
  colour: string,
): TextMark {
  return { kind: 'text', text, x, y, align, baseline, colour, size: LABEL_SIZE }
}
