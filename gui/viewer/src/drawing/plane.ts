/**
 * One plane of an image, or a reduced version of it. Pixel (i, j) of the array covers `step` × `step` image pixels and
 * stands for image position (originX + i·step + (step − 1)/2, originY + j·step + (step − 1)/2).
 */
export interface PlaneTile {
  /** [height, width], x fastest, y upwards; NaN where blanked. */
  readonly pixels: Float32Array
  readonly width: number
  readonly height: number
  /** Image pixel in which the array begins. */
  readonly originX: number
  readonly originY: number
  /** Image pixels per array pixel: 2 to the level of detail. */
  readonly step: number
}

/** A plane as a whole, at full resolution. */
export function wholePlane(pixels: Float32Array, width: number, height: number): PlaneTile {
  return { pixels, width, height, originX: 0, originY: 0, step: 1 }
}

/** Value of a tile at an image position, nearest array pixel; NaN outside. */
export function valueAt(tile: PlaneTile, x: number, y: number): number {
  const i = Math.floor((x + 0.5 - tile.originX) / tile.step)
  const j = Math.floor((y + 0.5 - tile.originY) / tile.step)
  return i >= 0 && j >= 0 && i < tile.width && j < tile.height ? tile.pixels[i + tile.width * j] : Number.NaN
}
