import { formatCount, formatSi, formatSignificant } from '@cleanbeam/viewer/drawing'
import type { ConvergenceSeries } from '../plots/convergence-series.ts'

/** What cleaning may still bring. */
export interface Forecast {
  /** How far it is to the limit in force; '' where that cannot be told. */
  readonly way: string
  /** How the peak stands to the noise. */
  readonly noise: string
}

/** Limits and noise a forecast is made from, Jy; 0 where there is none. */
export interface ForecastLimits {
  readonly thresholdJy: number
  readonly nsigma: number
  readonly noiseJy: number
}

const CYCLES_LOOKED_AT = 3
const LITTLE_LEFT_SIGMA = 4

/**
 * Extrapolates the last cycles: near its end the peak residual falls by about the same factor per iteration, so that
 * the logarithm goes on as a straight line. Null before there are two cycles to look at.
 */
export function forecast({ entries }: ConvergenceSeries, limits: ForecastLimits): Forecast | null {
  const last = entries[entries.length - 1]
  const first = entries[Math.max(0, entries.length - 1 - CYCLES_LOOKED_AT)]
  if (!last || entries.length < 3 || last.iterations === first.iterations) return null
  return { way: wayText(first, last, limits), noise: noiseText(last.peakResidualJy, limits.noiseJy) }
}

type Entry = ConvergenceSeries['entries'][number]

function wayText(first: Entry, last: Entry, { thresholdJy, nsigma, noiseJy }: ForecastLimits): string {
  const goalJy = Math.max(thresholdJy, nsigma * noiseJy)
  if (!(goalJy > 0)) return ''
  const goal = formatSi(goalJy, 'Jy', 2)
  if (last.peakResidualJy <= goalJy) return `The limit of ${goal} is reached.`
  const perIteration = Math.log(last.peakResidualJy / first.peakResidualJy) / (last.iterations - first.iterations)
  if (!(perIteration < 0)) return 'The peak residual no longer falls.'
  const iterations = Math.ceil(Math.log(goalJy / last.peakResidualJy) / perIteration)
  const perCycle = (last.iterations - first.iterations) / (last.cycle - first.cycle)
  const cycles = Math.max(1, Math.round(iterations / perCycle))
  const about = formatCount(Number(iterations.toPrecision(2)))
  return `To ${goal}: about ${about} iterations, ${formatCount(cycles)} major cycle${cycles === 1 ? '' : 's'}.`
}

function noiseText(peakJy: number, noiseJy: number): string {
  if (!(noiseJy > 0)) return ''
  const ratio = peakJy / noiseJy
  const times = formatSignificant(ratio, ratio < 10 ? 2 : 3)
  const rest = ratio < LITTLE_LEFT_SIGMA ? ': little is left to clean' : ''
  return `Noise ${formatSi(noiseJy, 'Jy')}; the peak is ${times}\u2009σ${rest}.`
}
