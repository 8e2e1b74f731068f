import type { Rgb } from '../drawing/colormap.ts'
import type { Colouring } from '../drawing/colouring.ts'
import type { PlaneTile } from '../drawing/plane.ts'
import type { Interpolation } from '../drawing/raster.ts'
import type { ViewCentre } from '../drawing/view-transform.ts'

/** What the pixels of a picture are made of. */
export interface RenderScene {
  /** Later tiles lie above earlier ones. */
  readonly tiles: readonly PlaneTile[]
  readonly colouring: Colouring
  readonly view: ViewCentre
  /** Colour of the canvas where there is no image. */
  readonly outside: Rgb
  /** Size of the canvas, CSS pixels; the view's middle is the canvas's. */
  readonly width: number
  readonly height: number
  readonly pixelRatio: number
  readonly interpolation: Interpolation
  /** The view is on its way: speed counts more than smooth pixels. */
  readonly moving: boolean
}

/** Draws pixels; one implementation per drawing context. */
export interface ImageRenderer {
  readonly kind: 'webgl2' | '2d'
  draw(scene: RenderScene): void
  dispose(): void
}

/** Gives a canvas the size of the scene in device pixels; does nothing when it has it. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number, pixelRatio: number): void {
  const [w, h] = [Math.max(1, Math.round(width * pixelRatio)), Math.max(1, Math.round(height * pixelRatio))]
  if (canvas.width !== w) canvas.width = w
  if (canvas.height !== h) canvas.height = h
}
