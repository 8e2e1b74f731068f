/** A rectangle in CSS pixels, y downwards. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/**
 * Which part of the image is seen: the image pixel in the middle of the frame and the magnification. Image pixels count
 * from 0 at the centre of the first, y upwards, so north is up for an image in the usual orientation.
 */
export interface ViewCentre {
  readonly x: number
  readonly y: number
  /** CSS pixels per image pixel. */
  readonly scale: number
}

/** A position, in image pixels or CSS pixels as the function says. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Least and greatest magnification. */
export const SCALE_LIMITS = { min: 1 / 64, max: 64 } as const

/** The view that shows the whole image as large as it fits. */
export function fittedView(nx: number, ny: number, frame: Rect): ViewCentre {
  const scale = Math.min(frame.width / nx, frame.height / ny)
  return { x: (nx - 1) / 2, y: (ny - 1) / 2, scale: clampScale(scale) }
}

/** The view that fills the frame with the image, cutting what is too long on the other axis. */
export function filledView(nx: number, ny: number, frame: Rect): ViewCentre {
  const scale = Math.max(frame.width / nx, frame.height / ny)
  return { x: (nx - 1) / 2, y: (ny - 1) / 2, scale: clampScale(scale) }
}

/** CSS position of an image pixel position. */
export function imageToScreen(view: ViewCentre, frame: Rect, x: number, y: number): Point {
  return {
    x: frame.x + frame.width / 2 + (x - view.x) * view.scale,
    y: frame.y + frame.height / 2 - (y - view.y) * view.scale,
  }
}

/** Image pixel position of a CSS position: the inverse of {@link imageToScreen}. */
export function screenToImage(view: ViewCentre, frame: Rect, x: number, y: number): Point {
  return {
    x: view.x + (x - frame.x - frame.width / 2) / view.scale,
    y: view.y - (y - frame.y - frame.height / 2) / view.scale,
  }
}

/** Magnifies by a factor while the image position under a CSS position stays where it is. */
export function zoomedAt(view: ViewCentre, frame: Rect, at: Point, factor: number): ViewCentre {
  const scale = clampScale(view.scale * factor)
  const fixed = screenToImage(view, frame, at.x, at.y)
  const ratio = view.scale / scale
  return { x: fixed.x + (view.x - fixed.x) * ratio, y: fixed.y + (view.y - fixed.y) * ratio, scale }
}

/** Moves the image by CSS pixels. */
export function panned(view: ViewCentre, dx: number, dy: number): ViewCentre {
  return { x: view.x - dx / view.scale, y: view.y + dy / view.scale, scale: view.scale }
}

/** Keeps the middle of the frame on the image, so that it can never be lost. */
export function keptOnImage(view: ViewCentre, nx: number, ny: number): ViewCentre {
  const x = Math.min(nx - 0.5, Math.max(-0.5, view.x))
  const y = Math.min(ny - 0.5, Math.max(-0.5, view.y))
  return x === view.x && y === view.y ? view : { x, y, scale: view.scale }
}

function clampScale(scale: number): number {
  return Math.min(SCALE_LIMITS.max, Math.max(SCALE_LIMITS.min, scale))
}
