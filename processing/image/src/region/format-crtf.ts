// CASA Region Text Format, version 0, written.
import { RAD_PER_DEG } from '@cleanbeam/measures'
import type { Region, RegionPoint, RegionQuantity, RegionRange, RegionShape } from './region.ts'

/** CRTF text with its `#CRTFv0` header; reading it gives equal regions. */
export function formatCrtf(regions: readonly Region[]): string {
  return ['#CRTFv0', ...regions.map(formatRegion), ''].join('\n')
}

/** One line of CRTF, without a sign for added regions. */
export function formatRegion(region: Region): string {
  const prefix = region.operation === 'subtract' ? '-' : ''
  const isImplied = ['line', 'vector', 'text', 'symbol'].includes(region.shape.kind)
  const annotation = region.annotation && !isImplied ? 'ann ' : ''
  const parameters: string[] = []
  if (region.frame) parameters.push(`coord=${region.frame}`)
  if (region.range) parameters.push(...formatRange(region.range))
  if (region.stokes) parameters.push(`corr=[${region.stokes.join(', ')}]`)
  for (const [key, value] of Object.entries(region.properties)) {
    const isPlain = /^[^\s,"'[\]]+$/.test(value)
    parameters.push(`${key}=${key === 'labeloff' ? `[${value}]` : isPlain ? value : `"${value}"`}`)
  }
  return [`${prefix}${annotation}${formatShape(region.shape)}`, ...parameters].join(', ')
}

function formatShape(shape: RegionShape): string {
  switch (shape.kind) {
    case 'box':
      return `box[${shape.corners.map(point).join(', ')}]`
    case 'centerbox':
      return `centerbox[${point(shape.centre)}, ${pair(shape.size)}]`
    case 'rotbox':
      return `rotbox[${point(shape.centre)}, ${pair(shape.size)}, ${angle(shape.angleRad)}]`
    case 'ellipse':
      return `ellipse[${point(shape.centre)}, ${pair(shape.semiAxes)}, ${angle(shape.angleRad)}]`
    case 'circle':
      return `circle[${point(shape.centre)}, ${quantity(shape.radius)}]`
    case 'annulus':
      return `annulus[${point(shape.centre)}, ${pair(shape.radii)}]`
    case 'poly':
      return `poly[${shape.vertices.map(point).join(', ')}]`
    case 'line':
    case 'vector':
      return `${shape.kind}[${shape.ends.map(point).join(', ')}]`
    case 'text':
      return `text[${point(shape.at)}, "${shape.text}"]`
    case 'symbol':
      return `symbol[${point(shape.at)}, ${shape.text}]`
  }
}

function point([x, y]: RegionPoint): string {
  return `[${quantity(x)}, ${quantity(y)}]`
}

function pair([first, second]: readonly [RegionQuantity, RegionQuantity]): string {
  return `[${quantity(first)}, ${quantity(second)}]`
}

function quantity({ value, unit }: RegionQuantity): string {
  return unit === 'pix' ? `${value}pix` : angle(value)
}

/** Degrees when they give back the same radians, else radians. */
function angle(rad: number): string {
  for (const digits of [12, 15, 16, 17]) {
    const degrees = Number((rad / RAD_PER_DEG).toPrecision(digits))
    if (degrees * RAD_PER_DEG === rad) return `${degrees}deg`
  }
  return `${rad}rad`
}

function formatRange(range: RegionRange): string[] {
  const unit = range.unit
  const parameters = [`range=[${range.from}${unit}, ${range.to}${unit}]`]
  if (range.frame) parameters.push(`frame=${range.frame}`)
  if (range.velocityType !== 'RADIO') parameters.push(`veltype=${range.velocityType}`)
  if (range.restFrequencyHz !== null) parameters.push(`restfreq=${range.restFrequencyHz}Hz`)
  return parameters
}
