// Marks painted into pixels without a browser: lines by their distance to pixel centres, areas by sub-scanlines.

import type { GradientMark, Mark, PathMark, Rect, Stroke, TextMark } from '@cleanbeam/viewer/drawing'
import { textStrokes } from './stroke-font.ts'

/** A picture being painted; `ratio` canvas pixels per CSS pixel. */
export interface Canvas {
  readonly width: number
  readonly height: number
  readonly ratio: number
  /** RGBA, opaque. */
  readonly pixels: Uint8ClampedArray
}

/** Part of the canvas that is painted on, in canvas pixels: x0 ≤ x < x1. */
interface Clip {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

type Colour = readonly [red: number, green: number, blue: number, alpha: number]

const SUBLINES = 4
/** Of the font size. */
const TEXT_STROKE = 0.085
const BOLD_FACTOR = 1.6
const HALO_WIDTH = 3

/** Paints marks over what the canvas holds, later ones above earlier ones. */
export function paintMarks(canvas: Canvas, marks: readonly Mark[]): void {
  paintClipped(canvas, marks, { x0: 0, y0: 0, x1: canvas.width, y1: canvas.height })
}

function paintClipped(canvas: Canvas, marks: readonly Mark[], clip: Clip): void {
  for (const mark of marks) {
    if (mark.kind === 'path') paintPath(canvas, mark, clip)
    else if (mark.kind === 'text') paintText(canvas, mark, clip)
    else if (mark.kind === 'gradient') paintGradient(canvas, mark, clip)
    else paintClipped(canvas, mark.marks, intersect(clip, mark.rect, canvas.ratio))
  }
}

function intersect(clip: Clip, rect: Rect, ratio: number): Clip {
  return {
    x0: Math.max(clip.x0, Math.round(rect.x * ratio)),
    y0: Math.max(clip.y0, Math.round(rect.y * ratio)),
    x1: Math.min(clip.x1, Math.round((rect.x + rect.width) * ratio)),
    y1: Math.min(clip.y1, Math.round((rect.y + rect.height) * ratio)),
  }
}

function paintPath(canvas: Canvas, mark: PathMark, clip: Clip): void {
  const lines = mark.lines.map(line => Float64Array.from(line, value => value * canvas.ratio))
  if (mark.fill) fillArea(canvas, lines, parseColour(mark.fill), clip)
  if (!mark.stroke) return
  const drawn = (mark.closed ? lines.map(closeLine) : lines).flatMap(line => dashes(line, mark.stroke, canvas.ratio))
  const { colour, width, halo } = mark.stroke
  if (halo) strokeLines(canvas, drawn, (width + 2) * canvas.ratio, parseColour(halo), clip)
  strokeLines(canvas, drawn, width * canvas.ratio, parseColour(colour), clip)
}

function closeLine(line: Float64Array): Float64Array {
  return Float64Array.of(...line, line[0], line[1])
}

/** Cuts a line into its dashes; the line itself when it has none. */
function dashes(line: Float64Array, stroke: Stroke | undefined, ratio: number): Float64Array[] {
  const pattern = stroke?.dash
  if (!pattern || pattern.length === 0) return [line]
  const pieces: Float64Array[] = []
  let phase = 0
  let left = pattern[0] * ratio
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [x0, y0, x1, y1] = line.subarray(i, i + 4)
    const length = Math.hypot(x1 - x0, y1 - y0)
    let done = 0
    while (done < length) {
      const step = Math.min(left, length - done)
      const at = (s: number): [number, number] => [x0 + ((x1 - x0) * s) / length, y0 + ((y1 - y0) * s) / length]
      if (phase % 2 === 0) pieces.push(Float64Array.of(...at(done), ...at(done + step)))
      done += step
      left -= step
      if (left > 0) continue
      phase++
      left = pattern[phase % pattern.length] * ratio
    }
  }
  return pieces
}

function paintText(canvas: Canvas, mark: TextMark, clip: Clip): void {
  const { ratio } = canvas
  const { lines, width } = textStrokes(mark.text, mark.size)
  const start = mark.x - { left: 0, center: width / 2, right: width }[mark.align]
  const baseline = mark.y + { top: 0.8, middle: 0.35, bottom: -0.2 }[mark.baseline] * mark.size
  const placed = lines.map(line =>
    Float64Array.from(line, (value, i) => ratio * (i % 2 === 0 ? start + value : baseline - value)),
  )
  const stroke = mark.size * TEXT_STROKE * (mark.bold ? BOLD_FACTOR : 1)
  if (mark.halo) strokeLines(canvas, placed, (stroke + HALO_WIDTH) * ratio, parseColour(mark.halo), clip)
  strokeLines(canvas, placed, stroke * ratio, parseColour(mark.colour), clip)
}

function paintGradient(canvas: Canvas, { rect, table }: GradientMark, clip: Clip): void {
  const area = intersect(clip, rect, canvas.ratio)
  const nEntry = table.length / 4
  for (let y = area.y0; y < area.y1; y++) {
    const fromBottom = (area.y1 - 0.5 - y) / (area.y1 - area.y0)
    const entry = 4 * Math.min(nEntry - 1, Math.floor(fromBottom * nEntry))
    for (let x = area.x0; x < area.x1; x++) {
      canvas.pixels.set(table.subarray(entry, entry + 3), 4 * (x + canvas.width * y))
    }
  }
}

/** Strokes all lines as one figure, so that crossings of a transparent colour are not darker. */
function strokeLines(canvas: Canvas, lines: readonly Float64Array[], width: number, colour: Colour, clip: Clip): void {
  const half = Math.max(0.5, width / 2)
  const coverage = new Map<number, number>()
  for (const line of lines) {
    for (let i = 0; i + 3 < line.length; i += 2) coverSegment(coverage, canvas, line.subarray(i, i + 4), half, clip)
  }
  for (const [index, covered] of coverage) blend(canvas, index, colour, covered)
}

function coverSegment(
  coverage: Map<number, number>,
  canvas: Canvas,
  [x0, y0, x1, y1]: Float64Array,
  half: number,
  clip: Clip,
): void {
  const reach = half + 1
  const left = Math.max(clip.x0, Math.floor(Math.min(x0, x1) - reach))
  const right = Math.min(clip.x1 - 1, Math.ceil(Math.max(x0, x1) + reach))
  const top = Math.max(clip.y0, Math.floor(Math.min(y0, y1) - reach))
  const bottom = Math.min(clip.y1 - 1, Math.ceil(Math.max(y0, y1) + reach))
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const covered = half + 0.5 - distance(x + 0.5, y + 0.5, x0, y0, x1, y1)
      if (covered <= 0) continue
      const index = x + canvas.width * y
      coverage.set(index, Math.max(coverage.get(index) ?? 0, Math.min(1, covered)))
    }
  }
}

/** Distance of a point from a segment. */
function distance(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const square = dx * dx + dy * dy
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / square))
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy)
}

/** Fills by the even-odd rule. */
function fillArea(canvas: Canvas, lines: readonly Float64Array[], colour: Colour, clip: Clip): void {
  const row = new Float32Array(canvas.width)
  for (let y = clip.y0; y < clip.y1; y++) {
    row.fill(0)
    let touched = false
    for (let sub = 0; sub < SUBLINES; sub++) {
      const crossings = crossingsAt(lines, y + (sub + 0.5) / SUBLINES)
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        touched = coverSpan(row, crossings[i], crossings[i + 1], clip) || touched
      }
    }
    if (!touched) continue
    for (let x = clip.x0; x < clip.x1; x++) if (row[x] > 0) blend(canvas, x + canvas.width * y, colour, row[x])
  }
}

function crossingsAt(lines: readonly Float64Array[], y: number): number[] {
  const crossings: number[] = []
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const j = (i + 2) % line.length
      const [y0, y1] = [line[i + 1], line[j + 1]]
      if (y0 <= y === y1 <= y) continue
      crossings.push(line[i] + ((y - y0) / (y1 - y0)) * (line[j] - line[i]))
    }
  }
  return crossings.sort((a, b) => a - b)
}

function coverSpan(row: Float32Array, from: number, to: number, clip: Clip): boolean {
  const [start, end] = [Math.max(from, clip.x0), Math.min(to, clip.x1)]
  for (let x = Math.floor(start); x < end; x++) {
    row[x] += (Math.min(x + 1, end) - Math.max(x, start)) / SUBLINES
  }
  return end > start
}

function blend(canvas: Canvas, index: number, [red, green, blue, alpha]: Colour, covered: number): void {
  const a = alpha * covered
  const at = 4 * index
  const { pixels } = canvas
  pixels[at] += (red - pixels[at]) * a
  pixels[at + 1] += (green - pixels[at + 1]) * a
  pixels[at + 2] += (blue - pixels[at + 2]) * a
}

/** Colours as themes give them: #rrggbb, rgb(…) and rgba(…). */
export function parseColour(css: string): Colour {
  if (css.startsWith('#')) {
    const [red, green, blue] = [1, 3, 5].map(i => Number.parseInt(css.slice(i, i + 2), 16))
    return [red, green, blue, 1]
  }
  const [red, green, blue, alpha = 1] = (css.match(/[\d.]+/g) ?? []).map(Number)
  return [red ?? 0, green ?? 0, blue ?? 0, alpha]
}
