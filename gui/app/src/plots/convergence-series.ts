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
}

/** What the convergence plot shows for one plane. */
export interface ConvergenceSeries {
  readonly entries: readonly CycleEntry[]
  /** Cycle threshold in force from one iteration count to the next. */
  readonly thresholds: readonly { readonly from: number; readonly to: number; readonly value: number }[]
}

const NO_SERIES: ConvergenceSeries = { entries: [], thresholds: [] }

/** History of a plane of the main field from a record. */
export function convergenceSeries(record: GcleanRecord | null, channel: number, stokes: number): ConvergenceSeries {
  const plane = record?.chan[channel]?.[stokes]
  if (!plane) return NO_SERIES
  const entries = plane.iterations.map((iterations, cycle) => ({
    cycle,
    iterations,
    peakResidualJy: Math.abs(plane.peakRes[cycle]),
    totalFluxJy: plane.modelFlux[cycle],
    cycleThresholdJy: plane.cycleThresh[cycle] ?? 0,
    nsigmaThresholdJy: plane.nsigmaThresh?.[cycle] ?? 0,
    minorStopCode: plane.stopCode[cycle] ?? 0,
  }))
  const thresholds = entries.slice(1).flatMap((entry, i) => {
    const from = entries[i].iterations
    return entry.cycleThresholdJy > 0 && entry.iterations > from
      ? [{ from, to: entry.iterations, value: entry.cycleThresholdJy }]
      : []
  })
  return { entries, thresholds }
}
