/** Where a clean stood after some minor cycle. */
export interface ConvergencePoint {
  /** Iterations so far. */
  readonly iterations: number
  /** Largest peak residual in the mask, Jy. */
  readonly peakResidualJy: number
  /** Since the start of the run. */
  readonly seconds: number
}

/** What remains until the threshold, if things go on as they did. */
export interface ConvergenceForecast {
  readonly iterationsLeft: number
  readonly secondsLeft: number
}

/** Points from this part of the present count on tell how things go. */
const RECENT_PART = 0.5

/**
 * Forecasts how many iterations and seconds remain until the peak residual reaches the threshold.
 *
 * Clean slows down: between exponential decay (one source) and a power law of the count (many of all strengths). Both are
 * fitted to the logarithm of the peak over the second half of the history; of what they say the geometric mean is given,
 * each counting by how well it fits. *Accuracy:* from half-way on within 1.1 for either law, and within 2 for the recorded
 * runs of the test. Seconds follow from the rate of the recent points.
 * @param history - in the order of time, iterations growing
 * @returns null while there are fewer than two recent points or the peak does not fall; zeros at or below the threshold
 */
export function forecastConvergence(
  history: readonly ConvergencePoint[],
  thresholdJy: number,
): ConvergenceForecast | null {
  const last = history.at(-1)
  if (last === undefined || !(thresholdJy > 0)) return null
  if (last.peakResidualJy <= thresholdJy) return { iterationsLeft: 0, secondsLeft: 0 }
  const recent = recentPoints(history, last)
  if (recent.length < 2) return null
  const logPeak = recent.map(point => Math.log(point.peakResidualJy))
  const decay = fitLine(
    recent.map(point => point.iterations),
    logPeak,
  )
  const power = fitLine(
    recent.map(point => Math.log(point.iterations)),
    logPeak,
  )
  if (!(decay.slope < 0 && power.slope < 0)) return null
  const fall = Math.log(thresholdJy / last.peakResidualJy)
  const byDecay = fall / decay.slope
  const byPower = last.iterations * Math.expm1(fall / power.slope)
  const weight = power.misfit / (decay.misfit + power.misfit)
  const iterationsLeft = byDecay ** weight * byPower ** (1 - weight)
  const rate = (last.seconds - recent[0].seconds) / (last.iterations - recent[0].iterations)
  return { iterationsLeft, secondsLeft: iterationsLeft * rate }
}

/** Those after RECENT_PART of the iterations, and at least the last three. */
function recentPoints(history: readonly ConvergencePoint[], last: ConvergencePoint): ConvergencePoint[] {
  const usable = history.filter(point => point.iterations > 0 && point.peakResidualJy > 0)
  return usable.filter((point, k) => point.iterations >= RECENT_PART * last.iterations || k >= usable.length - 3)
}

/** The straight line that fits best, and its squared misfit, never quite 0. */
function fitLine(x: readonly number[], y: readonly number[]): { readonly slope: number; readonly misfit: number } {
  const meanX = x.reduce((sum, value) => sum + value, 0) / x.length
  const meanY = y.reduce((sum, value) => sum + value, 0) / y.length
  const square = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
  const slope = x.reduce((sum, value, k) => sum + (value - meanX) * (y[k] - meanY), 0) / square
  const misfit = x.reduce((sum, value, k) => sum + (y[k] - meanY - slope * (value - meanX)) ** 2, 0)
  return { slope, misfit: misfit + 1e-9 }
}
