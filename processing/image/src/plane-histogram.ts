import { bitsOf, interpolateRanks, orderedKey, percentileRanks, refineRanks } from './order-statistics.ts'

/** Distribution of the finite pixels of a plane. */
export interface PlaneHistogram {
  /** Finite pixels; the others are blank. */
  readonly count: number
  /** NaN, as are max, mean and rms, when no pixel is finite. */
  readonly min: number
  readonly max: number
  readonly mean: number
  readonly rms: number
  /** Counts in equal bins from min to max; the last bin includes max. */
  readonly bins: Uint32Array
  /** The value below which each asked fraction of the pixels lies, exact, linear between neighbouring pixels. */
  readonly percentiles: Float64Array
}

/** How finely to count, and which percentiles to answer; fractions in 0–1. */
export interface HistogramOptions {
  readonly nBins?: number
  readonly fractions?: readonly number[]
}

/** Histogram and exact percentiles of a plane of any length; blank pixels are left out. Three passes over the pixels. */
export function planeHistogram(plane: Float32Array, options: HistogramOptions = {}): PlaneHistogram {
  const { nBins = 256, fractions = [] } = options
  const bits = bitsOf(plane)
  const counts = new Uint32Array(65536)
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let count = 0
  let sum = 0
  let sumOfSquares = 0
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i]
    // Infinity − Infinity and NaN − NaN are NaN: one comparison finds both.
    if (value - value !== 0) continue
    counts[orderedKey(bits[i]) >>> 16]++
    count++
    sum += value
    sumOfSquares += value * value
    if (value < min) min = value
    if (value > max) max = value
  }
  const bins = new Uint32Array(nBins)
  if (count > 0) countBins(plane, bins, min, max)
  const ranked = refineRanks(plane, { counts, count }, percentileRanks(fractions))
  return {
    count,
    min: count > 0 ? min : Number.NaN,
    max: count > 0 ? max : Number.NaN,
    mean: count > 0 ? sum / count : Number.NaN,
    rms: count > 0 ? Math.sqrt(sumOfSquares / count) : Number.NaN,
    bins,
    percentiles: interpolateRanks(fractions, ranked).values,
  }
}

function countBins(plane: Float32Array, bins: Uint32Array, min: number, max: number): void {
  const last = bins.length - 1
  const perBin = max > min ? bins.length / (max - min) : 0
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i]
    if (value - value !== 0) continue
    const bin = Math.floor((value - min) * perBin)
    bins[bin < last ? bin : last]++
  }
}
