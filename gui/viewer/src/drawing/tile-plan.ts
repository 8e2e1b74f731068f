import type { ViewCentre } from './view-transform.ts'

/** A tile of a level of detail. */
export interface TileIndex {
  /** 2 to this power image pixels per array pixel. */
  readonly level: number
  readonly tx: number
  readonly ty: number
}

/** Size of what tiles are planned for. */
export interface TileGrid {
  readonly nx: number
  readonly ny: number
  /** Array pixels along the side of a tile. */
  readonly tileSize: number
}

/** The level at which one array pixel is at most one device pixel, but never finer than the image. */
export function levelOnScreen(scale: number, pixelRatio: number): number {
  return Math.max(0, Math.floor(-Math.log2(scale * pixelRatio) + 1e-9))
}

/** The level at which the longer side of an image has at most `maxSide` array pixels. */
export function levelWithin(nx: number, ny: number, maxSide: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(nx, ny) / maxSide) - 1e-12))
}

/**
 * Tiles of a level that are seen, those in the middle first.
 * @param width - of the frame, CSS pixels
 */
export function tilesOnScreen(
  { nx, ny, tileSize }: TileGrid,
  view: ViewCentre,
  width: number,
  height: number,
  level: number,
): TileIndex[] {
  const side = tileSize * 2 ** level
  const range = (centre: number, extent: number, n: number) => {
    const half = extent / 2 / view.scale
    const first = Math.max(0, Math.floor((centre + 0.5 - half) / side))
    const last = Math.min(Math.ceil(n / side) - 1, Math.floor((centre + 0.5 + half) / side))
    return { first, last }
  }
  const [columns, rows] = [range(view.x, width, nx), range(view.y, height, ny)]
  const tiles: TileIndex[] = []
  for (let ty = rows.first; ty <= rows.last; ty++) {
    for (let tx = columns.first; tx <= columns.last; tx++) tiles.push({ level, tx, ty })
  }
  const distance = ({ tx, ty }: TileIndex) => Math.hypot((tx + 0.5) * side - view.x, (ty + 0.5) * side - view.y)
  return tiles.sort((a, b) => distance(a) - distance(b))
}
