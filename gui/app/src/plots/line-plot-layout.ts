import { linePath, type PlotAxis, rangeAxis } from './plot-axes.ts'

/** One curve. */
export interface PlotCurve {
  readonly name: string
  /** Same length as the positions; NaN breaks the line. */
  readonly values: ArrayLike<number>
}

/** Everything that is drawn of a plot of curves over one axis, in CSS pixels. */
export interface LinePlotLayout {
  readonly plot: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly across: PlotAxis
  readonly up: PlotAxis
  readonly paths: readonly { readonly name: string; readonly d: string }[]
}

const MARGIN = { left: 52, right: 14, top: 10, bottom: 34 } as const

/** Lays out curves; steps through the middle of each position when `stepped`. */
export function linePlotLayout(
  positions: readonly number[],
  curves: readonly PlotCurve[],
  width: number,
  height: number,
  stepped = false,
): LinePlotLayout {
  const plot = {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(10, width - MARGIN.left - MARGIN.right),
    height: Math.max(10, height - MARGIN.top - MARGIN.bottom),
  }
  const half = positions.length > 1 ? Math.abs(positions[1] - positions[0]) / 2 : 0.5
  const margin = stepped ? half : 0
  const [first, last] = [Math.min(...positions) - margin, Math.max(...positions) + margin]
  const across = rangeAxis(first, last, plot.x, plot.x + plot.width, 84)
  const [low, high] = valueRange(curves)
  const up = rangeAxis(low, high, plot.y + plot.height, plot.y, 30)
  const paths = curves.map(({ name, values }) => ({
    name,
    d: linePath(
      positions.flatMap((position, i): [number, number][] => {
        const y = up.toPixel(values[i])
        if (!stepped) return [[across.toPixel(position), y]]
        return [
          [across.toPixel(position - half), y],
          [across.toPixel(position + half), y],
        ]
      }),
    ),
  }))
  return { plot, across, up, paths }
}

function valueRange(curves: readonly PlotCurve[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { values } of curves) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i]
      if (values[i] > high) high = values[i]
    }
  }
  if (!(low <= high)) return [0, 1]
  const margin = (high - low || Math.abs(high) || 1) * 0.06
  return [low - margin, high + margin]
}

/** Index of the position nearest to a pixel; −1 without positions. */
export function nearestPosition(layout: LinePlotLayout, positions: readonly number[], x: number): number {
  let [nearest, least] = [-1, Number.POSITIVE_INFINITY]
  positions.forEach((position, i) => {
    const distance = Math.abs(layout.across.toPixel(position) - x)
    if (distance < least) [nearest, least] = [i, distance]
  })
  return nearest
}
