import type { WeightedSamples } from './weighted-samples.ts'

/** Cells of the uv plane, 1/(n·cell) wide as the unpadded image has them. */
export interface DensityGrid {
  readonly nx: number
  readonly ny: number
  readonly cellRad: readonly [number, number]
  /**
   * Which cell a sample falls into: ⌊−u·n·cell + ⌊n/2⌋⌋ (images run west to east, u the other way), or with 'nearest' that of the nearest cell centre. CASA takes the
   * first for densities over all data and the second for those of single channels of a cube; both reproduce its sums of
   * weights to 1e-7 (M87, twopoints).
   */
  readonly rounding: 'down' | 'nearest'
}

/** Weight per cell. */
export interface UvDensity extends DensityGrid {
  /** [v, u], u fastest; each sample counts at (u, v) and at (−u, −v). */
  readonly weight: Float64Array
}

/**
 * Index of a sample's cell in `UvDensity.weight`, or −1 outside the grid. The first row and column count as outside, as in
 * CASA: the conjugate of a sample there has no cell (sums of weights of li_IQUV_clark, to 2e-6).
 */
export function densityCell({ nx, ny, cellRad, rounding }: DensityGrid, uLambda: number, vLambda: number): number {
  const isNearest = rounding === 'nearest'
  const iu = isNearest
    ? Math.floor(-uLambda * nx * cellRad[0] + (nx >> 1) + 0.5)
    : singlePrecisionCell(-uLambda, nx * cellRad[0], nx >> 1)
  const iv = isNearest
    ? Math.floor(vLambda * ny * cellRad[1] + (ny >> 1) + 0.5)
    : singlePrecisionCell(vLambda, ny * cellRad[1], ny >> 1)
  return iu > 0 && iu < nx && iv > 0 && iv < ny ? iu + nx * iv : -1
}

/**
 * The cell of a density over all data, found in single precision as CASA does: samples within 1e-5 of a cell's edge are enough to change
 * its sums of weights by 6e-5 (lc_cube_channel agrees to 2e-8 this way).
 */
function singlePrecisionCell(lambda: number, cellsPerLambda: number, origin: number): number {
  return Math.floor(Math.fround(Math.fround(Math.fround(lambda) * Math.fround(cellsPerLambda)) + origin))
}

/** A density without samples. */
export function emptyDensity(grid: DensityGrid): UvDensity {
  return { ...grid, weight: new Float64Array(grid.nx * grid.ny) }
}

/**
 * Adds the weights of samples and of their conjugates to their cells.
 * @param reach - of the boxes the density is averaged over afterwards: samples whose box would not fit the grid are left
 *   out with their conjugates (CASA's sums of weights in cubes, to 1e-6)
 */
export function addToDensity(density: UvDensity, samples: WeightedSamples, reach = 0): void {
  const { weight, nx, ny } = density
  for (let s = 0; s < samples.nSample; s++) {
    const here = densityCell(density, samples.uLambda[s], samples.vLambda[s])
    if (reach > 0 && !fitsBox(here % nx, nx, reach, Math.floor(here / nx), ny)) continue
    const conjugate = densityCell(density, -samples.uLambda[s], -samples.vLambda[s])
    if (here >= 0) weight[here] += samples.imagingWeight[s]
    if (conjugate >= 0) weight[conjugate] += samples.imagingWeight[s]
  }
}

/** One cell more fits above than below: cells count from 1 there. */
function fitsBox(iu: number, nx: number, reach: number, iv: number, ny: number): boolean {
  return iu > reach && iu <= nx - reach && iv > reach && iv <= ny - reach
}

/**
 * Every cell gets the sum over the cells at most `reach` from it along u and along v. Cells so close to the edge that they
 * would be spread beyond it do not count at all, as in CASA (.gridwt of superuniform cubes, to 3e-8).
 */
export function widenedDensity(density: UvDensity, reach: number): UvDensity {
  return reach > 0 ? boxSums(density, reach, reach + 1, reach) : density
}

/** Every cell gets the mean over the (2·reach + 1)² cells around it, 0 beyond the grid. */
export function averagedDensity(density: UvDensity, reach: number): UvDensity {
  if (reach === 0) return density
  const sums = boxSums(density, reach, 0, 0)
  return { ...sums, weight: sums.weight.map(weight => weight / (2 * reach + 1) ** 2) }
}

/** Sums over boxes of (2·reach + 1)² cells, without the first `below` and the last `above` rows and columns. */
function boxSums(density: UvDensity, reach: number, below: number, above: number): UvDensity {
  const { weight, nx, ny } = density
  const alongX = new Float64Array(weight.length)
  for (let y = below; y < ny - above; y++) sumAlong(weight, alongX, [y * nx, 1, below, nx - above, nx], reach)
  const sums = new Float64Array(weight.length)
  for (let x = 0; x < nx; x++) sumAlong(alongX, sums, [x, nx, below, ny - above, ny], reach)
  return { ...density, weight: sums }
}

/** @param line - index of its first cell, step, first cell that counts, end of those, number of cells */
function sumAlong(
  from: Float64Array,
  to: Float64Array,
  [start, step, first, end, n]: readonly [number, number, number, number, number],
  reach: number,
): void {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = Math.max(first, i - reach); j < Math.min(end, i + reach + 1); j++) sum += from[start + j * step]
    to[start + i * step] = sum
  }
}
