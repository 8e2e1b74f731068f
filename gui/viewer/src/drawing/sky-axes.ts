import type { DirectionFrame } from '@cleanbeam/types'
import { type AxisStyle, axisStep, styledLabels } from './axis-style.ts'
import { multiplesInside } from './nice-ticks.ts'
import type { SkyProjection } from './sky-projection.ts'
import { imageToScreen, type Rect, screenToImage, type ViewCentre } from './view-transform.ts'

/** Ticks along one edge of the picture. */
export interface SkyAxis {
  /** Which coordinate the edge shows: longitude along the bottom unless the image is turned by more than 45°. */
  readonly coordinate: 'longitude' | 'latitude'
  readonly stepRad: number
  /** What all labels have in common. */
  readonly prefix: string
  /** Position along the edge in CSS pixels of the whole drawing, value and label. */
  readonly ticks: readonly SkyTick[]
}

/** One tick. */
export interface SkyTick {
  readonly position: number
  readonly angleRad: number
  readonly label: string
}

/** Celestial axes of what is seen: along the bottom and the left edge of the frame. */
export interface SkyAxes {
  readonly bottom: SkyAxis
  readonly left: SkyAxis
}

/** How the two coordinates are written. */
export interface AxisStyles {
  readonly longitude: AxisStyle
  readonly latitude: AxisStyle
}

/** What is usual in a frame: hours and degrees, or degrees for both. */
export function axisStylesOf(frame: DirectionFrame): AxisStyles {
  return {
    longitude: frame === 'GALACTIC' ? 'decimal' : 'hours',
    latitude: frame === 'GALACTIC' ? 'decimal' : 'degrees',
  }
}

const EDGE_SAMPLES = 65
const LABEL_SPACING_BOTTOM = 112
const LABEL_SPACING_LEFT = 64

/**
 * Ticks at round values where lines of constant longitude and latitude meet the edges of the frame.
 * @param styles - how longitude and latitude are written
 */
export function skyAxes(
  projection: SkyProjection,
  view: ViewCentre,
  frame: Rect,
  styles: AxisStyles = { longitude: 'hours', latitude: 'degrees' },
): SkyAxes {
  const bottomEdge = edgePoints(frame, 'bottom')
  const leftEdge = edgePoints(frame, 'left')
  const bottomWorld = edgeWorld(projection, view, frame, bottomEdge)
  const leftWorld = edgeWorld(projection, view, frame, leftEdge)
  const turned = isTurned(bottomWorld)
  const kindOf = (coordinate: SkyAxis['coordinate']) => styles[coordinate]
  const [bottom, left] = turned ? (['latitude', 'longitude'] as const) : (['longitude', 'latitude'] as const)
  return {
    bottom: edgeAxis(
      bottomEdge.map(p => p.x),
      bottomWorld,
      bottom,
      kindOf(bottom),
      frame.width,
      LABEL_SPACING_BOTTOM,
    ),
    left: edgeAxis(
      leftEdge.map(p => p.y),
      leftWorld,
      left,
      kindOf(left),
      frame.height,
      LABEL_SPACING_LEFT,
    ),
  }
}

type World = readonly [longitudeRad: number, latitudeRad: number] | null

function edgePoints(frame: Rect, edge: 'bottom' | 'left'): { x: number; y: number }[] {
  return Array.from({ length: EDGE_SAMPLES }, (_, i) => {
    const f = i / (EDGE_SAMPLES - 1)
    return edge === 'bottom'
      ? { x: frame.x + f * frame.width, y: frame.y + frame.height }
      : { x: frame.x, y: frame.y + f * frame.height }
  })
}

function edgeWorld(
  projection: SkyProjection,
  view: ViewCentre,
  frame: Rect,
  points: readonly { x: number; y: number }[],
): World[] {
  let previous: number | null = null
  return points.map(({ x, y }) => {
    const pixel = screenToImage(view, frame, x, y)
    const world = projection.toWorld(pixel.x, pixel.y)
    if (!world) return null
    const longitude: number = previous === null ? world[0] : nearestTurn(world[0], previous)
    previous = longitude
    return [longitude, world[1]] as const
  })
}

function nearestTurn(angleRad: number, referenceRad: number): number {
  return angleRad - 2 * Math.PI * Math.round((angleRad - referenceRad) / (2 * Math.PI))
}

function isTurned(bottomWorld: readonly World[]): boolean {
  const known = bottomWorld.filter(w => w !== null)
  if (known.length < 2) return false
  const [first, last] = [known[0], known[known.length - 1]]
  return Math.abs(last[1] - first[1]) > Math.abs((last[0] - first[0]) * Math.cos(first[1]))
}

function edgeAxis(
  positions: readonly number[],
  world: readonly World[],
  coordinate: SkyAxis['coordinate'],
  style: AxisStyle,
  length: number,
  spacing: number,
): SkyAxis {
  const values = world.map(w => (w === null ? Number.NaN : w[coordinate === 'longitude' ? 0 : 1]))
  const finite = values.filter(v => !Number.isNaN(v))
  if (finite.length < 2) return { coordinate, stepRad: 0, prefix: '', ticks: [] }
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  if (!(high > low)) return { coordinate, stepRad: 0, prefix: '', ticks: [] }
  const count = Math.max(2, Math.floor(length / spacing))
  const stepRad = axisStep((high - low) / count, style)
  const found = multiplesInside(stepRad, low, high)
    .map(angleRad => ({ angleRad, position: crossing(positions, values, angleRad) }))
    .filter((tick): tick is { angleRad: number; position: number } => tick.position !== null)
    .sort((a, b) => a.position - b.position)
  const { prefix, labels } = styledLabels(
    found.map(t => t.angleRad),
    stepRad,
    style,
  )
  return { coordinate, stepRad, prefix, ticks: found.map((tick, i) => ({ ...tick, label: labels[i] })) }
}

/** Position at which a sampled coordinate passes a value; between samples the coordinate is taken as linear. */
function crossing(positions: readonly number[], values: readonly number[], value: number): number | null {
  for (let i = 0; i + 1 < values.length; i++) {
    const [a, b] = [values[i], values[i + 1]]
    if (!((a <= value && value <= b) || (b <= value && value <= a)) || a === b) continue
    return positions[i] + ((value - a) / (b - a)) * (positions[i + 1] - positions[i])
  }
  return null
}

const GRID_SAMPLES = 48

/**
 * Lines of constant longitude and latitude through the ticks, as polylines in CSS pixels (x, y pairs).
 * Parts outside the frame are included; clip when drawing.
 */
export function skyGrid(projection: SkyProjection, view: ViewCentre, frame: Rect, axes: SkyAxes): number[][] {
  const span = worldSpan(projection, view, frame)
  if (!span) return []
  return [axes.bottom, axes.left].flatMap(axis =>
    axis.ticks.map(tick => {
      const line: number[] = []
      for (let i = 0; i <= GRID_SAMPLES; i++) {
        const f = i / GRID_SAMPLES
        const pixel =
          axis.coordinate === 'longitude'
            ? projection.toPixel(tick.angleRad, span.latitude[0] + f * (span.latitude[1] - span.latitude[0]))
            : projection.toPixel(span.longitude[0] + f * (span.longitude[1] - span.longitude[0]), tick.angleRad)
        if (!pixel) continue
        const point = imageToScreen(view, frame, pixel[0], pixel[1])
        line.push(point.x, point.y)
      }
      return line
    }),
  )
}

function worldSpan(projection: SkyProjection, view: ViewCentre, frame: Rect) {
  const longitudes: number[] = []
  const latitudes: number[] = []
  for (let i = 0; i <= 8; i++) {
    for (let j = 0; j <= 8; j++) {
      const pixel = screenToImage(view, frame, frame.x + (i / 8) * frame.width, frame.y + (j / 8) * frame.height)
      const world = projection.toWorld(pixel.x, pixel.y)
      if (!world) continue
      longitudes.push(longitudes.length > 0 ? nearestTurn(world[0], longitudes[0]) : world[0])
      latitudes.push(world[1])
    }
  }
  if (longitudes.length === 0) return null
  return {
    longitude: [Math.min(...longitudes), Math.max(...longitudes)] as const,
    latitude: [Math.min(...latitudes), Math.max(...latitudes)] as const,
  }
}
