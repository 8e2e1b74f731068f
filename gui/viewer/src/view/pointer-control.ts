import { type DraftRegion, TURN_DISTANCE } from '../drawing/mask-marks.ts'
import type { PictureLayout } from '../drawing/picture-layout.ts'
import { draggedRegion, handleAt, type RegionHandle, withoutVertex } from '../drawing/region-edit.ts'
import type { RegionShape } from '../drawing/region-shape.ts'
import { keptOnImage, type Point, panned, screenToImage, type ViewCentre, zoomedAt } from '../drawing/view-transform.ts'
import {
  draftOf,
  IDLE_TOOL,
  nextToolStep,
  type ToolEvent,
  type ToolSettings,
  type ToolState,
} from '../tools/drawing-tool.ts'
import type { ViewerEvents, ViewerScene } from './viewer-scene.ts'

/** What the control needs to know of its viewer. */
export interface ControlledViewer {
  scene(): ViewerScene | null
  view(): ViewCentre | null
  layout(): PictureLayout
  setDraft(draft: DraftRegion | null): void
}

/** A pending region being changed: as it was when the hand took hold of it. */
interface HeldRegion {
  readonly region: RegionShape
  readonly handle: RegionHandle
  readonly from: Point
}

const HANDLE_CURSORS: Readonly<Record<RegionHandle['kind'], string>> = {
  corner: 'nwse-resize',
  axis: 'nesw-resize',
  vertex: 'move',
  side: 'copy',
  turn: 'grab',
  whole: 'move',
}

const CLICK_TOLERANCE = 3
const WHEEL_ZOOM_PER_PIXEL = 0.0018
const PINCH_ZOOM_PER_PIXEL = 0.01
const LINE_HEIGHT = 16
const HAND_TOLERANCE = 9

/** Mouse, pen and touch on a picture: zoom at the cursor, pan, pinch, and the drawing tools. */
export class PointerControl {
  private readonly element: HTMLCanvasElement
  private readonly events: ViewerEvents
  private readonly viewer: ControlledViewer
  private readonly listeners = new AbortController()
  private readonly pointers = new Map<number, Point>()
  private panning = false
  private colouring = false
  /** Where a press began that has not moved since. */
  private pressed: Point | null = null
  private held: HeldRegion | null = null
  private tool: ToolState = IDLE_TOOL
  private inverted = false

  constructor(element: HTMLCanvasElement, events: ViewerEvents, viewer: ControlledViewer) {
    this.element = element
    this.events = events
    this.viewer = viewer
    const { signal } = this.listeners
    element.addEventListener('wheel', event => this.wheel(event), { passive: false, signal })
    element.addEventListener('pointerdown', event => this.down(event), { signal })
    element.addEventListener('pointermove', event => this.move(event), { signal })
    element.addEventListener('pointerup', event => this.up(event), { signal })
    element.addEventListener('pointercancel', event => this.lost(event), { signal })
    element.addEventListener('pointerleave', () => this.leave(), { signal })
    element.addEventListener('dblclick', () => this.toolEvent({ type: 'close' }), { signal })
    element.addEventListener('contextmenu', event => event.preventDefault(), { signal })
  }

  /** Forgets an unfinished drawing. */
  cancelDrawing(): void {
    this.toolEvent({ type: 'cancel' })
  }

  /** @returns true when the key meant something to the drawing in hand */
  handleKey(key: string): boolean {
    if (this.tool.kind === 'idle') return false
    if (key === 'Escape') this.toolEvent({ type: 'cancel' })
    else if (key === 'Enter') this.toolEvent({ type: 'close' })
    else if (key === 'Backspace') this.toolEvent({ type: 'back' })
    else return false
    return true
  }

  dispose(): void {
    this.listeners.abort()
  }

  private wheel(event: WheelEvent): void {
    const view = this.viewer.view()
    if (!view) return
    event.preventDefault()
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * LINE_HEIGHT : event.deltaY
    const rate = event.ctrlKey ? PINCH_ZOOM_PER_PIXEL : WHEEL_ZOOM_PER_PIXEL
    this.changeView(zoomedAt(view, this.viewer.layout().frame, this.screenPoint(event), Math.exp(-pixels * rate)))
  }

  private down(event: PointerEvent): void {
    const scene = this.viewer.scene()
    if (!scene) return
    const at = this.screenPoint(event)
    this.pointers.set(event.pointerId, at)
    this.element.setPointerCapture(event.pointerId)
    if (this.pointers.size === 2) {
      this.toolEvent({ type: 'cancel' })
      this.panning = true
      return
    }
    const inFrame = isInFrame(at, this.viewer.layout())
    this.pressed = inFrame && event.button === 0 ? at : null
    this.inverted = event.altKey
    this.held = inFrame && event.button === 0 ? this.takeHold(scene, at) : null
    this.colouring = event.button === 2 && this.events.onColourDrag !== undefined
    this.panning = !this.held && (scene.tool === 'pan' || event.button === 1 || event.button === 2)
    if (this.panning || this.held || scene.tool === 'wand' || !inFrame) return
    this.toolEvent({ type: 'down', at: this.imagePoint(at), shift: event.shiftKey })
  }

  private move(event: PointerEvent): void {
    const at = this.screenPoint(event)
    const inside = isInFrame(at, this.viewer.layout())
    this.events.onCursor(inside ? this.imagePoint(at) : null)
    const before = this.pointers.get(event.pointerId)
    if (this.pressed && Math.hypot(at.x - this.pressed.x, at.y - this.pressed.y) > CLICK_TOLERANCE) this.pressed = null
    if (before && this.colouring) this.dragColours(before, at)
    else if (before && this.panning) this.moveView(event.pointerId, before, at)
    if (before) this.pointers.set(event.pointerId, at)
    if (before && this.held) this.dragHeld(this.held, at)
    else if (!before) this.showHandle(at)
    if (this.panning || this.held) return
    this.toolEvent({ type: 'move', at: this.imagePoint(at), shift: event.shiftKey })
    this.showBrush(inside ? this.imagePoint(at) : null)
  }

  private leave(): void {
    this.events.onCursor(null)
    this.showBrush(null)
  }

  /** The size of the brush under the pointer while nothing is being drawn. */
  private showBrush(at: Point | null): void {
    const scene = this.viewer.scene()
    if (scene?.tool !== 'brush' || this.tool.kind !== 'idle') return
    const { mode, brushRadius } = scene
    const region = at && ({ shape: 'ellipse', centre: at, semiAxes: [brushRadius, brushRadius], angleRad: 0 } as const)
    this.viewer.setDraft(region && { region, mode, closed: true, handles: [] })
  }

  private up(event: PointerEvent): void {
    const started = this.pointers.delete(event.pointerId)
    if (started && this.pressed) this.pick(this.pressed)
    this.pressed = null
    if (this.held) {
      this.held = null
      return
    }
    if (started && !this.panning) {
      this.toolEvent({ type: 'up', at: this.imagePoint(this.screenPoint(event)), shift: event.shiftKey })
    }
    if (this.pointers.size === 0) this.panning = this.colouring = false
  }

  private pick(at: Point): void {
    const scene = this.viewer.scene()
    if (!scene || this.held || (scene.tool !== 'pan' && scene.tool !== 'wand')) return
    this.events.onPick?.(this.imagePoint(at), scene.tool, this.modeOf(scene))
  }

  private modeOf(scene: ViewerScene): 'add' | 'erase' {
    if (!this.inverted) return scene.mode
    return scene.mode === 'add' ? 'erase' : 'add'
  }

  private dragColours(before: Point, at: Point): void {
    const { frame } = this.viewer.layout()
    this.events.onColourDrag?.((at.x - before.x) / frame.width, (before.y - at.y) / frame.height)
  }

  /** The pending region's handle under a position. */
  private handleAt(scene: ViewerScene, at: Point): RegionHandle | null {
    const view = this.viewer.view()
    if (!scene.pending || !view) return null
    const reach = HAND_TOLERANCE / view.scale
    return handleAt(scene.pending.region, this.imagePoint(at), reach, TURN_DISTANCE / view.scale)
  }

  private takeHold(scene: ViewerScene, at: Point): HeldRegion | null {
    const handle = this.handleAt(scene, at)
    if (!handle || !scene.pending) return null
    if (handle.kind === 'vertex' && this.inverted) {
      this.events.onPendingChange?.(withoutVertex(scene.pending.region, handle.index))
      return null
    }
    return { region: scene.pending.region, handle, from: this.imagePoint(at) }
  }

  private dragHeld({ region, handle, from }: HeldRegion, at: Point): void {
    this.events.onPendingChange?.(draggedRegion(region, handle, from, this.imagePoint(at)))
  }

  private showHandle(at: Point): void {
    const scene = this.viewer.scene()
    if (!scene?.pending) return
    const handle = this.handleAt(scene, at)
    this.element.style.cursor = handle === null ? 'crosshair' : HANDLE_CURSORS[handle.kind]
  }

  private lost(event: PointerEvent): void {
    this.pointers.delete(event.pointerId)
    this.panning = this.colouring = false
    this.held = this.pressed = null
    this.toolEvent({ type: 'cancel' })
  }

  /** One pointer drags the picture; with two, the picture follows both: their middle moves it, their distance zooms it. */
  private moveView(id: number, before: Point, at: Point): void {
    const view = this.viewer.view()
    if (!view) return
    const other = [...this.pointers].find(([otherId]) => otherId !== id)?.[1]
    if (!other) {
      this.changeView(panned(view, at.x - before.x, at.y - before.y))
      return
    }
    const factor = Math.hypot(at.x - other.x, at.y - other.y) / Math.hypot(before.x - other.x, before.y - other.y)
    const middle = { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 }
    const zoomed = zoomedAt(view, this.viewer.layout().frame, middle, Number.isFinite(factor) ? factor : 1)
    this.changeView(panned(zoomed, (at.x - before.x) / 2, (at.y - before.y) / 2))
  }

  private changeView(view: ViewCentre): void {
    const scene = this.viewer.scene()
    if (scene) this.events.onViewChange(keptOnImage(view, scene.nx, scene.ny))
  }

  private toolEvent(event: ToolEvent): void {
    const scene = this.viewer.scene()
    const view = this.viewer.view()
    if (!scene || !view) return
    const settings: ToolSettings = {
      tool: scene.tool,
      brushRadius: scene.brushRadius,
      tolerance: HAND_TOLERANCE / view.scale,
    }
    const mode = this.modeOf(scene)
    const before = this.tool
    const { state, region } = nextToolStep(before, event, settings)
    this.tool = state
    if (state !== before) this.viewer.setDraft(draftOf(state, settings, mode))
    if (region) this.events.onRegion(region, mode)
  }

  private screenPoint(event: MouseEvent): Point {
    const box = this.element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  private imagePoint(at: Point): Point {
    const view = this.viewer.view()
    return view ? screenToImage(view, this.viewer.layout().frame, at.x, at.y) : { x: 0, y: 0 }
  }
}

function isInFrame({ x, y }: Point, { frame }: PictureLayout): boolean {
  return x >= frame.x && y >= frame.y && x < frame.x + frame.width && y < frame.y + frame.height
}
