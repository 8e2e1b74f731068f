import type { Rect } from './view-transform.ts'

/** Where the parts of a picture stand in a drawing of a given size, CSS pixels. */
export interface PictureLayout {
  readonly width: number
  readonly height: number
  /** The image itself. */
  readonly frame: Rect
  /** The colour bar's gradient. */
  readonly colourBar: Rect
}

// Multiples of four stay whole device pixels at a pixel ratio of 1.25, 1.5 or 1.75.
const MARGIN = { left: 76, top: 12, right: 74, bottom: 30 } as const
const COLOUR_BAR = { gap: 8, width: 11 } as const

/** Layout with room for declination labels on the left, right ascension below and the colour bar on the right. */
export function pictureLayout(width: number, height: number): PictureLayout {
  const frame = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(16, Math.round(width) - MARGIN.left - MARGIN.right),
    height: Math.max(16, Math.round(height) - MARGIN.top - MARGIN.bottom),
  }
  const colourBar = {
    x: frame.x + frame.width + COLOUR_BAR.gap,
    y: frame.y,
    width: COLOUR_BAR.width,
    height: frame.height,
  }
  return { width, height, frame, colourBar }
}
