import type { Rect } from './view-transform.ts'

/** How a line is drawn: CSS colour, width and dashes in CSS pixels. */
export interface Stroke {
  readonly colour: string
  readonly width: number
  readonly dash?: readonly number[]
  /** Colour of a wider line underneath, which keeps the line visible on any background. */
  readonly halo?: string
  readonly cap?: 'butt' | 'round'
}

/** One or more polylines; `points` holds x, y pairs in CSS pixels. */
export interface PathMark {
  readonly kind: 'path'
  readonly lines: readonly ArrayLike<number>[]
  readonly closed: boolean
  readonly stroke?: Stroke
  readonly fill?: string
}

/** A line of text. */
export interface TextMark {
  readonly kind: 'text'
  readonly x: number
  readonly y: number
  readonly text: string
  readonly colour: string
  /** CSS pixels. */
  readonly size: number
  readonly align: 'left' | 'center' | 'right'
  readonly baseline: 'top' | 'middle' | 'bottom'
  readonly bold?: boolean
  readonly halo?: string
}

/** A colour table spread from the bottom to the top of a rectangle. */
export interface GradientMark {
  readonly kind: 'gradient'
  readonly rect: Rect
  /** RGBA entries, the first at the bottom. */
  readonly table: Uint8Array
}

/** Marks seen only inside a rectangle. */
export interface ClippedMark {
  readonly kind: 'clipped'
  readonly rect: Rect
  readonly marks: readonly Mark[]
}

/**
 * What is drawn over and around the picture, as plain data: painted on a canvas in the browser, written as SVG without
 * one. Later marks lie above earlier ones.
 */
export type Mark = PathMark | TextMark | GradientMark | ClippedMark

/** A straight line from (x0, y0) to (x1, y1). */
export function lineMark(x0: number, y0: number, x1: number, y1: number, stroke: Stroke): PathMark {
  return { kind: 'path', lines: [[x0, y0, x1, y1]], closed: false, stroke }
}

/** The outline of a rectangle, and its filling when given. */
export function rectMark(rect: Rect, stroke?: Stroke, fill?: string): PathMark {
  const { x, y, width, height } = rect
  const line = [x, y, x + width, y, x + width, y + height, x, y + height]
  return { kind: 'path', lines: [line], closed: true, stroke, fill }
}
