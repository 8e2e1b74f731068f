// Which pixels of a plane an area covers.
// Rule: a pixel belongs to an area when its centre lies inside or on the edge; the inner edge of a ring is outside.
// Boxes, rotated boxes and polygons are all polygons, filled even-odd.
//
// "On the edge" has a width, and it is casatools' width, measured with edges moved away from pixel centres by 1e-8 to
// 0.1 pixels on images of 72 to 512 pixels and cells of 0.1 mas to 75 arcsec:
// - a level edge of a polygon reaches pixels within 1e-5 of its y (level: both ends within 1e-5 of each other, too);
// - another edge of a polygon reaches along x, by 1e-5 of the distance from the polygon's left end, at least 1e-5 pixels,
//   and beyond its ends by 1e-5 of their y;
// - a circle, or an ellipse that is not turned, reaches along x by 2·10^(k−6) pixels, k = ⌈log10 of its width⌉, and half
//   of that at its left and right ends;
// - a turned ellipse has no width beyond single precision, in which casatools computes throughout.
// - where a run of a polygon or upright ellipse ends less than a pixel to the left of the area's first column (cut to the
//   image), that column still counts.
// Cost: polygons are filled by scan lines, so the work is vertices × rows + pixels covered.

/** Relative width of polygon edges; empirical, see above. */
const EDGE = 1e-5
/** Relative rounding of single precision. */
const SINGLE = 1.2e-7

/** An area in pixel coordinates; pixel centres are whole numbers. */
export type PixelArea = PixelPolygon | PixelEllipse

export interface PixelPolygon {
  readonly kind: 'polygon'
  readonly x: readonly number[]
  readonly y: readonly number[]
}

export interface PixelEllipse {
  readonly kind: 'ellipse'
  readonly x: number
  readonly y: number
  /** Semi-axes, pixels: the first lies along +y, the second along +x, both turned by `angleRad` from +x towards +y. */
  readonly along: number
  readonly across: number
  readonly angleRad: number
  /** Fraction of the semi-axes that is cut out, 0 for a whole ellipse. */
  readonly hole: number
}

/** Inclusive pixel bounds. */
export interface PixelBounds {
  readonly x0: number
  readonly y0: number
  readonly x1: number
  readonly y1: number
}

/** Pixels of an area inside its bounds, [y1 − y0 + 1, x1 − x0 + 1], 1 inside. */
export interface RasterisedArea {
  readonly bounds: PixelBounds
  readonly inside: Uint8Array
}

/** Bounds of an area on a plane of nx × ny pixels, or null when it does not reach a pixel. */
export function areaBounds(area: PixelArea, nx: number, ny: number): PixelBounds | null {
  const [left, right, bottom, top] = area.kind === 'polygon' ? polygonExtent(area) : ellipseExtent(area)
  const bounds = {
    x0: Math.max(0, Math.ceil(left)),
    x1: Math.min(nx - 1, Math.floor(right)),
    y0: Math.max(0, Math.ceil(bottom)),
    y1: Math.min(ny - 1, Math.floor(top)),
  }
  return bounds.x0 <= bounds.x1 && bounds.y0 <= bounds.y1 ? bounds : null
}

type Extent = readonly [left: number, right: number, bottom: number, top: number]

function polygonExtent({ x, y }: PixelPolygon): Extent {
  const left = Math.min(...x)
  const right = Math.max(...x)
  const bottom = Math.min(...y)
  const top = Math.max(...y)
  const reach = edgeReach(right, Math.floor(left))
  return [left - EDGE, right + reach, bottom - levelReach(bottom), top + levelReach(top)]
}

function ellipseExtent(area: PixelEllipse): Extent {
  const { x, y, along, across, isTurned } = inSinglePrecision(area)
  // casatools bounds a turned ellipse by the square around its longer axis.
  const longer = Math.max(along, across)
  const halfWidth = isTurned ? longer : across
  const halfHeight = isTurned ? longer : along
  const reachX = roundReach(halfWidth) / 2
  const reachY = roundReach(halfHeight) / 2
  return [x - halfWidth - reachX, x + halfWidth + reachX, y - halfHeight - reachY, y + halfHeight + reachY]
}

/** An ellipse as casatools holds it; one turned by a multiple of 90° is upright, with its axes exchanged where needed. */
function inSinglePrecision(area: PixelEllipse): PixelEllipse & { readonly isTurned: boolean } {
  const quarters = area.angleRad / (Math.PI / 2)
  const isUpright = Math.abs(quarters - Math.round(quarters)) < SINGLE
  const isSideways = isUpright && Math.round(quarters) % 2 !== 0
  const along = Math.fround(area.along)
  const across = Math.fround(area.across)
  return {
    ...area,
    x: Math.fround(area.x),
    y: Math.fround(area.y),
    along: isSideways ? across : along,
    across: isSideways ? along : across,
    isTurned: !isUpright,
  }
}

/** How far a polygon's edge at x reaches along x, pixels. */
function edgeReach(x: number, leftEnd: number): number {
  return EDGE * Math.max(1, Math.abs(x - leftEnd))
}

/** How far a level edge at y reaches along y, pixels. */
function levelReach(y: number): number {
  return Math.abs(y) < EDGE ? EDGE : EDGE * Math.abs(y)
}

/** How far the edge of an upright ellipse reaches along x, pixels. */
function roundReach(halfWidth: number): number {
  return 2 * 10 ** (Math.ceil(Math.log10(2 * halfWidth) - SINGLE) - 6)
}

/** The pixels an area covers on a plane of nx × ny pixels, or null when it does not reach one. */
export function rasterise(area: PixelArea, nx: number, ny: number): RasterisedArea | null {
  const bounds = areaBounds(area, nx, ny)
  if (!bounds) return null
  const inside = new Uint8Array((bounds.x1 - bounds.x0 + 1) * (bounds.y1 - bounds.y0 + 1))
  if (area.kind === 'ellipse') {
    fillEllipse(area, bounds, inside)
    return { bounds, inside }
  }
  fillPolygon(area, bounds, inside)
  return trim({ bounds, inside })
}

/** Cuts the bounds down to the pixels covered; null when there are none. */
function trim({ bounds, inside }: RasterisedArea): RasterisedArea | null {
  const width = bounds.x1 - bounds.x0 + 1
  let [x0, x1, y0, y1] = [width, -1, Number.POSITIVE_INFINITY, -1]
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i]) continue
    const x = i % width
    const y = (i - x) / width
    if (x < x0) x0 = x
    if (x > x1) x1 = x
    if (y < y0) y0 = y
    y1 = y
  }
  if (x1 < 0) return null
  const trimmed = new Uint8Array((x1 - x0 + 1) * (y1 - y0 + 1))
  for (let y = y0; y <= y1; y++) {
    trimmed.set(inside.subarray(y * width + x0, y * width + x1 + 1), (y - y0) * (x1 - x0 + 1))
  }
  const offset = { x0: bounds.x0 + x0, x1: bounds.x0 + x1, y0: bounds.y0 + y0, y1: bounds.y0 + y1 }
  return { bounds: offset, inside: trimmed }
}

function fillEllipse(area: PixelEllipse, bounds: PixelBounds, inside: Uint8Array): void {
  const ellipse = inSinglePrecision(area)
  const paint = ellipse.isTurned ? paintTurned : paintUpright
  paint(ellipse, bounds, inside, 1)
  if (area.hole > 0) {
    const { along, across, hole } = ellipse
    paint({ ...ellipse, along: along * hole, across: across * hole }, bounds, inside, 0)
  }
}

function paintUpright(area: PixelEllipse, bounds: PixelBounds, inside: Uint8Array, value: number): void {
  const width = bounds.x1 - bounds.x0 + 1
  const reach = roundReach(area.across)
  const limit = area.across + reach / 2
  for (let y = bounds.y0; y <= bounds.y1; y++) {
    const height = (y - area.y) / area.along
    const square = 1 - height * height
    if (square < -2 * SINGLE) continue
    const half = Math.min(limit, area.across * Math.sqrt(Math.max(0, square)) + reach)
    const first = Math.max(bounds.x0, Math.ceil(area.x - half))
    const last = lastColumn(area.x + half, bounds)
    const row = (y - bounds.y0) * width - bounds.x0
    for (let x = first; x <= last; x++) inside[row + x] = value
  }
}

function paintTurned(area: PixelEllipse, bounds: PixelBounds, inside: Uint8Array, value: number): void {
  const cos = Math.cos(area.angleRad)
  const sin = Math.sin(area.angleRad)
  const limit = (1 + SINGLE) ** 2
  let i = 0
  for (let y = bounds.y0; y <= bounds.y1; y++) {
    const dy = y - area.y
    for (let x = bounds.x0; x <= bounds.x1; x++, i++) {
      const dx = x - area.x
      const u = (dx * cos + dy * sin) / area.across
      const v = (dy * cos - dx * sin) / area.along
      if (u * u + v * v <= limit) inside[i] = value
    }
  }
}

/** Last column of a run that ends at x. */
function lastColumn(x: number, { x0, x1 }: PixelBounds): number {
  const endsJustLeft = x > x0 - 1 && x < x0
  return endsJustLeft ? x0 : Math.min(x1, Math.floor(x))
}

/** A polygon in single precision, and where its edges' reach is counted from. */
interface Outline {
  readonly x: Float32Array
  readonly y: Float32Array
  readonly leftEnd: number
}

function fillPolygon(polygon: PixelPolygon, bounds: PixelBounds, inside: Uint8Array): void {
  const x = Float32Array.from(polygon.x)
  const y = Float32Array.from(polygon.y)
  const outline: Outline = { x, y, leftEnd: Math.floor(Math.min(...polygon.x)) }
  const crossings: number[] = []
  for (let row = bounds.y0; row <= bounds.y1; row++) {
    crossings.length = 0
    for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
      if (y[i] > row !== y[j] > row) crossings.push(x[i] + ((row - y[i]) * (x[j] - x[i])) / (y[j] - y[i]))
    }
    crossings.sort((a, b) => a - b)
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      fillRun(inside, row, bounds, outline.leftEnd, crossings[k], crossings[k + 1])
    }
  }
  for (let i = 0, j = x.length - 1; i < x.length; j = i++) markEdge(outline, j, i, bounds, inside)
}

function fillRun(
  inside: Uint8Array,
  row: number,
  bounds: PixelBounds,
  leftEnd: number,
  from: number,
  to: number,
): void {
  const first = Math.max(bounds.x0, Math.ceil(from - edgeReach(from, leftEnd)))
  const last = lastColumn(to + edgeReach(to, leftEnd), bounds)
  const start = (row - bounds.y0) * (bounds.x1 - bounds.x0 + 1) - bounds.x0
  if (first <= last) inside.fill(1, start + first, start + last + 1)
}

/** Marks the pixel centres on an edge: even-odd filling alone leaves out level edges and upper vertices. */
function markEdge({ x, y, leftEnd }: Outline, a: number, b: number, bounds: PixelBounds, inside: Uint8Array): void {
  const low = Math.min(y[a], y[b])
  const high = Math.max(y[a], y[b])
  const isLevel = low === high || (low !== 0 && high !== 0 && high - low <= EDGE * Math.max(high, -low))
  if (isLevel) {
    const row = Math.round(low)
    const isReached = Math.abs(row - low) <= levelReach(low) && row >= bounds.y0 && row <= bounds.y1
    if (isReached) fillRun(inside, row, bounds, leftEnd, Math.min(x[a], x[b]), Math.max(x[a], x[b]))
    return
  }
  const first = Math.max(bounds.y0, Math.ceil(low - levelReach(low)))
  const last = Math.min(bounds.y1, Math.floor(high + levelReach(high)))
  for (let row = first; row <= last; row++) {
    const at = x[a] + ((row - y[a]) * (x[b] - x[a])) / (y[b] - y[a])
    fillRun(inside, row, bounds, leftEnd, at, at)
  }
}
