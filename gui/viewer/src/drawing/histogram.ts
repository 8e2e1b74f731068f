import type { ClipRange } from './clip.ts'

/**
 * Counts of a sorted sample in equal bins over a range; values outside are not counted.
 * @returns a new array of `nBin` counts
 */
export function histogram(sorted: Float32Array, range: ClipRange, nBin: number): Float64Array {
  const counts = new Float64Array(nBin)
  const perValue = nBin / (range.high - range.low)
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i]
    if (value < range.low || value > range.high) continue
    counts[Math.min(nBin - 1, Math.floor((value - range.low) * perValue))]++
  }
  return counts
}

/**
 * Cumulative fraction of the sample inside a range at `n` equal steps of the range: the transfer function of histogram
 * equalisation. Rises from 0 to 1 without falling.
 */
export function cumulativeFractions(sorted: Float32Array, range: ClipRange, n = 1024): Float32Array {
  const fractions = new Float32Array(n)
  const first = firstAbove(sorted, range.low, 0)
  const last = firstAbove(sorted, range.high, first)
  let at = first
  for (let i = 0; i < n; i++) {
    const value = range.low + ((range.high - range.low) * i) / (n - 1)
    while (at < last && sorted[at] <= value) at++
    fractions[i] = last > first ? (at - first) / (last - first) : i / (n - 1)
  }
  fractions[0] = 0
  fractions[n - 1] = 1
  return fractions
}

function firstAbove(sorted: Float32Array, value: number, from: number): number {
  let low = from
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}
