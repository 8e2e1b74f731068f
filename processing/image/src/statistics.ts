// Statistics of an image as CASA's image tool defines them.
// Source: CASA image.statistics (https://casadocs.readthedocs.io/en/stable/api/tt/casatools.image.html) and its answers.
// sigma is the standard deviation about the mean with n − 1; rms is about zero with n. Sums run in float64 over float32
// pixels. The median and quartiles are those of the sorted pixels, exact, found without sorting.
import type { ImageCube } from '@cleanbeam/types'
import { valuesAtRanks } from './order-statistics.ts'
import type { RegionCover } from './region/region-mask.ts'

/** Sums over the counted pixels of one cell (all pixels, or one value of each axis that is kept). */
export interface CellStatistics {
  readonly npts: number
  readonly sum: number
  readonly sumsq: number
  /** Sum with each plane weighted by the request's `planeWeights`; 0 without them. */
  readonly weightedSum: number
  readonly min: number
  readonly max: number
  /** Index into the cube of the first smallest and largest pixel; −1 without pixels. */
  readonly minIndex: number
  readonly maxIndex: number
}

/** Order statistics of one cell; quartile is the distance between q1 and q3, medabsdevmed the median of |x − median|. */
export interface RobustStatistics {
  readonly median: number
  readonly q1: number
  readonly q3: number
  readonly quartile: number
  readonly medabsdevmed: number
}

/** The whole cube as a cover without holes. */
export function wholeCover(cube: ImageCube): Omit<RegionCover, 'inside'> & { readonly inside: null } {
  const [nx, ny, nStokes, nChannel] = cube.shape
  return { blc: [0, 0, 0, 0], trc: [nx - 1, ny - 1, nStokes - 1, nChannel - 1], inside: null }
}

/** A box of pixels, with or without holes. */
export type StatisticsBox = Omit<RegionCover, 'inside'> & { readonly inside: Uint8Array | null }

/** Statistics per cell and where the cells are. */
export interface ImageStatistics {
  /** Numbers of cells along the kept axes, in axis order; [] when all axes are collapsed. */
  readonly keptShape: readonly number[]
  readonly cells: readonly CellStatistics[]
  readonly robust: readonly RobustStatistics[] | null
}

/** What to compute. */
export interface StatisticsRequest {
  readonly box: StatisticsBox
  /** Another mask over the whole cube, 1 counts; null counts all. */
  readonly mask: Uint8Array | null
  /** Axes to collapse. */
  readonly axes: readonly number[]
  readonly robust: boolean
  /** A factor per plane at index `stokes + nStokes·channel`, for `weightedSum`. */
  readonly planeWeights?: Float64Array
}

/** Statistics of the good pixels of a box. NaN and infinite pixels never count. */
export function imageStatistics(cube: ImageCube, request: StatisticsRequest): ImageStatistics {
  const { blc, trc } = request.box
  const kept = [0, 1, 2, 3].filter(axis => !request.axes.includes(axis))
  const keptShape = kept.map(axis => trc[axis] - blc[axis] + 1)
  const cells: CellStatistics[] = []
  const robust: RobustStatistics[] = []
  const nCell = keptShape.reduce((product, n) => product * n, 1)
  const collector = request.robust ? new Float32Array(boxPixels(blc, trc) / nCell) : null
  for (let cell = 0; cell < nCell; cell++) {
    const low = [...blc]
    const high = [...trc]
    let rest = cell
    kept.forEach((axis, i) => {
      low[axis] = high[axis] = blc[axis] + (rest % keptShape[i])
      rest = Math.floor(rest / keptShape[i])
    })
    const found = collect(cube, request, low, high, collector)
    cells.push(found)
    if (collector) robust.push(robustStatistics(collector.subarray(0, found.npts)))
  }
  return { keptShape, cells, robust: request.robust ? robust : null }
}

function boxPixels(blc: readonly number[], trc: readonly number[]): number {
  return [0, 1, 2, 3].reduce((product, axis) => product * (trc[axis] - blc[axis] + 1), 1)
}

/** One pass over a box; counted pixels are also copied to `into` when it is given. */
function collect(
  cube: ImageCube,
  { box, mask, planeWeights }: StatisticsRequest,
  low: readonly number[],
  high: readonly number[],
  into: Float32Array | null,
): CellStatistics {
  const { pixels, shape } = cube
  const nStokesOfCube = shape[2]
  const good = cube.mask
  const { blc, trc, inside } = box
  const [nx, ny, nStokes] = [trc[0] - blc[0] + 1, trc[1] - blc[1] + 1, trc[2] - blc[2] + 1]
  let npts = 0
  let sum = 0
  let sumsq = 0
  let weightedSum = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let minIndex = -1
  let maxIndex = -1
  for (let channel = low[3]; channel <= high[3]; channel++) {
    for (let stokes = low[2]; stokes <= high[2]; stokes++) {
      const sumBefore = sum
      for (let y = low[1]; y <= high[1]; y++) {
        const row = shape[0] * (y + shape[1] * (stokes + shape[2] * channel))
        const boxRow = nx * (y - blc[1] + ny * (stokes - blc[2] + nStokes * (channel - blc[3]))) - blc[0]
        for (let x = low[0]; x <= high[0]; x++) {
          const i = row + x
          const value = pixels[i]
          if (value - value !== 0) continue
          if (inside !== null && inside[boxRow + x] === 0) continue
          if (good !== null && good[i] === 0) continue
          if (mask !== null && mask[i] === 0) continue
          if (into !== null) into[npts] = value
          npts++
          sum += value
          sumsq += value * value
          if (value < min) {
            min = value
            minIndex = i
          }
          if (value > max) {
            max = value
            maxIndex = i
          }
        }
      }
      if (planeWeights) weightedSum += (sum - sumBefore) * planeWeights[stokes + nStokesOfCube * channel]
    }
  }
  return { npts, sum, sumsq, weightedSum, min, max, minIndex, maxIndex }
}

/** Order statistics of all finite values; NaN when there are none. */
export function robustStatistics(values: Float32Array): RobustStatistics {
  const middle = medianRanks
  const { values: found } = valuesAtRanks(values, [middle.low, middle.high, quartileRank(0.25), quartileRank(0.75)])
  const median = (found[0] + found[1]) / 2
  const deviations = values.map(value => Math.abs(value - median))
  const deviation = valuesAtRanks(deviations, [middle.low, middle.high]).values
  return {
    median,
    q1: found[2],
    q3: found[3],
    quartile: found[3] - found[2],
    medabsdevmed: (deviation[0] + deviation[1]) / 2,
  }
}

const medianRanks = {
  low: (n: number) => Math.floor((n - 1) / 2),
  high: (n: number) => Math.floor(n / 2),
}

function quartileRank(fraction: number): (n: number) => number {
  return n => Math.max(0, Math.ceil(fraction * n) - 1)
}
