/** The range of values spread over the colour table; values outside take the end colours. */
export interface ClipRange {
  readonly low: number
  readonly high: number
}

/** How the clip range follows from the pixels: the central percentage, zscale, or fixed values. */
export type ClipRule =
  | { readonly kind: 'percentile'; readonly percent: number }
  | { readonly kind: 'zscale' }
  | { readonly kind: 'manual'; readonly low: number; readonly high: number }

/** Percentages offered in menus; 100 is the full range. */
export const CLIP_PERCENTAGES = [100, 99.95, 99.9, 99.5, 99, 98, 95, 90] as const

const MAX_SAMPLES = 1 << 18

/**
 * Finite pixels in ascending order, for clip ranges, histograms and medians. Images of more than 2¹⁸ pixels are sampled
 * at an even stride that shares no factor with the width of usual images; extremes are kept exactly.
 * @param pixels - any shape
 * @returns a new array; empty when no pixel is finite
 */
export function sortedSample(pixels: Float32Array): Float32Array {
  const stride = pixels.length <= MAX_SAMPLES ? 1 : Math.ceil(pixels.length / MAX_SAMPLES) | 1
  const sample = new Float32Array(Math.ceil(pixels.length / stride) + 2)
  let n = 0
  for (let i = 0; i < pixels.length; i += stride) {
    const value = pixels[i]
    if (value - value === 0) sample[n++] = value
  }
  if (stride > 1) n = appendExtremes(pixels, sample, n)
  return sample.slice(0, n).sort()
}

function appendExtremes(pixels: Float32Array, sample: Float32Array, n: number): number {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i]
    if (value < min && value !== Number.NEGATIVE_INFINITY) min = value
    if (value > max && value !== Number.POSITIVE_INFINITY) max = value
  }
  if (min > max) return n
  sample[n] = min
  sample[n + 1] = max
  return n + 2
}

/** Value below which the fraction `q` (0 … 1) of a sorted sample lies, interpolated; NaN for an empty sample. */
export function quantile(sorted: Float32Array, q: number): number {
  if (sorted.length === 0) return Number.NaN
  const position = Math.min(1, Math.max(0, q)) * (sorted.length - 1)
  const i = Math.floor(position)
  const next = Math.min(sorted.length - 1, i + 1)
  return sorted[i] + (position - i) * (sorted[next] - sorted[i])
}

/**
 * The clip range a rule gives for a sorted sample. Percentiles cut (100 − p)/2 per cent at either end. A range of no
 * width is opened around its value so that there is always something to divide by.
 */
export function clipRange(rule: ClipRule, sorted: Float32Array): ClipRange {
  if (rule.kind === 'manual') return openRange(rule.low, rule.high)
  if (sorted.length === 0) return { low: 0, high: 1 }
  if (rule.kind === 'zscale') return zscale(sorted)
  const tail = (1 - rule.percent / 100) / 2
  const high = quantile(sorted, 1 - tail)
  const low = quantile(sorted, tail)
  // A sparse image (a model, a mask) may have no spread between the percentiles; its full range shows what there is.
  return low === high ? openRange(sorted[0], sorted[sorted.length - 1]) : { low, high }
}

function openRange(low: number, high: number): ClipRange {
  if (high > low) return { low, high }
  return high < low ? { low: high, high: low } : { low, high: low + (Math.abs(low) || 1) }
}

const ZSCALE_SAMPLES = 1000
const ZSCALE_CONTRAST = 0.25
const ZSCALE_ITERATIONS = 5
const ZSCALE_REJECT_SIGMA = 2.5

/**
 * IRAF's zscale: a straight line fitted to the sorted values with rejection of outliers gives the range around the
 * median, stretched by 1/contrast (0.25).
 * @see https://iraf.readthedocs.io/en/doc-autoupdate/tasks/images/tv/display.html, "ZSCALE ALGORITHM"
 */
function zscale(sorted: Float32Array): ClipRange {
  const n = Math.min(ZSCALE_SAMPLES, sorted.length)
  const values = Float64Array.from(
    { length: n },
    (_, i) => sorted[Math.floor((i * (sorted.length - 1)) / (n - 1 || 1))],
  )
  const slope = fittedSlope(values)
  const [min, max] = [sorted[0], sorted[sorted.length - 1]]
  if (slope === null) return openRange(min, max)
  const centre = (n - 1) / 2
  const median = quantile(sorted, 0.5)
  const low = Math.max(min, median - (centre * slope) / ZSCALE_CONTRAST)
  const high = Math.min(max, median + (centre * slope) / ZSCALE_CONTRAST)
  return openRange(low, high)
}

function fittedSlope(values: Float64Array): number | null {
  const good = new Uint8Array(values.length).fill(1)
  let kept = values.length
  let slope: number | null = null
  for (let iteration = 0; iteration < ZSCALE_ITERATIONS; iteration++) {
    const line = fitLine(values, good)
    slope = line.slope
    let next = 0
    for (let i = 0; i < values.length; i++) {
      const residual = values[i] - (line.intercept + line.slope * i)
      good[i] = Math.abs(residual) <= ZSCALE_REJECT_SIGMA * line.sigma ? 1 : 0
      next += good[i]
    }
    if (next === kept) break
    if (next < values.length / 2) return null
    kept = next
  }
  return slope
}

function fitLine(values: Float64Array, good: Uint8Array): { slope: number; intercept: number; sigma: number } {
  let [n, sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    if (!good[i]) continue
    n++
    sx += i
    sy += values[i]
    sxx += i * i
    sxy += i * values[i]
    syy += values[i] * values[i]
  }
  const determinant = n * sxx - sx * sx
  const slope = determinant > 0 ? (n * sxy - sx * sy) / determinant : 0
  const intercept = (sy - slope * sx) / n
  const square = syy - 2 * slope * sxy - 2 * intercept * sy + slope * slope * sxx + 2 * slope * intercept * sx
  return { slope, intercept, sigma: Math.sqrt(Math.max(0, square / n + intercept * intercept)) }
}
