import { goodFftSize } from '@cleanbeam/math'
import type { WeightedSamples } from './weighted-samples.ts'

/** How much wider than the image CASA's standard gridder makes its grid. */
const PADDING = 1.2
/** Cells that its kernel needs on either side of a sample's own cell. */
const KERNEL_REACH = 3

/**
 * Sets the weight of samples to 0 that CASA's standard gridder leaves out because its kernel would reach over the edge
 * of the uv grid (pixels too coarse for the longest baselines).
 *
 * With N the smallest even 2·3·5-smooth size ≥ 1.2·n, a sample's cell is nint(u·N·cell) + N/2 along x, nint(−v·N·cell) +
 * N/2 along y, and cells 3 … N − 4 are used (found from sums of weights: it reproduces all recorded ones). Our own
 * kernels wrap around and could use every sample.
 * @returns how many samples were left out
 */
export function leaveOutOffGrid(
  samples: WeightedSamples,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
): number {
  const sizeX = goodFftSize(Math.ceil(PADDING * nx))
  const sizeY = goodFftSize(Math.ceil(PADDING * ny))
  let count = 0
  for (let s = 0; s < samples.nSample; s++) {
    if (samples.imagingWeight[s] === 0) continue
    const x = nearestInteger(samples.uLambda[s] * sizeX * cellRad[0]) + sizeX / 2
    const y = nearestInteger(-samples.vLambda[s] * sizeY * cellRad[1]) + sizeY / 2
    if (x >= KERNEL_REACH && x < sizeX - KERNEL_REACH && y >= KERNEL_REACH && y < sizeY - KERNEL_REACH) continue
    samples.imagingWeight[s] = 0
    count++
  }
  return count
}

/** Halves away from zero. */
function nearestInteger(value: number): number {
  return value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5)
}
