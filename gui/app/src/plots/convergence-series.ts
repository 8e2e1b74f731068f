import type { GcleanRecord } from '@cleanbeam/types'

/** A point of a curve against iterations. */
export interface SeriesPoint {
  readonly iterations: number
  readonly value: number
}

/** One step of cleaning as the plot shows it. */
export interface CycleEntry {
  /** Counts from 0, the dirty image. */
  readonly cycle: number
  readonly iterations: number
  readonly peakResidualJy: number
  readonly totalFluxJy: number
  /** 0 for the dirty image. */
  readonly cycleThresholdJy: number
  readonly nsigmaThresholdJy: number
  readonly minorStopCode: number
  /** Seconds since the dirty image; NaN where the session does not know. */
  readonly seconds: number
  /** Noise of the residual, Jy; NaN where this page has not seen it. */
  readonly noiseJy: number
}

/** What the session or the page knows of steps beyond the record. */
export interface StepFacts {
  /** When each step ended, milliseconds since 1970. */
  readonly timesMs?: readonly number[]
  readonly noisesJy?: Readonly<Record<number, number>>
}

/** What the convergence plot shows for one plane. */
export interface ConvergenceSeries {
  readonly entries: readonly CycleEntry[]
  /** Cycle threshold in force from one entry to the next. */
  readonly thresholds: readonly { readonly from: number; readonly to: number; readonly value: number }[]
}

/** What the plot is drawn against. */
export type ConvergenceX = 'iterations' | 'cycle' | 'time'

/** Position of a step along the axis; time that is not known counts as the cycle. */
export function entryX(entry: CycleEntry, kind: ConvergenceX): number {
  if (kind === 'iterations') return entry.iterations
  return kind === 'cycle' || Number.isNaN(entry.seconds) ? entry.cycle : entry.seconds
}

const NO_SERIES: ConvergenceSeries = { entries: [], thresholds: [] }

/** History of a plane of a field from a record. */
export function convergenceSeries(
  record: GcleanRecord | null,
  channel: number,
  stokes: number,
  field = 0,
  { timesMs = [], noisesJy = {} }: StepFacts = {},
): ConvergenceSeries {
  const chan = field === 0 ? record?.chan : record?.fields[field]?.chan
  const plane = chan?.[channel]?.[stokes]
  if (!plane) return NO_SERIES
  const entries = plane.iterations.map((iterations, cycle) => ({
    cycle,
    iterations,
    peakResidualJy: Math.abs(plane.peakRes[cycle]),
    totalFluxJy: plane.modelFlux[cycle],
    cycleThresholdJy: plane.cycleThresh[cycle] ?? 0,
    nsigmaThresholdJy: plane.nsigmaThresh?.[cycle] ?? 0,
    minorStopCode: plane.stopCode[cycle] ?? 0,
    seconds: (timesMs[cycle] - timesMs[0]) / 1000,
    noiseJy: noisesJy[cycle] ?? Number.NaN,
  }))
  const thresholds = entries.slice(1).flatMap((entry, i) => {
    const goesOn = entry.cycleThresholdJy > 0 && entry.iterations > entries[i].iterations
    return goesOn ? [{ from: i, to: i + 1, value: entry.cycleThresholdJy }] : []
  })
  return { entries, thresholds }
}

/** One plane of a field that has a history. */
export interface PlaneHistory {
  readonly channel: number
  readonly stokes: number
  readonly series: ConvergenceSeries
}

/** Histories of all planes of a field, channel by channel. */
export function allSeries(record: GcleanRecord | null, field = 0, facts: StepFacts = {}): PlaneHistory[] {
  const chan = (field === 0 ? record?.chan : record?.fields[field]?.chan) ?? {}
  return Object.keys(chan)
    .map(Number)
    .sort((a, b) => a - b)
    .flatMap(channel =>
      Object.keys(chan[channel])
        .map(Number)
        .sort((a, b) => a - b)
        .map(stokes => ({ channel, stokes, series: convergenceSeries(record, channel, stokes, field, facts) })),
    )
}
