// Which pixels of a plane an area covers.
// Rule: a pixel belongs to an area when its centre lies inside or on the edge; the inner edge of a ring is outside.
// It is the rule that casatools' answers follow for every shape and for fractional positions (boxes, rotated boxes and
// polygons are all polygons, filled even-odd). Edges have a tolerance because regions given in angles arrive at pixel
// positions through two roundings; casatools itself works in single precision and blurs edges by about as much.
// Cost: polygons are filled by scan lines, so the work is vertices × rows + pixels covered.

/** Half-width of an outer edge, pixels. Empirical: casatools counts centres up to 8e-6 … 3e-5 pixels outside as inside. */
const EDGE_PIXELS = 1.2e-5
/** The same of the inner edge of a ring, where casatools changes its answer between 1e-7 and 1e-5 pixels. */
const INNER_EDGE_PIXELS = 1e-6

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
  let [left, right, bottom, top] = [0, 0, 0, 0]
  if (area.kind === 'polygon') {
    left = Math.min(...area.x)
    right = Math.max(...area.x)
    bottom = Math.min(...area.y)
    top = Math.max(...area.y)
  } else {
    // casatools bounds a turned ellipse by the square around its longer axis.
    const isUpright = area.angleRad % (Math.PI / 2) === 0
    const isSideways = isUpright && Math.round(area.angleRad / (Math.PI / 2)) % 2 !== 0
    const longer = Math.max(area.along, area.across)
    const halfWidth = isUpright ? (isSideways ? area.along : area.across) : longer
    const halfHeight = isUpright ? (isSideways ? area.across : area.along) : longer
    left = area.x - halfWidth
    right = area.x + halfWidth
    bottom = area.y - halfHeight
    top = area.y + halfHeight
  }
  const bounds = {
    x0: Math.max(0, Math.ceil(left - EDGE_PIXELS)),
    x1: Math.min(nx - 1, Math.floor(right + EDGE_PIXELS)),
    y0: Math.max(0, Math.ceil(bottom - EDGE_PIXELS)),
    y1: Math.min(ny - 1, Math.floor(top + EDGE_PIXELS)),
  }
  return bounds.x0 <= bounds.x1 && bounds.y0 <= bounds.y1 ? bounds : null
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
  const cos = Math.cos(area.angleRad)
  const sin = Math.sin(area.angleRad)
  const alongScale = 1 / area.along
  const acrossScale = 1 / area.across
  const perPixel = Math.min(alongScale, acrossScale)
  const outer = (1 + EDGE_PIXELS * perPixel) ** 2
  const inner = area.hole > 0 ? (area.hole + INNER_EDGE_PIXELS * perPixel) ** 2 : -1
  let i = 0
  for (let y = bounds.y0; y <= bounds.y1; y++) {
    const dy = y - area.y
    for (let x = bounds.x0; x <= bounds.x1; x++) {
      const dx = x - area.x
      const u = (dx * cos + dy * sin) * acrossScale
      const v = (dy * cos - dx * sin) * alongScale
      const square = u * u + v * v
      inside[i++] = square <= outer && square > inner ? 1 : 0
    }
  }
}

function fillPolygon({ x, y }: PixelPolygon, bounds: PixelBounds, inside: Uint8Array): void {
  const width = bounds.x1 - bounds.x0 + 1
  const crossings: number[] = []
  for (let row = bounds.y0; row <= bounds.y1; row++) {
    crossings.length = 0
    for (let i = 0, j = x.length - 1; i < x.length; j = i++) {
      if (y[i] > row !== y[j] > row) crossings.push(x[i] + ((row - y[i]) * (x[j] - x[i])) / (y[j] - y[i]))
    }
    crossings.sort((a, b) => a - b)
    const start = (row - bounds.y0) * width
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      fillRun(inside, start, bounds, crossings[k], crossings[k + 1])
    }
  }
  for (let i = 0, j = x.length - 1; i < x.length; j = i++) markEdge(x[j], y[j], x[i], y[i], bounds, inside)
}

function fillRun(inside: Uint8Array, start: number, bounds: PixelBounds, from: number, to: number): void {
  const first = Math.max(bounds.x0, Math.ceil(from - EDGE_PIXELS))
  const last = Math.min(bounds.x1, Math.floor(to + EDGE_PIXELS))
  if (first <= last) inside.fill(1, start + first - bounds.x0, start + last - bounds.x0 + 1)
}

/** Marks the pixel centres that lie on an edge: even-odd filling alone leaves out upper and horizontal ones. */
function markEdge(xa: number, ya: number, xb: number, yb: number, bounds: PixelBounds, inside: Uint8Array): void {
  const width = bounds.x1 - bounds.x0 + 1
  const first = Math.max(bounds.y0, Math.ceil(Math.min(ya, yb) - EDGE_PIXELS))
  const last = Math.min(bounds.y1, Math.floor(Math.max(ya, yb) + EDGE_PIXELS))
  const isFlat = Math.abs(yb - ya) <= 2 * EDGE_PIXELS
  for (let row = first; row <= last; row++) {
    const start = (row - bounds.y0) * width
    if (isFlat) {
      fillRun(inside, start, bounds, Math.min(xa, xb), Math.max(xa, xb))
      continue
    }
    // On an edge that leans over, a step of EDGE_PIXELS in y moves the crossing by the slope times that.
    const at = xa + ((row - ya) * (xb - xa)) / (yb - ya)
    const clamped = Math.min(Math.max(at, Math.min(xa, xb)), Math.max(xa, xb))
    const reach = EDGE_PIXELS * Math.max(1, Math.abs((xb - xa) / (yb - ya)))
    const from = Math.max(bounds.x0, Math.ceil(clamped - reach))
    const to = Math.min(bounds.x1, Math.floor(clamped + reach))
    if (from <= to) inside.fill(1, start + from - bounds.x0, start + to - bounds.x0 + 1)
  }
}
