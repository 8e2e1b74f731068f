import type { PlaneTile } from './plane.ts'
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

interface Span {
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly top: number
}

/**
 * Of tiles given from coarse to fine those that must be drawn: on screen, and not hidden under finer ones. Tiles of one
 * step do not overlap.
 * @param width - of the frame, CSS pixels
 */
export function tilesToDraw(
  tiles: readonly PlaneTile[],
  view: ViewCentre,
  width: number,
  height: number,
): readonly PlaneTile[] {
  const frame = spanAround(view, width, height)
  const seen = tiles.filter(tile => sharedArea(spanOf(tile), frame) > 0)
  const wanted = Math.max(0, ...[...new Set(seen.map(tile => tile.step))].map(step => seenArea(seen, step, frame)))
  for (const step of [...new Set(seen.map(tile => tile.step))].sort((a, b) => a - b)) {
    // The finest that covers as much as any does: coarser ones lie hidden below it.
    if (seenArea(seen, step, frame) >= wanted * (1 - 1e-9)) return seen.filter(tile => tile.step <= step)
  }
  return seen
}

function seenArea(tiles: readonly PlaneTile[], step: number, frame: Span): number {
  return tiles.filter(tile => tile.step === step).reduce((sum, tile) => sum + sharedArea(spanOf(tile), frame), 0)
}

function spanAround({ x, y, scale }: ViewCentre, width: number, height: number): Span {
  const [halfX, halfY] = [width / 2 / scale, height / 2 / scale]
  return { left: x - halfX, right: x + halfX, bottom: y - halfY, top: y + halfY }
}

function spanOf({ originX, originY, width, height, step }: PlaneTile): Span {
  const [left, bottom] = [originX - 0.5, originY - 0.5]
  return { left, bottom, right: left + width * step, top: bottom + height * step }
}

function sharedArea(a: Span, b: Span): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const up = Math.min(a.top, b.top) - Math.max(a.bottom, b.bottom)
  return across > 0 && up > 0 ? across * up : 0
}
