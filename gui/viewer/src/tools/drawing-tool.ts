import type { DraftRegion } from '../drawing/mask-marks.ts'
import { type RegionShape, simplifiedLine } from '../drawing/region-shape.ts'
import type { Point } from '../drawing/view-transform.ts'

/** Tools of the viewer: `pan` moves the picture, `wand` picks a pixel, the others draw a region. */
export const TOOL_NAMES = ['pan', 'box', 'ellipse', 'polygon', 'freehand', 'brush', 'wand'] as const

/** One of {@link TOOL_NAMES}. */
export type ToolName = (typeof TOOL_NAMES)[number]

/** Where a drawing stands. Points are image pixels. */
export type ToolState =
  | { readonly kind: 'idle' }
  /** Box and ellipse: from one corner to the other. */
  | { readonly kind: 'span'; readonly from: Point; readonly to: Point; readonly square: boolean }
  /** Polygon: corners so far, and where the pointer is. */
  | { readonly kind: 'corners'; readonly points: readonly Point[]; readonly pointer: Point }
  /** Freehand and brush: the way of the pointer. */
  | { readonly kind: 'path'; readonly points: readonly Point[] }

/** What happens to a drawing. */
export type ToolEvent =
  | { readonly type: 'down' | 'move' | 'up'; readonly at: Point; readonly shift: boolean }
  /** Enter, or a double click. */
  | { readonly type: 'close' }
  /** Escape. */
  | { readonly type: 'cancel' }
  /** Backspace: takes back the last corner. */
  | { readonly type: 'back' }

/** Settings of the tool in hand. */
export interface ToolSettings {
  readonly tool: ToolName
  /** Image pixels. */
  readonly brushRadius: number
  /** Image pixels within which positions count as the same: what a hand can hit on the screen. */
  readonly tolerance: number
}

/** A drawing after an event, and the region when the event completed one. */
export interface ToolStep {
  readonly state: ToolState
  readonly region: RegionShape | null
}

/** Nothing is being drawn. */
export const IDLE_TOOL: ToolState = { kind: 'idle' }

/** How a drawing goes on after an event. */
export function nextToolStep(state: ToolState, event: ToolEvent, settings: ToolSettings): ToolStep {
  if (event.type === 'cancel') return { state: IDLE_TOOL, region: null }
  switch (settings.tool) {
    case 'box':
    case 'ellipse':
      return spanStep(state, event, settings)
    case 'polygon':
      return cornersStep(state, event, settings)
    case 'freehand':
    case 'brush':
      return pathStep(state, event, settings)
    case 'pan':
    case 'wand':
      return { state: IDLE_TOOL, region: null }
  }
}

function spanStep(state: ToolState, event: ToolEvent, settings: ToolSettings): ToolStep {
  if (event.type === 'down') {
    return { state: { kind: 'span', from: event.at, to: event.at, square: event.shift }, region: null }
  }
  if (state.kind !== 'span' || (event.type !== 'move' && event.type !== 'up')) return { state, region: null }
  const span = { ...state, to: event.at, square: event.shift }
  if (event.type === 'move') return { state: span, region: null }
  const [a, b] = spanCorners(span)
  const isClick = Math.abs(b.x - a.x) < settings.tolerance / 2 || Math.abs(b.y - a.y) < settings.tolerance / 2
  return { state: IDLE_TOOL, region: isClick ? null : spanRegion(span, settings.tool) }
}

type Span = Extract<ToolState, { kind: 'span' }>

function spanCorners({ from, to, square }: Span): readonly [Point, Point] {
  if (!square) return [from, to]
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))
  return [from, { x: from.x + Math.sign(to.x - from.x) * side, y: from.y + Math.sign(to.y - from.y) * side }]
}

function spanRegion(span: Span, tool: ToolName): RegionShape {
  const [a, b] = spanCorners(span)
  if (tool === 'box') return { shape: 'box', corners: [a, b] }
  const centre = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
  const semiAxes = [Math.abs(b.x - a.x) / 2, Math.abs(b.y - a.y) / 2] as const
  return { shape: 'ellipse', centre, semiAxes, angleRad: 0 }
}

function cornersStep(state: ToolState, event: ToolEvent, settings: ToolSettings): ToolStep {
  const points = state.kind === 'corners' ? state.points : []
  switch (event.type) {
    case 'down': {
      if (points.length >= 3 && distance(points[0], event.at) <= settings.tolerance) return closedPolygon(points)
      const repeated = points.length > 0 && distance(points[points.length - 1], event.at) <= settings.tolerance / 2
      const corners = repeated ? points : [...points, event.at]
      return { state: { kind: 'corners', points: corners, pointer: event.at }, region: null }
    }
    case 'move':
      if (state.kind !== 'corners') return { state, region: null }
      return { state: { ...state, pointer: event.at }, region: null }
    case 'close':
      return points.length >= 3 ? closedPolygon(points) : { state, region: null }
    case 'back': {
      if (state.kind !== 'corners') return { state, region: null }
      const left = points.slice(0, -1)
      return { state: left.length > 0 ? { ...state, points: left } : IDLE_TOOL, region: null }
    }
    default:
      return { state, region: null }
  }
}

function closedPolygon(points: readonly Point[]): ToolStep {
  return { state: IDLE_TOOL, region: { shape: 'polygon', points } }
}

function pathStep(state: ToolState, event: ToolEvent, settings: ToolSettings): ToolStep {
  if (event.type === 'down') return { state: { kind: 'path', points: [event.at] }, region: null }
  if (state.kind !== 'path' || (event.type !== 'move' && event.type !== 'up')) return { state, region: null }
  const last = state.points[state.points.length - 1]
  const moved = distance(last, event.at) >= settings.tolerance / 8
  const points = moved ? [...state.points, event.at] : state.points
  if (event.type === 'move') return { state: { kind: 'path', points }, region: null }
  return { state: IDLE_TOOL, region: pathRegion(points, settings) }
}

function pathRegion(points: readonly Point[], settings: ToolSettings): RegionShape | null {
  const line = simplifiedLine(points, settings.tolerance / 8)
  if (settings.tool === 'brush') return { shape: 'stroke', points: line, radius: settings.brushRadius }
  return line.length >= 3 ? { shape: 'polygon', points: line } : null
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

/** What to show of a drawing; null when there is nothing yet. */
export function draftOf(state: ToolState, settings: ToolSettings, mode: DraftRegion['mode']): DraftRegion | null {
  switch (state.kind) {
    case 'idle':
      return null
    case 'span':
      return { region: spanRegion(state, settings.tool), mode, closed: true, handles: [] }
    case 'corners': {
      const region: RegionShape = { shape: 'polygon', points: [...state.points, state.pointer] }
      return { region, mode, closed: state.points.length >= 2, handles: state.points }
    }
    case 'path': {
      const region: RegionShape =
        settings.tool === 'brush'
          ? { shape: 'stroke', points: state.points, radius: settings.brushRadius }
          : { shape: 'polygon', points: state.points }
      return { region, mode, closed: false, handles: [] }
    }
  }
}
