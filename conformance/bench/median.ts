/** Median of a few measured times, with their extremes as text: '0.91 s (0.88–1.02)'. */
export function medianText(seconds: readonly number[]): string {
  const sorted = [...seconds].sort((a, b) => a - b)
  return `${median(seconds).toFixed(2)} s (${sorted[0].toFixed(2)}–${(sorted.at(-1) as number).toFixed(2)})`
}

export function median(seconds: readonly number[]): number {
  const sorted = [...seconds].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]
}
