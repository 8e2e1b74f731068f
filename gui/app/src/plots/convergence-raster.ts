import type { PlaneHistory } from './convergence-series.ts'

/**
 * Peak residuals as pixels on a logarithmic scale: one row per plane, the first at the bottom, one column per cycle.
 * @param table - RGBA, 256 entries
 * @returns null while there are no two cycles
 */
export function convergenceRaster(
  planes: readonly PlaneHistory[],
  table: Uint8Array,
): { readonly pixels: Uint8ClampedArray<ArrayBuffer>; readonly width: number; readonly height: number } | null {
  const width = Math.max(0, ...planes.map(({ series }) => series.entries.length))
  const height = planes.length
  if (width < 2) return null
  const logs = planes.map(({ series }) => series.entries.map(entry => Math.log10(entry.peakResidualJy)))
  const known = logs.flat().filter(Number.isFinite)
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const pixels = new Uint8ClampedArray(4 * width * height)
  logs.forEach((row, i) => {
    row.forEach((value, cycle) => {
      const t = high > low && Number.isFinite(value) ? (value - low) / (high - low) : 0
      const colour = table.subarray(4 * Math.round(255 * t), 4 * Math.round(255 * t) + 4)
      pixels.set(colour, 4 * (cycle + width * (height - 1 - i)))
    })
  })
  return { pixels, width, height }
}
