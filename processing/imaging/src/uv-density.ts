import type { WeightedSamples } from './weighted-samples.ts'

/** Cells of the uv plane, 1/(n·cell) wide as the unpadded image has them. */
export interface DensityGrid {
  readonly nx: number
  readonly ny: number
  readonly cellRad: readonly [number, number]
  /**
   * Which cell a sample falls into: ⌊u·n·cell + n/2⌋, or with 'nearest' that of the nearest cell centre. CASA takes the
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
    ? Math.floor(uLambda * nx * cellRad[0] + (nx >> 1) + 0.5)
    : singlePrecisionCell(uLambda, nx * cellRad[0], nx >> 1)
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

/** Adds the weights of samples and of their conjugates to their cells. */
export function addToDensity(density: UvDensity, samples: WeightedSamples): void {
  const { weight } = density
  for (let s = 0; s < samples.nSample; s++) {
    const here = densityCell(density, samples.uLambda[s], samples.vLambda[s])
    const conjugate = densityCell(density, -samples.uLambda[s], -samples.vLambda[s])
    if (here >= 0) weight[here] += samples.imagingWeight[s]
    if (conjugate >= 0) weight[conjugate] += samples.imagingWeight[s]
  }
}

/** Every cell gets the sum over the cells at most `reach` from it along u and along v. */
export function widenedDensity(density: UvDensity, reach: number): UvDensity {
  return reach > 0 ? { ...density, weight: boxSums(density.weight, density.nx, density.ny, reach) } : density
}

/** Sums over boxes of (2·reach + 1)² cells, cut at the edges. */
function boxSums(values: Float64Array, nx: number, ny: number, reach: number): Float64Array {
  const alongX = new Float64Array(values.length)
  for (let y = 0; y < ny; y++) sumAlong(values, alongX, y * nx, 1, nx, reach)
  const sums = new Float64Array(values.length)
  for (let x = 0; x < nx; x++) sumAlong(alongX, sums, x, nx, ny, reach)
  return sums
}

function sumAlong(from: Float64Array, to: Float64Array, start: number, step: number, n: number, reach: number): void {
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = Math.max(0, i - reach); j <= Math.min(n - 1, i + reach); j++) sum += from[start + j * step]
    to[start + i * step] = sum
  }
}
