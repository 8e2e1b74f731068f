import { type Colouring, tableIndex } from './colouring.ts'
import type { PlaneTile } from './plane.ts'
import { type Rect, screenToImage, type ViewCentre } from './view-transform.ts'

/** How values between pixel centres are made. */
export type Interpolation = 'nearest' | 'bilinear'

/** Number of steps in which scaled values are looked up: fine enough for every step of the colour table. */
const LOOKUP_STEPS = 1 << 14

/**
 * Draws what is seen of a plane without a GPU: for the 2-D canvas and for pictures made without a browser.
 * @param frame - part of the drawing to fill; its size times `pixelRatio` is the size of the raster
 * @param tiles - later ones lie above earlier ones
 * @returns RGBA, [height, width, 4], first row at the top; transparent where there is no image
 */
export function rasterise(
  tiles: readonly PlaneTile[],
  colouring: Colouring,
  view: ViewCentre,
  frame: Rect,
  pixelRatio = 1,
  interpolation: Interpolation = 'nearest',
): { readonly pixels: Uint8ClampedArray<ArrayBuffer>; readonly width: number; readonly height: number } {
  const width = Math.max(1, Math.round(frame.width * pixelRatio))
  const height = Math.max(1, Math.round(frame.height * pixelRatio))
  const pixels = new Uint8ClampedArray(4 * width * height)
  const palette = coloursByFraction(colouring)
  for (const tile of tiles) paintTile(tile, colouring, palette, view, frame, pixels, width, height, interpolation)
  return { pixels, width, height }
}

/** RGBA words at even steps of the normalised value, with the colour of NaN last. */
function coloursByFraction(colouring: Colouring): Uint32Array {
  const palette = new Uint32Array(LOOKUP_STEPS + 2)
  const table = new Uint32Array(colouring.table.slice().buffer)
  const { low, high } = colouring.clip
  for (let i = 0; i <= LOOKUP_STEPS; i++) {
    palette[i] = table[tableIndex(colouring, low + (i / LOOKUP_STEPS) * (high - low))]
  }
  const nan = Uint8Array.from([...colouring.nan.map(v => Math.round(255 * v)), 255])
  palette[LOOKUP_STEPS + 1] = new Uint32Array(nan.buffer)[0]
  return palette
}

function paintTile(
  tile: PlaneTile,
  colouring: Colouring,
  palette: Uint32Array,
  view: ViewCentre,
  frame: Rect,
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
  interpolation: Interpolation,
): void {
  const out = new Uint32Array(pixels.buffer)
  const { low, high } = colouring.clip
  const perValue = LOOKUP_STEPS / (high - low)
  const sample = interpolation === 'bilinear' && view.scale * tile.step > 1 ? sampleBilinear : sampleNearest
  for (let row = 0; row < height; row++) {
    const y = screenToImage(view, frame, 0, frame.y + ((row + 0.5) / height) * frame.height).y
    const v = (y + 0.5 - tile.originY) / tile.step
    if (v < 0 || v >= tile.height) continue
    for (let column = 0; column < width; column++) {
      const x = screenToImage(view, frame, frame.x + ((column + 0.5) / width) * frame.width, 0).x
      const u = (x + 0.5 - tile.originX) / tile.step
      if (u < 0 || u >= tile.width) continue
      const value = sample(tile, u, v)
      const step = Math.min(LOOKUP_STEPS, Math.max(0, Math.round((value - low) * perValue)))
      out[column + width * row] = palette[Number.isNaN(value) ? LOOKUP_STEPS + 1 : step]
    }
  }
}

function sampleNearest(tile: PlaneTile, u: number, v: number): number {
  return tile.pixels[Math.floor(u) + tile.width * Math.floor(v)]
}

/** Bilinear between pixel centres, which stand at half-integer u and v; NaN as soon as one of the four is. */
function sampleBilinear(tile: PlaneTile, u: number, v: number): number {
  const x = Math.min(tile.width - 1, Math.max(0, u - 0.5))
  const y = Math.min(tile.height - 1, Math.max(0, v - 0.5))
  const i = Math.min(tile.width - 2, Math.floor(x))
  const j = Math.min(tile.height - 2, Math.floor(y))
  if (i < 0 || j < 0) return sampleNearest(tile, u, v)
  const [fx, fy] = [x - i, y - j]
  const at = i + tile.width * j
  const p = tile.pixels
  const lower = p[at] + fx * (p[at + 1] - p[at])
  const upper = p[at + tile.width] + fx * (p[at + tile.width + 1] - p[at + tile.width])
  return lower + fy * (upper - lower)
}
