import { createFftPlan, type FftPlan, fftInPlace } from './fft-plan.ts'
import type { HermitianGrid } from './hermitian-grid.ts'
import type { Pacer } from './pacer.ts'

/** A real image of nx × ny pixels inside the field of a Hermitian grid; pixel (nx/2, ny/2) is the grid's origin. */
export interface RealImageTransform {
  readonly nx: number
  readonly ny: number
  readonly planX: FftPlan
  readonly planY: FftPlan
}

/** Prepares transforms between images of nx × ny pixels and grids of gridX × gridY cells (both 2·3·5-smooth). */
export function createRealImageTransform(nx: number, ny: number, gridX: number, gridY: number): RealImageTransform {
  return { nx, ny, planX: createFftPlan(gridX), planY: createFftPlan(gridY) }
}

/**
 * image(x, y) = Σ_{k,l} grid(k, l)·exp(−2πi(k·x′/nX + l·y′/nY)) over the whole Hermitian grid, x′ = x − nx/2.
 *
 * Columns that are empty are skipped, rows outside the image never computed. The grid is destroyed.
 * @param image - out, Float64Array nx·ny, x fastest
 */
export async function gridToImage(
  transform: RealImageTransform,
  grid: HermitianGrid,
  image: Float64Array,
  pacer: Pacer,
): Promise<void> {
  const { nx, ny, planX, planY } = transform
  const nColumn = lastUsedColumn(grid) + 1
  for (let k = 0; k < nColumn; k++) {
    fftInPlace(planY, grid.re, grid.im, (k + grid.guard) * grid.nY)
    if (pacer.due()) await pacer.rest()
  }
  const rowRe = new Float64Array(planX.size)
  const rowIm = new Float64Array(planX.size)
  for (let y = 0; y < ny; y += 2) {
    gatherRowPair(grid, nColumn, wrap(y - (ny >> 1), grid.nY), wrap(y + 1 - (ny >> 1), grid.nY), rowRe, rowIm)
    fftInPlace(planX, rowRe, rowIm)
    const x0 = wrap(-(nx >> 1), grid.nX)
    copyRow(rowRe, x0, image, y * nx, nx)
    if (y + 1 < ny) copyRow(rowIm, x0, image, (y + 1) * nx, nx)
    if (pacer.due()) await pacer.rest()
  }
}

function wrap(index: number, n: number): number {
  return index < 0 ? index + n : index
}

function lastUsedColumn(grid: HermitianGrid): number {
  for (let k = grid.nX / 2; k >= 0; k--) {
    const column = (k + grid.guard) * grid.nY
    for (let l = column; l < column + grid.nY; l++) if (grid.re[l] !== 0 || grid.im[l] !== 0) return k
  }
  return 0
}

/** Packs two rows with real transforms as a + i·b into one complex row, so that one transform does both. */
function gatherRowPair(grid: HermitianGrid, nColumn: number, a: number, b: number, re: Values, im: Values): void {
  const { nX, nY, guard } = grid
  re.fill(0)
  im.fill(0)
  for (let k = 0; k < nColumn; k++) {
    const column = (k + guard) * nY
    const ar = grid.re[column + a]
    const ai = grid.im[column + a]
    const br = grid.re[column + b]
    const bi = grid.im[column + b]
    if (k > 0 && 2 * k < nX) {
      re[nX - k] = ar + bi
      im[nX - k] = br - ai
    }
    re[k] = ar - bi
    im[k] = ai + br
  }
}

type Values = Float64Array

function copyRow(row: Values, start: number, image: Values, at: number, nx: number): void {
  const n = row.length
  let from = start
  for (let x = 0; x < nx; x++) {
    image[at + x] = row[from]
    if (++from === n) from = 0
  }
}

/**
 * grid(k, l) = Σ_{x,y} image(x, y)·exp(+2πi(k·x′/nX + l·y′/nY)): the adjoint of {@link gridToImage}.
 * @param nColumn - columns 0 … nColumn − 1 are computed, by default all up to nX/2; the others and the guards are zero
 */
export async function imageToGrid(
  transform: RealImageTransform,
  image: Float64Array,
  grid: HermitianGrid,
  pacer: Pacer,
  nColumn = grid.nX / 2 + 1,
): Promise<void> {
  const { nx, ny, planX, planY } = transform
  grid.re.fill(0)
  grid.im.fill(0)
  const rowRe = new Float64Array(planX.size)
  const rowIm = new Float64Array(planX.size)
  const x0 = wrap(-(nx >> 1), grid.nX)
  for (let y = 0; y < ny; y += 2) {
    const used = loadRow(image, y * nx, nx, rowRe, x0)
    const second = y + 1 < ny ? loadRow(image, (y + 1) * nx, nx, rowIm, x0) : clearRow(rowIm)
    if (!used && !second) continue
    fftInPlace(planX, rowIm, rowRe)
    const [a, b] = [wrap(y - (ny >> 1), grid.nY), wrap(y + 1 - (ny >> 1), grid.nY)]
    scatterRowPair(rowRe, rowIm, grid, a, b, y + 1 < ny, nColumn)
    if (pacer.due()) await pacer.rest()
  }
  for (let k = 0; k < nColumn; k++) {
    fftInPlace(planY, grid.im, grid.re, (k + grid.guard) * grid.nY)
    if (pacer.due()) await pacer.rest()
  }
}

function clearRow(row: Values): boolean {
  row.fill(0)
  return false
}

function loadRow(image: Values, at: number, nx: number, row: Values, start: number): boolean {
  row.fill(0)
  let used = false
  let to = start
  for (let x = 0; x < nx; x++) {
    const value = image[at + x]
    if (value !== 0) used = true
    row[to] = value
    if (++to === row.length) to = 0
  }
  return used
}

function scatterRowPair(
  re: Values,
  im: Values,
  grid: HermitianGrid,
  a: number,
  b: number,
  both: boolean,
  nColumn: number,
): void {
  const { nX, nY, guard } = grid
  for (let k = 0; k < nColumn; k++) {
    const mirror = k === 0 ? 0 : nX - k
    const column = (k + guard) * nY
    grid.re[column + a] = 0.5 * (re[k] + re[mirror])
    grid.im[column + a] = 0.5 * (im[k] - im[mirror])
    if (both) {
      grid.re[column + b] = 0.5 * (im[k] + im[mirror])
      grid.im[column + b] = 0.5 * (re[mirror] - re[k])
    }
  }
}
