import { ImageError } from './image-error.ts'

/** Edge of a tile in pixels of its level. */
export const TILE_SIZE = 256

/** One tile: `width × height` values, x fastest; edge tiles are smaller than {@link TILE_SIZE}. */
export interface Tile {
  readonly width: number
  readonly height: number
  readonly pixels: Float32Array
}

/** Number of levels of detail: the last one fits into a single tile. */
export function tileLevels(nx: number, ny: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(nx, ny) / TILE_SIZE))) + 1
}

/**
 * Tile (tx, ty) of a plane at level `level`, where one pixel stands for 2^level × 2^level plane pixels reduced by mean
 * or by max; NaN pixels are left out, and a block of NaN alone gives NaN.
 */
export function tilePlane(
  _plane: Float32Array,
  _nx: number,
  _ny: number,
  _level: number,
  _tx: number,
  _ty: number,
  _reduce: 'mean' | 'max' = 'mean',
): Tile {
  throw new ImageError('tilePlane is being written')
}
