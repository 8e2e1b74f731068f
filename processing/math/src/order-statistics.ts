/**
 * The k-th smallest of `values[0 … n − 1]` (k from 0), reordering them. NaN must not occur.
 *
 * Selection by partition with median-of-three pivots; expected O(n).
 * @see C. A. R. Hoare, Algorithm 65: FIND, CACM 4 (1961)
 */
export function selectInPlace(values: Float32Array | Float64Array, k: number, n = values.length): number {
  let low = 0
  let high = n - 1
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >> 1], values[high])
    let i = low
    let j = high
    while (i <= j) {
      while (values[i] < pivot) i++
      while (values[j] > pivot) j--
      if (i <= j) {
        const held = values[i]
        values[i] = values[j]
        values[j] = held
        i++
        j--
      }
    }
    if (k <= j) high = j
    else if (k >= i) low = i
    else return values[k]
  }
  return values[k]
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}

/** Median, reordering `values[0 … n − 1]`; the mean of the two middle values when n is even; NaN when n is 0. */
export function medianInPlace(values: Float32Array | Float64Array, n = values.length): number {
  if (n === 0) return Number.NaN
  const upper = selectInPlace(values, n >> 1, n)
  if (n % 2 === 1) return upper
  let lower = values[0]
  for (let j = 1; j < n >> 1; j++) if (values[j] > lower) lower = values[j]
  return 0.5 * (lower + upper)
}

/** Median and median absolute deviation from it. */
export interface RobustStatistics {
  readonly count: number
  readonly median: number
  readonly medianAbsoluteDeviation: number
}

/** Turns a median absolute deviation into the standard deviation of a Gaussian: 1/Φ⁻¹(3/4). */
export const MAD_TO_SIGMA = 1.482602218505602

/** Robust centre and spread of the finite values for which `use` is 1 (all when null). The input is not changed. */
export function robustStatistics(values: Float32Array, use: Uint8Array | null = null): RobustStatistics {
  const kept = new Float32Array(values.length)
  let count = 0
  for (let j = 0; j < values.length; j++) {
    const value = values[j]
    if ((use === null || use[j] !== 0) && Number.isFinite(value)) kept[count++] = value
  }
  const median = medianInPlace(kept, count)
  for (let j = 0; j < count; j++) kept[j] = Math.abs(kept[j] - median)
  return { count, median, medianAbsoluteDeviation: medianInPlace(kept, count) }
}
