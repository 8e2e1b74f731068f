/** Passes over the values; with more CASA's noise of planes full of emission is not met (found from its log). */
const MAX_PASSES = 6

/**
 * Values that Chauvenet's criterion keeps: those of which, in a normal distribution of this mean and spread, at least half a
 * one is expected among so many; applied until nothing more is dropped, at most six times.
 * @param values - changed: kept values are moved to the front
 * @returns a view of the kept values
 * @see W. Chauvenet, A Manual of Spherical and Practical Astronomy (1863), volume 2, article 365
 */
export function chauvenetKeep(values: Float64Array): Float64Array {
  let kept = values
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const n = kept.length
    if (n < 3) break
    let mean = 0
    for (let j = 0; j < n; j++) mean += kept[j]
    mean /= n
    let square = 0
    for (let j = 0; j < n; j++) square += (kept[j] - mean) ** 2
    const reach = chauvenetReach(n) * Math.sqrt(square / (n - 1))
    let next = 0
    for (let j = 0; j < n; j++) if (Math.abs(kept[j] - mean) <= reach) kept[next++] = kept[j]
    if (next === n) return kept
    kept = kept.subarray(0, next)
  }
  return kept
}

/** The z with n·erfc(z/√2) = 1/2. */
export function chauvenetReach(n: number): number {
  const wanted = 0.5 / n
  let low = 0
  let high = 40
  for (let step = 0; step < 60; step++) {
    const z = 0.5 * (low + high)
    if (twoSidedTail(z) > wanted) low = z
    else high = z
  }
  return 0.5 * (low + high)
}

/** Probability that a normal deviate lies beyond ±z: a series for small z, a continued fraction for large. */
function twoSidedTail(z: number): number {
  const density = Math.sqrt(2 / Math.PI) * Math.exp(-0.5 * z * z)
  if (z < 3) {
    let term = z
    let sum = z
    for (let k = 3; Math.abs(term) > 1e-17 * sum; k += 2) {
      term *= (z * z) / k
      sum += term
    }
    return 1 - density * sum
  }
  let fraction = z
  for (let k = 60; k > 0; k--) fraction = z + k / fraction
  return density / fraction
}
