// Finding the best component again and again, looking only where it can be.

import { BOUND_SLACK, type ResponseTables, TILE } from './response-tables.ts'
import type { ScaleResponses } from './scale-responses.ts'

/** A component: Taylor coefficients (before the loop gain) of a scale at a pixel. */
export interface FoundComponent {
  /** Index into the responses' filters. */
  readonly scale: number
  readonly x: number
  readonly y: number
  readonly coefficients: readonly number[]
  /** Decrease of χ² it would bring with gain 1, times the bias of its scale. */
  readonly score: number
}

/** Input of {@link createScaleSearch}. */
export interface ScaleSearchInput {
  readonly responses: ScaleResponses
  /** [scale][term], nx·ny each: filtered residuals, changed while searching. */
  readonly residuals: readonly (readonly Float32Array[])[]
  /** [scale]: 1 where the scale may be centred. */
  readonly allowed: readonly Uint8Array[]
  /** [scale]: factor on the score. */
  readonly bias: readonly number[]
}

/** The search over all scales and pixels. */
export interface ScaleSearch {
  /** The component with the largest score; of equal ones the first by scale, then in storage order. Null: none is left. */
  best(): FoundComponent | null
  /** Takes gain × component away from the residuals. */
  subtract(component: FoundComponent, gain: number): void
  /** Whether |residual| of term 0, unfiltered, is anywhere at or above the limit within the first scale's mask. */
  reaches(limitJy: number): boolean
}

/**
 * The score of scale s at a pixel is bias·rᵀH⁻¹r, r the filtered residual terms; the component there H⁻¹r.
 *
 * Residuals are kept tile by tile, each with an upper bound of its scores. A component raises the bounds by the largest
 * value of its response over the tile, a table look-up; its subtraction from a tile waits until the tile's bound is the
 * largest of all, when the tile is brought up to date and its true maximum found. The answers are those of subtracting
 * everywhere at once, to the last bit, since each pixel sees the same components in the same order.
 *
 * *Cost:* per component one pass over the bounds, plus the pixels of the few tiles that compete.
 */
export function createScaleSearch(input: ScaleSearchInput): ScaleSearch {
  return new TiledScaleSearch(input)
}

class TiledScaleSearch implements ScaleSearch {
  readonly #input: ScaleSearchInput
  readonly #nx: number
  readonly #ny: number
  readonly #nTerms: number
  readonly #nScale: number
  readonly #tilesX: number
  readonly #tilesY: number
  /** [scale][tile]: upper bounds of √score; −1 where nothing is allowed. */
  readonly #bounds: Float64Array[]
  /** [scale][row of tiles]. */
  readonly #rowBounds: Float64Array[]
  /** [scale][tile]: where the maximum stood when the tile was last brought up to date. */
  readonly #peaks: Int32Array[]
  /** [scale][tile]: components applied. */
  readonly #applied: Int32Array[]
  /** [tile]: upper bounds of |residual| of term 0 in the first scale. */
  readonly #peakBounds: Float64Array
  /** [tile]: where that was largest when the tile was last brought up to date. */
  readonly #peakPixels: Int32Array
  /** A pixel that reached the limit when last asked. */
  #witness = -1
  readonly #tables: ResponseTables
  readonly #found = new ComponentLog()

  constructor(input: ScaleSearchInput) {
    const { nx, ny, nTerms, filters } = input.responses
    this.#input = input
    this.#nx = nx
    this.#ny = ny
    this.#nTerms = nTerms
    this.#nScale = filters.length
    this.#tilesX = Math.ceil(nx / TILE)
    this.#tilesY = Math.ceil(ny / TILE)
    const nTile = this.#tilesX * this.#tilesY
    const perScale = <T>(make: () => T) => filters.map(make)
    this.#bounds = perScale(() => new Float64Array(nTile).fill(-1))
    this.#rowBounds = perScale(() => new Float64Array(this.#tilesY).fill(-1))
    this.#peaks = perScale(() => new Int32Array(nTile).fill(-1))
    this.#applied = perScale(() => new Int32Array(nTile))
    this.#peakBounds = new Float64Array(nTile)
    this.#peakPixels = new Int32Array(nTile).fill(-1)
    this.#tables = input.responses.tables
    for (let q = 0; q < this.#nScale; q++) {
      for (let tile = 0; tile < nTile; tile++) {
        if (this.#isOpen(q, tile)) this.#measure(q, tile)
      }
      for (let row = 0; row < this.#tilesY; row++) this.#boundRow(q, row)
    }
  }

  best(): FoundComponent | null {
    for (;;) {
      let bound = 0
      let scale = -1
      let row = -1
      for (let q = 0; q < this.#nScale; q++) {
        const rows = this.#rowBounds[q]
        for (let r = 0; r < this.#tilesY; r++) {
          if (rows[r] > bound) {
            bound = rows[r]
            scale = q
            row = r
          }
        }
      }
      if (scale < 0) return null
      const tile = this.#candidate(scale, row, bound)
      if (this.#applied[scale][tile] === this.#found.count) return this.#componentAt(scale, this.#peaks[scale][tile])
      this.#update(scale, tile)
      this.#boundRow(scale, row)
    }
  }

  /** Of the tiles of a row at the bound one that is not up to date, else the one whose peak is first in storage order. */
  #candidate(scale: number, row: number, bound: number): number {
    let best = -1
    for (let t = row * this.#tilesX; t < (row + 1) * this.#tilesX; t++) {
      if (this.#bounds[scale][t] !== bound) continue
      if (this.#applied[scale][t] !== this.#found.count) return t
      if (best < 0 || this.#peaks[scale][t] < this.#peaks[scale][best]) best = t
    }
    return best
  }

  #componentAt(scale: number, pixel: number): FoundComponent {
    const { inverse } = this.#input.responses.filters[scale]
    const n = this.#nTerms
    const planes = this.#input.residuals[scale]
    const coefficients: number[] = []
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += inverse[i * n + j] * planes[j][pixel]
      coefficients.push(sum)
    }
    const score = this.#input.bias[scale] * coefficients.reduce((sum, a, i) => sum + a * planes[i][pixel], 0)
    return { scale, x: pixel % this.#nx, y: Math.floor(pixel / this.#nx), coefficients, score }
  }

  subtract(component: FoundComponent, gain: number): void {
    const amounts = component.coefficients.map(a => gain * a)
    this.#found.push(component.scale, component.x, component.y, amounts)
    const size = whitenedNorm(this.#input.responses.filters[component.scale].cholesky, amounts)
    const shiftX = Math.floor(((this.#nx >> 1) - component.x) / TILE)
    const shiftY = Math.floor(((this.#ny >> 1) - component.y) / TILE)
    for (let q = 0; q < this.#nScale; q++) {
      const factor = size * Math.sqrt(this.#input.bias[q]) * (1 + BOUND_SLACK)
      this.#raise(q, this.#tables.norm(component.scale, q), shiftX, shiftY, factor)
    }
    this.#raisePeaks(component.scale, amounts, shiftX, shiftY)
  }

  #raise(q: number, table: Float32Array, shiftX: number, shiftY: number, factor: number): void {
    const bounds = this.#bounds[q]
    const rows = this.#rowBounds[q]
    const { width, height } = this.#tables
    for (let ty = 0; ty < this.#tilesY; ty++) {
      const by = ty + shiftY + 1
      if (by < 0 || by >= height || rows[ty] < 0) continue
      const from = Math.max(0, -shiftX - 1)
      const to = Math.min(this.#tilesX, width - shiftX - 1)
      let most = -1
      for (let tx = 0; tx < this.#tilesX; tx++) {
        const t = tx + this.#tilesX * ty
        let bound = bounds[t]
        if (bound < 0) continue
        if (tx >= from && tx < to) {
          bound += factor * table[tx + shiftX + 1 + width * by] + BOUND_SLACK * 1e-2 * bound
          bounds[t] = bound
        }
        if (bound > most) most = bound
      }
      rows[ty] = most
    }
  }

  #raisePeaks(scale: number, amounts: readonly number[], shiftX: number, shiftY: number): void {
    const { width, height } = this.#tables
    for (let j = 0; j < amounts.length; j++) {
      const table = this.#tables.peak(scale, j)
      const factor = Math.abs(amounts[j]) * (1 + BOUND_SLACK)
      for (let ty = 0; ty < this.#tilesY; ty++) {
        const by = ty + shiftY + 1
        if (by < 0 || by >= height) continue
        for (let tx = Math.max(0, -shiftX - 1); tx < Math.min(this.#tilesX, width - shiftX - 1); tx++) {
          this.#peakBounds[tx + this.#tilesX * ty] += factor * table[tx + shiftX + 1 + width * by]
        }
      }
    }
  }

  reaches(limitJy: number): boolean {
    if (this.#witness >= 0) {
      const tile = this.#tileOf(this.#witness)
      if (this.#applied[0][tile] !== this.#found.count) this.#refresh(0, tile)
      if (this.#peakBounds[tile] >= limitJy) return true
    }
    for (let tile = 0; tile < this.#peakBounds.length; tile++) {
      if (!(this.#peakBounds[tile] >= limitJy) || this.#bounds[0][tile] < 0) continue
      if (this.#applied[0][tile] !== this.#found.count) this.#refresh(0, tile)
      if (this.#peakBounds[tile] >= limitJy) {
        this.#witness = this.#peakPixels[tile]
        return true
      }
    }
    return false
  }

  #refresh(scale: number, tile: number): void {
    this.#update(scale, tile)
    this.#boundRow(scale, Math.floor(tile / this.#tilesX))
  }

  #tileOf(pixel: number): number {
    const x = pixel % this.#nx
    const y = Math.floor(pixel / this.#nx)
    return Math.floor(x / TILE) + this.#tilesX * Math.floor(y / TILE)
  }

  #boundRow(scale: number, row: number): void {
    let most = -1
    const bounds = this.#bounds[scale]
    for (let t = row * this.#tilesX; t < (row + 1) * this.#tilesX; t++) if (bounds[t] > most) most = bounds[t]
    this.#rowBounds[scale][row] = most
  }

  #isOpen(scale: number, tile: number): boolean {
    const allowed = this.#input.allowed[scale]
    const [x0, x1, y0, y1] = this.#pixelsOf(tile)
    for (let y = y0; y < y1; y++) {
      for (let j = x0 + this.#nx * y; j < x1 + this.#nx * y; j++) if (allowed[j] > 0) return true
    }
    return false
  }

  #pixelsOf(tile: number): [x0: number, x1: number, y0: number, y1: number] {
    const x0 = (tile % this.#tilesX) * TILE
    const y0 = Math.floor(tile / this.#tilesX) * TILE
    return [x0, Math.min(this.#nx, x0 + TILE), y0, Math.min(this.#ny, y0 + TILE)]
  }

  /** Applies what waits for this tile, then finds its maximum. */
  #update(scale: number, tile: number): void {
    for (let c = this.#applied[scale][tile]; c < this.#found.count; c++) this.#apply(scale, tile, c)
    this.#measure(scale, tile)
  }

  #apply(scale: number, tile: number, c: number): void {
    const [tx0, tx1, ty0, ty1] = this.#pixelsOf(tile)
    const nx = this.#nx
    const shiftX = ((nx >> 1) - this.#found.x(c)) | 0
    const shiftY = ((this.#ny >> 1) - this.#found.y(c)) | 0
    const [reachX, reachY] = this.#tables.reach
    const x0 = Math.max(tx0, (nx >> 1) - shiftX - reachX, -shiftX) | 0
    const x1 = Math.min(tx1, (nx >> 1) - shiftX + reachX, nx - shiftX) | 0
    const y0 = Math.max(ty0, (this.#ny >> 1) - shiftY - reachY, -shiftY) | 0
    const y1 = Math.min(ty1, (this.#ny >> 1) - shiftY + reachY, this.#ny - shiftY) | 0
    if (x0 >= x1 || y0 >= y1) return
    const terms = this.#input.responses.cross[this.#found.scale(c) + this.#nScale * scale]
    const planes = this.#input.residuals[scale]
    const toPsf = (shiftX + nx * shiftY) | 0
    for (let i = 0; i < this.#nTerms; i++) {
      for (let j = 0; j < this.#nTerms; j++) {
        const amount = this.#found.amount(c, j, this.#nTerms)
        const response = terms[i + j]
        for (let y = y0; y < y1; y++) {
          subtractRow(planes[i], response, amount, (x0 + nx * y) | 0, (x1 + nx * y) | 0, toPsf)
        }
      }
    }
  }

  #measure(scale: number, tile: number): void {
    this.#applied[scale][tile] = this.#found.count
    const [x0, x1, y0, y1] = this.#pixelsOf(tile)
    const allowed = this.#input.allowed[scale]
    const planes = this.#input.residuals[scale]
    const { cholesky } = this.#input.responses.filters[scale]
    let best = 0
    let at = -1
    let peak = 0
    let peakAt = -1
    for (let y = y0; y < y1; y++) {
      for (let j = x0 + this.#nx * y; j < x1 + this.#nx * y; j++) {
        if (allowed[j] === 0) continue
        const score = this.#nTerms === 1 ? planes[0][j] * planes[0][j] : whitenedSquare(cholesky, planes, j)
        if (score > best) {
          best = score
          at = j
        }
        const size = Math.abs(planes[0][j])
        if (size > peak) {
          peak = size
          peakAt = j
        }
      }
    }
    const square = this.#nTerms === 1 ? best / (cholesky[0] * cholesky[0]) : best
    this.#bounds[scale][tile] = at < 0 ? 0 : Math.sqrt(square * this.#input.bias[scale])
    this.#peaks[scale][tile] = at
    if (scale > 0) return
    this.#peakBounds[tile] = peak
    this.#peakPixels[tile] = peakAt
  }
}

/** plane[j] −= amount·response[j + toPsf]; `| 0` keeps indices small integers. */
function subtractRow(
  plane: Float32Array,
  response: Float32Array,
  amount: number,
  start: number,
  end: number,
  toPsf: number,
): void {
  for (let j = start; j < end; j = (j + 1) | 0) plane[j] -= amount * response[(j + toPsf) | 0]
}

/** |L⁻¹r|² at a pixel. */
function whitenedSquare(lower: Float64Array, planes: readonly Float32Array[], pixel: number): number {
  const n = planes.length
  const z0 = planes[0][pixel] / lower[0]
  const z1 = (planes[1][pixel] - lower[n] * z0) / lower[n + 1]
  if (n === 2) return z0 * z0 + z1 * z1
  const z2 = (planes[2][pixel] - lower[2 * n] * z0 - lower[2 * n + 1] * z1) / lower[2 * n + 2]
  if (n === 3) return z0 * z0 + z1 * z1 + z2 * z2
  const z3 = (planes[3][pixel] - lower[12] * z0 - lower[13] * z1 - lower[14] * z2) / lower[15]
  return z0 * z0 + z1 * z1 + z2 * z2 + z3 * z3
}

/** |Lᵀa|: the length of coefficients a in units in which scores are squares of lengths. */
function whitenedNorm(lower: Float64Array, amounts: readonly number[]): number {
  const n = amounts.length
  let square = 0
  for (let k = 0; k < n; k++) {
    let sum = 0
    for (let i = k; i < n; i++) sum += lower[i * n + k] * amounts[i]
    square += sum * sum
  }
  return Math.sqrt(square)
}

/** Components in the order of finding, as flat numbers. */
class ComponentLog {
  count = 0
  #where = new Int32Array(3 * 256)
  #amounts = new Float64Array(4 * 256)

  push(scale: number, x: number, y: number, amounts: readonly number[]): void {
    if (3 * this.count === this.#where.length) {
      const where = new Int32Array(2 * this.#where.length)
      where.set(this.#where)
      this.#where = where
      const all = new Float64Array(2 * this.#amounts.length)
      all.set(this.#amounts)
      this.#amounts = all
    }
    this.#where.set([scale, x, y], 3 * this.count)
    this.#amounts.set(amounts, amounts.length * this.count)
    this.count++
  }

  scale(c: number): number {
    return this.#where[3 * c]
  }

  x(c: number): number {
    return this.#where[3 * c + 1]
  }

  y(c: number): number {
    return this.#where[3 * c + 2]
  }

  amount(c: number, term: number, nTerms: number): number {
    return this.#amounts[nTerms * c + term]
  }
}
