import { type ConvergenceSeries, type ConvergenceX, entryX } from './convergence-series.ts'
import { linearAxis, linePath, logAxis, type PlotAxis, spanAxis } from './plot-axes.ts'

/** Everything that is drawn of the convergence plot, in CSS pixels. */
export interface ConvergenceLayout {
  readonly width: number
  readonly height: number
  readonly plot: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  /** Iterations, cycles or seconds. */
  readonly across: PlotAxis
  readonly residual: PlotAxis
  readonly flux: PlotAxis
  readonly residualPath: string
  readonly fluxPath: string
  readonly thresholdPath: string
  readonly noisePath: string
}

/** How the plot is drawn. */
export interface ConvergenceScales {
  readonly x: ConvergenceX
  readonly logX: boolean
  readonly logResidual: boolean
}

const MARGIN = { left: 40, right: 40, top: 18, bottom: 22 } as const

/** Lays out the plot for a size; a series without entries gives empty paths. */
export function convergenceLayout(
  series: ConvergenceSeries,
  width: number,
  height: number,
  scales: ConvergenceScales,
): ConvergenceLayout {
  const plot = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(10, width - MARGIN.left - MARGIN.right),
    height: Math.max(10, height - MARGIN.top - MARGIN.bottom),
  }
  const { entries } = series
  const at = entries.map(entry => entryX(entry, scales.x))
  const across = (scales.logX ? logSpan : spanAxis)(at, plot.x, plot.width)
  const noises = entries.map(e => e.noiseJy).filter(Number.isFinite)
  const levels = [...entries.map(e => e.peakResidualJy), ...series.thresholds.map(t => t.value), ...noises]
  const residual = scales.logResidual
    ? logAxis(levels, plot.y, plot.height)
    : linearAxis([0, ...levels], plot.y, plot.height)
  const flux = linearAxis([0, ...entries.map(e => e.totalFluxJy)], plot.y, plot.height)
  const curve = (axis: PlotAxis, values: readonly number[]) =>
    linePath(values.map((value, i) => [across.toPixel(at[i]), axis.toPixel(value)] as const))
  return {
    width,
    height,
    plot,
    across,
    residual,
    flux,
    residualPath: curve(
      residual,
      entries.map(e => e.peakResidualJy),
    ),
    fluxPath: curve(
      flux,
      entries.map(e => e.totalFluxJy),
    ),
    noisePath: curve(
      residual,
      entries.map(e => e.noiseJy),
    ),
    thresholdPath: series.thresholds
      .map(({ from, to, value }) => {
        const y = residual.toPixel(value)
        return linePath([
          [across.toPixel(at[from]), y],
          [across.toPixel(at[to]), y],
        ])
      })
      .join(''),
  }
}

/** A logarithmic axis whose first position, often 0, stands at its beginning. */
function logSpan(values: readonly number[], from: number, length: number): PlotAxis {
  const most = Math.max(10, ...values)
  const least = Math.max(1e-3 * most, Math.min(...values.filter(v => v > 0), most))
  const axis = logAxis([least, most], 0, length)
  return { toPixel: value => from + length - axis.toPixel(Math.max(least, value)), ticks: axis.ticks }
}

/** Index of the entry whose position is nearest to a pixel; −1 without entries. */
export function nearestEntry(
  layout: ConvergenceLayout,
  series: ConvergenceSeries,
  kind: ConvergenceX,
  x: number,
): number {
  let [nearest, least] = [-1, Number.POSITIVE_INFINITY]
  series.entries.forEach((entry, i) => {
    const distance = Math.abs(layout.across.toPixel(entryX(entry, kind)) - x)
    if (distance <= least) [nearest, least] = [i, distance]
  })
  return nearest
}
