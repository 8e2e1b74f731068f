import { linearTicks, logTicks } from '@cleanbeam/viewer/drawing'
import type { ConvergenceSeries } from './convergence-series.ts'

/** Pixel positions along an axis: a value to a position, and the ticks. */
export interface PlotAxis {
  readonly toPixel: (value: number) => number
  readonly ticks: readonly number[]
}

/** Everything that is drawn of the convergence plot, in CSS pixels. */
export interface ConvergenceLayout {
  readonly width: number
  readonly height: number
  readonly plot: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly iterations: PlotAxis
  readonly residual: PlotAxis
  readonly flux: PlotAxis
  readonly residualPath: string
  readonly fluxPath: string
  readonly thresholdPath: string
}

const MARGIN = { left: 40, right: 40, top: 18, bottom: 22 } as const

/** Lays out the plot for a size; a series without entries gives empty paths. */
export function convergenceLayout(
  series: ConvergenceSeries,
  width: number,
  height: number,
  logarithmic: boolean,
): ConvergenceLayout {
  const plot = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(10, width - MARGIN.left - MARGIN.right),
    height: Math.max(10, height - MARGIN.top - MARGIN.bottom),
  }
  const { entries } = series
  const iterations = iterationAxis(
    entries.map(e => e.iterations),
    plot.x,
    plot.width,
  )
  const levels = [...entries.map(e => e.peakResidualJy), ...series.thresholds.map(t => t.value)]
  const residual = logarithmic ? logAxis(levels, plot.y, plot.height) : linearAxis([0, ...levels], plot.y, plot.height)
  const flux = linearAxis([0, ...entries.map(e => e.totalFluxJy)], plot.y, plot.height)
  const line = (points: readonly (readonly [number, number])[]) =>
    points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`).join('')
  return {
    width,
    height,
    plot,
    iterations,
    residual,
    flux,
    residualPath: line(entries.map(e => [iterations.toPixel(e.iterations), residual.toPixel(e.peakResidualJy)])),
    fluxPath: line(entries.map(e => [iterations.toPixel(e.iterations), flux.toPixel(e.totalFluxJy)])),
    thresholdPath: series.thresholds
      .map(({ from, to, value }) => {
        const y = residual.toPixel(value)
        return line([
          [iterations.toPixel(from), y],
          [iterations.toPixel(to), y],
        ])
      })
      .join(''),
  }
}

function iterationAxis(values: readonly number[], from: number, length: number): PlotAxis {
  const most = Math.max(10, ...values)
  const ticks = linearTicks({ low: 0, high: most }, Math.max(2, length / 64)).values.filter(Number.isInteger)
  return { toPixel: value => from + (value / most) * length, ticks }
}

function linearAxis(values: readonly number[], from: number, length: number): PlotAxis {
  const finite = values.filter(Number.isFinite)
  const [low, high] = [Math.min(0, ...finite), Math.max(...finite)]
  const top = high > low ? high + 0.06 * (high - low) : low + 1
  const toPixel = (value: number) => from + length - ((value - low) / (top - low)) * length
  return { toPixel, ticks: high > low ? linearTicks({ low, high: top }, Math.max(2, length / 34)).values : [0] }
}

function logAxis(values: readonly number[], from: number, length: number): PlotAxis {
  const positive = values.filter(v => v > 0 && Number.isFinite(v))
  if (positive.length === 0) return { toPixel: () => from + length, ticks: [] }
  const [low, high] = [Math.min(...positive) / 1.35, Math.max(...positive) * 1.25]
  const [a, b] = [Math.log10(low), Math.log10(high)]
  const toPixel = (value: number) => from + length - ((Math.log10(Math.max(value, low)) - a) / (b - a)) * length
  return { toPixel, ticks: logTicks(low, high, Math.max(2, length / 28)) }
}

/** Index of the entry whose position is nearest to a pixel; −1 without entries. */
export function nearestEntry(layout: ConvergenceLayout, series: ConvergenceSeries, x: number): number {
  let [nearest, least] = [-1, Number.POSITIVE_INFINITY]
  series.entries.forEach((entry, i) => {
    const distance = Math.abs(layout.iterations.toPixel(entry.iterations) - x)
    if (distance <= least) [nearest, least] = [i, distance]
  })
  return nearest
}
