import { linearTicks, logTicks } from '@cleanbeam/viewer/drawing'

/** Pixel positions along an axis: a value to a position, and the ticks. */
export interface PlotAxis {
  readonly toPixel: (value: number) => number
  readonly ticks: readonly number[]
}

/** From 0 to the greatest value, left to right; ticks at whole numbers. */
export function spanAxis(values: readonly number[], from: number, length: number): PlotAxis {
  const most = Math.max(1e-9, ...values.filter(Number.isFinite))
  const top = most < 10 && values.every(Number.isInteger) ? Math.max(most, 1) : most
  const ticks = linearTicks({ low: 0, high: top }, Math.max(2, length / 64)).values
  const whole = ticks.filter(Number.isInteger)
  return { toPixel: value => from + (value / top) * length, ticks: whole.length > 1 ? whole : ticks }
}

/** Values upwards on a linear scale that includes 0. */
export function linearAxis(values: readonly number[], from: number, length: number): PlotAxis {
  const finite = values.filter(Number.isFinite)
  const [low, high] = [Math.min(0, ...finite), Math.max(...finite)]
  const top = high > low ? high + 0.06 * (high - low) : low + 1
  const toPixel = (value: number) => from + length - ((value - low) / (top - low)) * length
  return { toPixel, ticks: high > low ? linearTicks({ low, high: top }, Math.max(2, length / 34)).values : [0] }
}

/** Values upwards on a logarithmic scale; those that are not positive stand at its lower end. */
export function logAxis(values: readonly number[], from: number, length: number): PlotAxis {
  const positive = values.filter(v => v > 0 && Number.isFinite(v))
  if (positive.length === 0) return { toPixel: () => from + length, ticks: [] }
  const [low, high] = [Math.min(...positive) / 1.35, Math.max(...positive) * 1.25]
  const [a, b] = [Math.log10(low), Math.log10(high)]
  const toPixel = (value: number) => from + length - ((Math.log10(Math.max(value, low)) - a) / (b - a)) * length
  return { toPixel, ticks: logTicks(low, high, Math.max(2, length / 28)) }
}

/** Values from the least to the greatest, in either direction along the screen; ticks at round ones. */
export function rangeAxis(low: number, high: number, from: number, to: number, spacing: number): PlotAxis {
  const width = high - low || 1
  const ticks = linearTicks(
    { low: Math.min(low, high), high: Math.max(low, high) },
    Math.max(2, Math.abs(to - from) / spacing),
  ).values
  return { toPixel: value => from + ((value - low) / width) * (to - from), ticks }
}

/** SVG path through points; one that is not finite breaks the line. */
export function linePath(points: readonly (readonly [x: number, y: number])[]): string {
  let path = ''
  let isOpen = false
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      isOpen = false
      continue
    }
    path += `${isOpen ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`
    isOpen = true
  }
  return path
}
