import { type NumericType, numericLayout } from './value-type.ts'

/** Tiles of many rows aim at this size: large enough to read fast, small enough to read a few rows. */
const ROW_TILE_BYTES = 1 << 20
/** Pixels along the first two axes of an image's tiles. */
const IMAGE_TILE_LENGTH = 128

/** Tile shape of a column with rows as the last axis: whole cells, if they are not very large, and as many rows as fit. */
export function defaultRowTile(type: NumericType, cellShape: readonly number[], nRow: number): number[] {
  const { bytes } = numericLayout(type)
  const tile = cellShape.map(length => Math.max(1, length))
  let cellBytes = tile.reduce((total, length) => total * length, bytes)
  for (let axis = tile.length - 1; axis >= 0 && cellBytes > 8 * ROW_TILE_BYTES; axis--) {
    const others = cellBytes / tile[axis]
    tile[axis] = Math.max(1, Math.floor((8 * ROW_TILE_BYTES) / others))
    cellBytes = others * tile[axis]
  }
  const nRowInTile = Math.max(1, Math.min(Math.floor(ROW_TILE_BYTES / cellBytes), Math.max(1, nRow)))
  // Bools are bits: a multiple of eight pixels keeps neighbouring tiles apart by whole bytes without waste.
  return [...tile, type === 'bool' && nRowInTile > 8 ? nRowInTile - (nRowInTile % 8) : nRowInTile]
}

/** Tile shape of image cells: squares of the sky, one plane at a time. */
export function defaultImageTile(nAxis: number): number[] {
  return Array.from({ length: nAxis }, (_, axis) => (axis < 2 ? IMAGE_TILE_LENGTH : 1))
}
