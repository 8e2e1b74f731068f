import { createCanvasRenderer } from '../canvas/canvas-renderer.ts'
import { paintMarks } from '../canvas/paint-marks.ts'
import { marksToSvg } from '../drawing/marks-to-svg.ts'
import type { DraftRegion } from '../drawing/mask-marks.ts'
import { type PictureLayout, pictureLayout } from '../drawing/picture-layout.ts'
import { pictureMarks } from '../drawing/picture-marks.ts'
import { fittedView, keptOnImage, type Point, panned, type ViewCentre, zoomedAt } from '../drawing/view-transform.ts'
import { createWebglRenderer } from '../webgl/webgl-renderer.ts'
import { fitCanvas, type ImageRenderer } from './image-renderer.ts'
import { PointerControl } from './pointer-control.ts'
import type { ViewerEvents, ViewerScene } from './viewer-scene.ts'

/** A view that has not moved for this long is at rest, milliseconds. */
const REST_MS = 100

/**
 * A picture of an image plane in a page, with axes, colour bar, mask and drawing tools.
 *
 * Plain data in (`show`), events out. It draws at most once per frame of the screen, and the pixels only when something
 * that concerns them has changed.
 *
 * @example
 * const viewer = new ImageViewer(element, { onViewChange: view => show({ ...scene, view }), onCursor, onRegion })
 * viewer.show(scene)
 */
export class ImageViewer {
  private readonly container: HTMLElement
  private readonly pixelCanvas = createLayer()
  private readonly overCanvas = createLayer()
  // Drawn by the processor: text and outlines are quicker there than on a GPU, by far on a software one.
  private readonly over = this.overCanvas.getContext('2d', { willReadFrequently: true })!
  private readonly renderer: ImageRenderer
  private readonly events: ViewerEvents
  private readonly control: PointerControl
  private readonly observer: ResizeObserver
  private scene: ViewerScene | null = null
  private draft: DraftRegion | null = null
  private layout: PictureLayout
  private frameRequest = 0
  /** Set while the view is on its way: pixels are drawn quickly, and smoothly again once it rests. */
  private restTimer: ReturnType<typeof setTimeout> | null = null
  private drawn: { scene: ViewerScene; view: ViewCentre; layout: PictureLayout; pixelRatio: number } | null = null

  /**
   * @param container - an element with a size of its own; its content is replaced
   * @param software - true draws without WebGL2 even where it exists
   * @throws ViewerError when the browser has no way to draw
   */
  constructor(container: HTMLElement, events: ViewerEvents, software = false) {
    this.container = container
    this.events = events
    this.layout = pictureLayout(container.clientWidth, container.clientHeight)
    container.replaceChildren(this.pixelCanvas, this.overCanvas)
    this.renderer = (software ? null : createWebglRenderer(this.pixelCanvas)) ?? createCanvasRenderer(this.pixelCanvas)
    this.control = new PointerControl(this.overCanvas, events, {
      scene: () => this.scene,
      view: () => this.view,
      layout: () => this.layout,
      setDraft: draft => this.setDraft(draft),
    })
    this.observer = new ResizeObserver(() => this.resize())
    this.observer.observe(container)
    this.tellFrame()
  }

  /** Which way the pixels are drawn. */
  get rendererKind(): ImageRenderer['kind'] {
    return this.renderer.kind
  }

  /** What is seen now; the whole image while the scene leaves it open. */
  get view(): ViewCentre | null {
    if (!this.scene) return null
    return this.scene.view ?? fittedView(this.scene.nx, this.scene.ny, this.layout.frame)
  }

  /** Where the parts of the picture stand within the container, CSS pixels. */
  get pictureLayout(): PictureLayout {
    return this.layout
  }

  /** Upper left corner of the container in the window, CSS pixels. */
  get screenOffset(): Point {
    const { left, top } = this.container.getBoundingClientRect()
    return { x: left, y: top }
  }

  /** Shows a scene; compares by reference what has changed. Null shows nothing. */
  show(scene: ViewerScene | null): void {
    const before = this.scene
    this.scene = scene
    if (before && scene && before.view !== scene.view) this.startMoving(scene)
    if (before && scene && (before.tool !== scene.tool || before.nx !== scene.nx)) this.control.cancelDrawing()
    this.overCanvas.style.cursor = scene?.tool === 'pan' ? 'grab' : 'crosshair'
    this.requestDraw()
  }

  /** Magnifies about the middle of the picture. */
  zoomBy(factor: number): void {
    const { view, layout } = this
    if (!view) return
    const { frame } = layout
    const middle = { x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 }
    this.events.onViewChange(zoomedAt(view, frame, middle, factor))
  }

  /** Moves the picture by a fraction of what is seen. */
  panBy(fractionX: number, fractionY: number): void {
    const { view, scene, layout } = this
    if (!view || !scene) return
    const moved = panned(view, -fractionX * layout.frame.width, fractionY * layout.frame.height)
    this.events.onViewChange(keptOnImage(moved, scene.nx, scene.ny))
  }

  /** Shows the whole image. */
  fit(): void {
    this.events.onViewChange(null)
  }

  /** A key for the drawing in hand: Enter closes, Escape cancels, Backspace takes back. @returns true when it was used */
  handleKey(key: string): boolean {
    return this.control.handleKey(key)
  }

  /** Draws at once what the next frame would draw. */
  drawNow(): void {
    cancelAnimationFrame(this.frameRequest)
    this.frameRequest = 0
    this.draw()
  }

  /** The picture as it stands, pixels and everything over them, on a new canvas in device pixels. */
  snapshot(): HTMLCanvasElement {
    // What a drawing context shows can be read only right after drawing.
    this.drawSharply()
    const canvas = document.createElement('canvas')
    canvas.width = this.overCanvas.width
    canvas.height = this.overCanvas.height
    const context = canvas.getContext('2d')!
    context.fillStyle = this.scene?.theme.background ?? 'white'
    context.fillRect(0, 0, canvas.width, canvas.height)
    const pixelRatio = window.devicePixelRatio || 1
    context.drawImage(this.pixelCanvas, this.layout.frame.x * pixelRatio, this.layout.frame.y * pixelRatio)
    context.drawImage(this.overCanvas, 0, 0)
    return canvas
  }

  /**
   * The picture as SVG: the pixels as an embedded PNG, everything over them as shapes and text.
   * @returns null while nothing is shown
   */
  svg(): string | null {
    const { scene, view, layout } = this
    if (!scene || !view) return null
    this.drawSharply()
    const { x, y, width, height } = layout.frame
    // The pixels of a drawing context can be read only right after drawing.
    const href = this.pixelCanvas.toDataURL('image/png')
    const marks = marksToSvg(pictureMarks({ ...scene, layout, view, draft: null, pending: null }))
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${layout.height}" viewBox="0 0 ${layout.width} ${layout.height}">`,
      `<rect width="100%" height="100%" fill="${scene.theme.background}"/>`,
      `<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" href="${href}"/>`,
      marks,
      '</svg>',
    ].join('\n')
  }

  /** Frees the drawing context and stops listening. */
  dispose(): void {
    cancelAnimationFrame(this.frameRequest)
    if (this.restTimer !== null) clearTimeout(this.restTimer)
    this.observer.disconnect()
    this.control.dispose()
    this.renderer.dispose()
    this.container.replaceChildren()
  }

  private setDraft(draft: DraftRegion | null): void {
    this.draft = draft
    this.requestDraw()
  }

  private resize(): void {
    this.layout = pictureLayout(this.container.clientWidth, this.container.clientHeight)
    this.tellFrame()
    this.drawNow()
  }

  /** Only large pictures are slow enough for it to matter. */
  private startMoving(scene: ViewerScene): void {
    if (scene.tiles.length < 2) return
    if (this.restTimer !== null) clearTimeout(this.restTimer)
    this.restTimer = setTimeout(() => {
      this.restTimer = null
      this.drawn = null
      this.requestDraw()
    }, REST_MS)
  }

  private drawSharply(): void {
    if (this.restTimer !== null) clearTimeout(this.restTimer)
    this.restTimer = null
    this.drawn = null
    this.drawNow()
  }

  private tellFrame(): void {
    this.events.onFrame?.(this.layout.frame.width, this.layout.frame.height)
  }

  private requestDraw(): void {
    if (this.frameRequest !== 0) return
    this.frameRequest = requestAnimationFrame(() => {
      this.frameRequest = 0
      this.draw()
    })
  }

  private draw(): void {
    const { scene, view, layout } = this
    const pixelRatio = window.devicePixelRatio || 1
    if (!scene || !view) {
      this.over.clearRect(0, 0, this.overCanvas.width, this.overCanvas.height)
      return
    }
    if (this.pixelsChanged(scene, view, layout, pixelRatio)) {
      const { x, y, width, height } = layout.frame
      place(this.pixelCanvas, x, y, width, height)
      const { outside } = scene.theme
      const moving = this.restTimer !== null
      const sharpness = moving ? pixelRatio / 2 : pixelRatio
      this.renderer.draw({ ...scene, view, outside, width, height, pixelRatio: sharpness, moving })
      this.drawn = { scene, view, layout, pixelRatio }
    }
    this.drawOver(scene, view, layout, pixelRatio)
  }

  private pixelsChanged(scene: ViewerScene, view: ViewCentre, layout: PictureLayout, pixelRatio: number): boolean {
    const last = this.drawn
    if (!last || last.layout !== layout || last.pixelRatio !== pixelRatio) return true
    const sameView = last.view.x === view.x && last.view.y === view.y && last.view.scale === view.scale
    const { tiles, colouring, interpolation, theme } = last.scene
    return (
      theme !== scene.theme ||
      !sameView ||
      tiles !== scene.tiles ||
      colouring !== scene.colouring ||
      interpolation !== scene.interpolation
    )
  }

  private drawOver(scene: ViewerScene, view: ViewCentre, layout: PictureLayout, pixelRatio: number): void {
    fitCanvas(this.overCanvas, layout.width, layout.height, pixelRatio)
    const context = this.over
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
    context.clearRect(0, 0, layout.width, layout.height)
    paintMarks(context, pictureMarks({ ...scene, layout, view, draft: this.draft }))
  }
}

function place(canvas: HTMLCanvasElement, x: number, y: number, width: number, height: number): void {
  Object.assign(canvas.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` })
}

function createLayer(): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  Object.assign(canvas.style, { position: 'absolute', inset: '0', width: '100%', height: '100%', touchAction: 'none' })
  return canvas
}
