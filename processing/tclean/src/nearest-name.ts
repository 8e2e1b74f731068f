/**
 * The name in `known` that `name` was probably meant to be, or null when none is close: within two edits (insertion,
 * deletion, replacement, swap of neighbours) and fewer than half its letters.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  let best: string | null = null
  let bestDistance = Math.min(3, Math.ceil(name.length / 2))
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      bestDistance = distance
      best = candidate
    }
  }
  return best
}

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours count 1 each. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const best = Math.min(replaced, previous[j] + 1, row[j - 1] + 1)
      row.push(swapped ? Math.min(best, beforePrevious[j - 2] + 1) : best)
    }
    beforePrevious = previous
    previous = row
  }
  return previous[b.length]
}
