import type { GradientMark, Mark, PathMark, TextMark } from '../drawing/marks.ts'

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'

/** Paints marks on a canvas whose transformation already maps CSS pixels to its own. */
export function paintMarks(context: CanvasRenderingContext2D, marks: readonly Mark[]): void {
  for (const mark of marks) {
    switch (mark.kind) {
      case 'path':
        paintPath(context, mark)
        break
      case 'text':
        paintText(context, mark)
        break
      case 'gradient':
        paintGradient(context, mark)
        break
      case 'clipped':
        context.save()
        context.beginPath()
        context.rect(mark.rect.x, mark.rect.y, mark.rect.width, mark.rect.height)
        context.clip()
        paintMarks(context, mark.marks)
        context.restore()
        break
    }
  }
}

function paintPath(context: CanvasRenderingContext2D, mark: PathMark): void {
  context.beginPath()
  // Lines of odd width are sharp when they run through the middle of a pixel.
  const shift = mark.stroke && mark.stroke.width === 1 && !mark.stroke.halo ? 0.5 : 0
  for (const line of mark.lines) {
    for (let i = 0; i + 1 < line.length; i += 2) {
      const [x, y] = shift ? [Math.floor(line[i]) + shift, Math.floor(line[i + 1]) + shift] : [line[i], line[i + 1]]
      if (i === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    }
    if (mark.closed) context.closePath()
  }
  if (mark.fill) {
    context.fillStyle = mark.fill
    context.fill('evenodd')
  }
  if (mark.stroke) strokePath(context, mark.stroke)
}

function strokePath(context: CanvasRenderingContext2D, stroke: NonNullable<PathMark['stroke']>): void {
  context.lineJoin = 'round'
  context.lineCap = stroke.cap ?? 'butt'
  if (stroke.halo) {
    context.setLineDash([])
    context.lineWidth = stroke.width + 2
    context.strokeStyle = stroke.halo
    context.stroke()
  }
  context.setLineDash(stroke.dash ? [...stroke.dash] : [])
  context.lineWidth = stroke.width
  context.strokeStyle = stroke.colour
  context.stroke()
}

function paintText(context: CanvasRenderingContext2D, mark: TextMark): void {
  context.font = `${mark.bold ? '600 ' : ''}${mark.size}px ${FONT}`
  context.textAlign = mark.align
  context.textBaseline = mark.baseline
  if (mark.halo) {
    context.setLineDash([])
    context.lineJoin = 'round'
    context.lineWidth = 3
    context.strokeStyle = mark.halo
    context.strokeText(mark.text, mark.x, mark.y)
  }
  context.fillStyle = mark.colour
  context.fillText(mark.text, mark.x, mark.y)
}

function paintGradient(context: CanvasRenderingContext2D, mark: GradientMark): void {
  const { x, y, width, height } = mark.rect
  const gradient = context.createLinearGradient(0, y + height, 0, y)
  const n = mark.table.length / 4
  for (let i = 0; i < n; i += 4) addStop(gradient, mark.table, i, n)
  addStop(gradient, mark.table, n - 1, n)
  context.fillStyle = gradient
  context.fillRect(x, y, width, height)
}

function addStop(gradient: CanvasGradient, table: Uint8Array, i: number, n: number): void {
  gradient.addColorStop(i / (n - 1), `rgb(${table[4 * i]}, ${table[4 * i + 1]}, ${table[4 * i + 2]})`)
}
