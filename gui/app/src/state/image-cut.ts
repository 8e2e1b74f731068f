import type { PlaneTile } from '@cleanbeam/viewer/drawing'

/** Values along a row or a column of a plane. */
export interface ImageCut {
  /** Image pixels along the cut. */
  readonly positions: readonly number[]
  readonly values: Float32Array
}

/** The row of array pixels through an image position; null outside. */
export function rowThrough(tile: PlaneTile, y: number): ImageCut | null {
  const j = Math.floor((y + 0.5 - tile.originY) / tile.step)
  if (j < 0 || j >= tile.height) return null
  return {
    positions: positionsOf(tile.originX, tile.step, tile.width),
    values: tile.pixels.slice(j * tile.width, (j + 1) * tile.width),
  }
}

/** The column of array pixels through an image position; null outside. */
export function columnThrough(tile: PlaneTile, x: number): ImageCut | null {
  const i = Math.floor((x + 0.5 - tile.originX) / tile.step)
  if (i < 0 || i >= tile.width) return null
  const values = Float32Array.from({ length: tile.height }, (_, j) => tile.pixels[i + j * tile.width])
  return { positions: positionsOf(tile.originY, tile.step, tile.height), values }
}

function positionsOf(origin: number, step: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => origin + i * step + (step - 1) / 2)
}
