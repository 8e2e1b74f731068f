// DS9 region files, written.
import { RAD_PER_DEG } from '@cleanbeam/measures'
import type { DirectionFrame } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import type { Region, RegionPoint, RegionQuantity } from './region.ts'

const SYSTEMS: Readonly<Record<DirectionFrame, string>> = {
  J2000: 'fk5',
  ICRS: 'icrs',
  B1950: 'fk4',
  GALACTIC: 'galactic',
}

/**
 * DS9 text of regions. DS9 knows no spectral range and no Stokes, so regions restricted to some are refused.
 * @param imageFrame frame of world positions of regions that name none
 * @throws ImageError for restricted regions
 */
export function formatDs9(regions: readonly Region[], imageFrame: DirectionFrame): string {
  const lines = regions.map(region => {
    if (region.range || region.stokes) {
      throw new ImageError(
        'expected regions over all channels and Stokes for DS9, got one with range or corr: write CRTF',
      )
    }
    const first = positionOf(region)
    const system = first[0].unit === 'pix' ? 'image' : SYSTEMS[region.frame ?? imageFrame]
    const sign = region.operation === 'subtract' ? '-' : ''
    return `${system};${sign}${formatShape(region)}${formatProperties(region)}`
  })
  return ['# Region file format: DS9 version 4.1', ...lines, ''].join('\n')
}

function positionOf({ shape }: Region): RegionPoint {
  if ('centre' in shape) return shape.centre
  if ('at' in shape) return shape.at
  if ('ends' in shape) return shape.ends[0]
  return 'corners' in shape ? shape.corners[0] : shape.vertices[0]
}

function formatShape({ shape }: Region): string {
  switch (shape.kind) {
    case 'circle':
      return `circle(${point(shape.centre)},${length(shape.radius)})`
    case 'annulus':
      return `annulus(${point(shape.centre)},${shape.radii.map(length).join(',')})`
    case 'ellipse': {
      const [along, across] = shape.semiAxes
      return `ellipse(${point(shape.centre)},${length(across)},${length(along)},${degrees(shape.angleRad)})`
    }
    case 'centerbox':
      return `box(${point(shape.centre)},${shape.size.map(length).join(',')},0)`
    case 'rotbox':
      return `box(${point(shape.centre)},${shape.size.map(length).join(',')},${degrees(shape.angleRad)})`
    case 'box': {
      const [[xa, ya], [xb, yb]] = shape.corners
      const corners: RegionPoint[] = [
        [xa, ya],
        [xb, ya],
        [xb, yb],
        [xa, yb],
      ]
      return `polygon(${corners.map(point).join(',')})`
    }
    case 'poly':
      return `polygon(${shape.vertices.map(point).join(',')})`
    case 'line':
    case 'vector':
      return `line(${shape.ends.map(point).join(',')})`
    case 'text':
      return `text(${point(shape.at)})`
    case 'symbol':
      return `point(${point(shape.at)})`
  }
}

function point([x, y]: RegionPoint): string {
  return x.unit === 'pix' ? `${x.value + 1},${y.value + 1}` : `${degrees(x.value)},${degrees(y.value)}`
}

function length({ value, unit }: RegionQuantity): string {
  return unit === 'pix' ? `${value}p` : `${(value / RAD_PER_DEG) * 3600}"`
}

function degrees(rad: number): string {
  return `${rad / RAD_PER_DEG}`
}

function formatProperties({ shape, properties }: Region): string {
  const { label, ...others } = properties
  const text = shape.kind === 'text' ? shape.text : label
  const parts = Object.entries(others)
    .filter(([key]) => key === 'color')
    .map(([key, value]) => `${key}=${value}`)
  if (text !== undefined) parts.push(`text={${text}}`)
  return parts.length > 0 ? ` # ${parts.join(' ')}` : ''
}
