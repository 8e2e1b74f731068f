import { goodFftSize } from '@cleanbeam/math'
import type { WeightedSamples } from './weighted-samples.ts'

/** How much wider than the image CASA's standard gridder makes its grid. */
const PADDING = 1.2

/** Cells at the edges of the grid that hold no sample. */
export interface GridMargins {
  readonly low: number
  readonly high: number
  /** How much wider than the image the grid is; default 1.2. */
  readonly padding?: number
}

/** CASA's standard gridder needs this many cells on either side of a sample's own. */
export const STANDARD_MARGINS: GridMargins = { low: 3, high: 3 }
/** Its w projection uses all cells but the last (found by moving single samples over the edge). */
export const W_PROJECTION_MARGINS: GridMargins = { low: 0, high: 1 }

/** Its mosaic gridder has a grid of the image's size (sums of weights of mosaics of one, two and seven pointings). */
export const MOSAIC_MARGINS: GridMargins = { low: 0, high: 1, padding: 1 }

/**
 * Sets the weight of samples to 0 that CASA leaves out because they are too near the edge of its uv grid (pixels too
 * coarse for the longest baselines).
 *
 * With N the smallest even 2·3·5-smooth size ≥ 1.2·n, a sample's cell is nint(u·N·cell) + N/2 along x, nint(−v·N·cell) +
 * N/2 along y, and cells low … N − 1 − high are used (found from sums of weights: it reproduces all recorded ones). Our
 * own kernels wrap around and could use every sample.
 * @returns how many samples were left out
 */
export function leaveOutOffGrid(
  samples: WeightedSamples,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
  { low, high, padding = PADDING }: GridMargins = STANDARD_MARGINS,
): number {
  const sizeX = goodFftSize(Math.ceil(padding * nx))
  const sizeY = goodFftSize(Math.ceil(padding * ny))
  let count = 0
  for (let s = 0; s < samples.nSample; s++) {
    if (samples.imagingWeight[s] === 0) continue
    const x = nearestInteger(samples.uLambda[s] * sizeX * cellRad[0]) + sizeX / 2
    const y = nearestInteger(-samples.vLambda[s] * sizeY * cellRad[1]) + sizeY / 2
    if (x >= low && x < sizeX - high && y >= low && y < sizeY - high) continue
    samples.imagingWeight[s] = 0
    count++
  }
  return count
}

/**
 * Largest |w|, wavelengths, of samples that CASA's w projection grids with a number of planes: beyond the last of them,
 * which lies at 0.25/cell, it leaves samples out (measured with casatasks 6.7 for 8 to 128 planes, three image and cell
 * sizes, to 3e-4). With the number left to it (−1) its planes reach as far as the data.
 */
export function wProjectionReach(nPlane: number, cellRad: readonly [number, number]): number {
  if (nPlane <= 1) return Number.POSITIVE_INFINITY
  return (0.25 / Math.max(...cellRad)) * ((nPlane - 0.5) / (nPlane - 1)) ** 2
}

/** Halves away from zero. */
function nearestInteger(value: number): number {
  return value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5)
}
