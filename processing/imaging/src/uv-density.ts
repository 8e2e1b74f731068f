import type { SampleStore } from './sample-store.ts'

/** Weight per cell of the uv plane, cells 1/(n·cell) wide as the unpadded image has them. */
export interface UvDensity {
  readonly nx: number
  readonly ny: number
  readonly cellRad: readonly [number, number]
  /** [v, u], u fastest; each sample counts at (u, v) and at (−u, −v). */
  readonly weight: Float64Array
}

/** Index of a sample's cell in `UvDensity.weight`, or −1 outside the grid. */
export function densityCell(density: Omit<UvDensity, 'weight'>, uLambda: number, vLambda: number): number {
  const { nx, ny, cellRad } = density
  const iu = Math.floor(uLambda * nx * cellRad[0] + (nx >> 1))
  const iv = Math.floor(vLambda * ny * cellRad[1] + (ny >> 1))
  return iu >= 0 && iu < nx && iv >= 0 && iv < ny ? iu + nx * iv : -1
}

/**
 * Sums the weights of all samples and of their conjugates per cell.
 *
 * *Convention:* a sample falls into the cell ⌊u·n·cell + n/2⌋, which reproduces CASA's sum of weights to 1e-7
 * (M87, Briggs robust 0).
 */
export function uvDensity(samples: SampleStore, nx: number, ny: number, cellRad: readonly [number, number]): UvDensity {
  const geometry = { nx, ny, cellRad }
  const weight = new Float64Array(nx * ny)
  for (let s = 0; s < samples.nSample; s++) {
    const here = densityCell(geometry, samples.uLambda[s], samples.vLambda[s])
    const conjugate = densityCell(geometry, -samples.uLambda[s], -samples.vLambda[s])
    if (here >= 0) weight[here] += samples.imagingWeight[s]
    if (conjugate >= 0) weight[conjugate] += samples.imagingWeight[s]
  }
  return { ...geometry, weight }
}
