import type { RegionData } from '@cleanbeam/protocol'
import type { Point, RegionShape } from '@cleanbeam/viewer/drawing'

/** A drawn region as the protocol carries it; a brush stroke becomes CRTF text of discs and the strips between them. */
export function regionMessage(region: RegionShape): RegionData {
  switch (region.shape) {
    case 'box':
      return { shape: 'box', corners: [pair(region.corners[0]), pair(region.corners[1])] }
    case 'ellipse':
      return {
        shape: 'ellipse',
        centre: pair(region.centre),
        semiAxes: [...region.semiAxes],
        angleRad: region.angleRad,
      }
    case 'polygon':
      return { shape: 'polygon', points: region.points.map(pair) }
    case 'stroke':
      return { shape: 'crtf', text: strokeText(region.points, region.radius) }
  }
}

function pair(point: Point): [number, number] {
  return [rounded(point.x), rounded(point.y)]
}

/** Thousandths of a pixel: finer than a hand, short enough for a log line. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

function strokeText(points: readonly Point[], radius: number): string {
  const lines = ['#CRTFv0']
  points.forEach((point, i) => {
    lines.push(`circle[${pixels(point)}, ${rounded(radius)}pix]`)
    if (i > 0) lines.push(strip(points[i - 1], point, radius))
  })
  return `${lines.join('\n')}\n`
}

function strip(a: Point, b: Point, radius: number): string {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const [nx, ny] = [(-(b.y - a.y) / length) * radius, ((b.x - a.x) / length) * radius]
  const corners = [
    { x: a.x + nx, y: a.y + ny },
    { x: b.x + nx, y: b.y + ny },
    { x: b.x - nx, y: b.y - ny },
    { x: a.x - nx, y: a.y - ny },
  ]
  return `poly[${corners.map(pixels).join(', ')}]`
}

function pixels(point: Point): string {
  return `[${rounded(point.x)}pix, ${rounded(point.y)}pix]`
}
