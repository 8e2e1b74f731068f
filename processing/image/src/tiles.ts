// Tiles of a plane at a level of detail: what a page needs on screen, no more.
// Level k has ceil(nx / 2^k) × ceil(ny / 2^k) pixels, each the mean or the maximum of the finite pixels of a block of
// 2^k × 2^k plane pixels (blocks at the upper and right edge are smaller). Each tile is made straight from the plane:
// the cost is one read of the pixels it stands for.
import { ImageError } from './image-error.ts'

/** Edge of a tile in pixels of its level. */
export const TILE_SIZE = 256

/** How a block of plane pixels becomes one pixel of a level. */
export type TileReduction = 'mean' | 'max'

/** One tile: `width × height` values, x fastest; tiles at the edges are smaller than {@link TILE_SIZE}. */
export interface Tile {
  readonly width: number
  readonly height: number
  readonly pixels: Float32Array
}

/** Number of levels of detail; the last one fits into a single tile. */
export function tileLevels(nx: number, ny: number): number {
  let levels = 1
  for (let edge = Math.max(nx, ny); edge > TILE_SIZE; edge = Math.ceil(edge / 2)) levels++
  return levels
}

/**
 * Tile (tx, ty) of a plane [ny, nx] at `level`.
 * @throws ImageError when the tile lies outside the plane or the plane's length is not nx·ny.
 */
export function tilePlane(
  plane: Float32Array,
  nx: number,
  ny: number,
  level: number,
  tx: number,
  ty: number,
  reduce: TileReduction = 'mean',
): Tile {
  const block = 2 ** level
  const left = tx * TILE_SIZE
  const bottom = ty * TILE_SIZE
  const width = Math.min(TILE_SIZE, Math.ceil(nx / block) - left)
  const height = Math.min(TILE_SIZE, Math.ceil(ny / block) - bottom)
  if (plane.length !== nx * ny) {
    throw new ImageError(`expected a plane of ${nx}×${ny} pixels, got ${plane.length} pixels`, { nx, ny })
  }
  if (!(Number.isInteger(level) && level >= 0 && tx >= 0 && ty >= 0 && width > 0 && height > 0)) {
    throw new ImageError(`expected a tile inside ${nx}×${ny} pixels, got tile (${tx}, ${ty}) of level ${level}`, {
      level,
      tx,
      ty,
    })
  }
  const pixels = new Float32Array(width * height)
  if (level === 0) copyRows(plane, nx, left, bottom, width, height, pixels)
  else if (reduce === 'mean') meanOfBlocks(plane, nx, ny, block, left, bottom, width, height, pixels)
  else maxOfBlocks(plane, nx, ny, block, left, bottom, width, height, pixels)
  return { width, height, pixels }
}

function copyRows(
  plane: Float32Array,
  nx: number,
  left: number,
  bottom: number,
  width: number,
  height: number,
  out: Float32Array,
): void {
  for (let row = 0; row < height; row++) {
    const start = left + nx * (bottom + row)
    out.set(plane.subarray(start, start + width), row * width)
  }
}

function meanOfBlocks(
  plane: Float32Array,
  nx: number,
  ny: number,
  block: number,
  left: number,
  bottom: number,
  width: number,
  height: number,
  out: Float32Array,
): void {
  const sums = new Float64Array(width)
  const counts = new Int32Array(width)
  for (let row = 0; row < height; row++) {
    sums.fill(0)
    counts.fill(0)
    const yEnd = Math.min(ny, (bottom + row + 1) * block)
    for (let y = (bottom + row) * block; y < yEnd; y++) {
      for (let column = 0; column < width; column++) {
        const x = (left + column) * block
        const end = nx * y + Math.min(nx, x + block)
        let sum = 0
        let count = 0
        for (let i = nx * y + x; i < end; i++) {
          const value = plane[i]
          if (value - value !== 0) continue
          sum += value
          count++
        }
        sums[column] += sum
        counts[column] += count
      }
    }
    for (let column = 0; column < width; column++) out[row * width + column] = sums[column] / counts[column]
  }
}

function maxOfBlocks(
  plane: Float32Array,
  nx: number,
  ny: number,
  block: number,
  left: number,
  bottom: number,
  width: number,
  height: number,
  out: Float32Array,
): void {
  for (let row = 0; row < height; row++) {
    const yEnd = Math.min(ny, (bottom + row + 1) * block)
    for (let column = 0; column < width; column++) {
      const xStart = (left + column) * block
      const xEnd = Math.min(nx, xStart + block)
      let max = Number.NEGATIVE_INFINITY
      for (let y = (bottom + row) * block; y < yEnd; y++) {
        for (let i = nx * y + xStart; i < nx * y + xEnd; i++) {
          const value = plane[i]
          if (value > max && value - value === 0) max = value
        }
      }
      out[row * width + column] = max === Number.NEGATIVE_INFINITY ? Number.NaN : max
    }
  }
}
