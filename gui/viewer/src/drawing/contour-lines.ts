import type { PlaneTile } from './plane.ts'

/**
 * Lines of equal value by marching squares: in every square of four pixel centres the line is straight between the
 * points where it crosses the sides (linear interpolation); a saddle is resolved by the mean of its corners. Squares
 * with a blanked corner have no line.
 * @returns segments, four numbers x0 y0 x1 y1 each, one after the other, in image pixels
 * @see Lorensen & Cline 1987, Computer Graphics 21, 163 (in two dimensions)
 */
export function contourSegments(tile: PlaneTile, level: number): Float64Array {
  const { pixels, width, height, step } = tile
  const [left, bottom] = [tile.originX + (step - 1) / 2, tile.originY + (step - 1) / 2]
  const found: number[] = []
  const crossings: number[] = []
  for (let y = 0; y + 1 < height; y++) {
    for (let x = 0; x + 1 < width; x++) {
      const i = x + width * y
      const [a, b, c, d] = [pixels[i], pixels[i + 1], pixels[i + width + 1], pixels[i + width]]
      const code = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0)
      if (code === 0 || code === 15 || Number.isNaN(a + b + c + d)) continue
      crossings.length = 0
      squareCrossings(crossings, code, a, b, c, d, level)
      for (let k = 0; k < crossings.length; k += 2) {
        found.push(left + step * (x + crossings[k]), bottom + step * (y + crossings[k + 1]))
      }
    }
  }
  return Float64Array.from(found)
}

/** Pairs of crossings of one square, in units of its side: lower, right, upper, left side in turn. */
function squareCrossings(out: number[], code: number, a: number, b: number, c: number, d: number, level: number): void {
  const lower = [(level - a) / (b - a), 0]
  const right = [1, (level - b) / (c - b)]
  const upper = [(level - d) / (c - d), 1]
  const left = [0, (level - a) / (d - a)]
  const low = code > 7 ? 15 - code : code
  switch (low) {
    case 1:
      out.push(...left, ...lower)
      return
    case 2:
      out.push(...lower, ...right)
      return
    case 3:
      out.push(...left, ...right)
      return
    case 4:
      out.push(...right, ...upper)
      return
    case 6:
      out.push(...lower, ...upper)
      return
    case 7:
      out.push(...left, ...upper)
      return
    default: {
      // Two corners across are above: the mean tells whether they hang together.
      const joined = (a + b + c + d) / 4 >= level
      if ((code === 5) === joined) out.push(...left, ...upper, ...lower, ...right)
      else out.push(...left, ...lower, ...right, ...upper)
    }
  }
}

/** Contours of one level. */
export interface ContourLine {
  readonly level: number
  /** Segments of four numbers each, image pixels. */
  readonly segments: Float64Array
}

/** Contours at several levels. */
export function contourLines(tile: PlaneTile, levels: readonly number[]): ContourLine[] {
  return levels.map(level => ({ level, segments: contourSegments(tile, level) }))
}

/**
 * Levels from a text: numbers separated by blanks or commas, times a unit.
 * @returns ascending, without repetitions; empty when there is no number
 */
export function contourLevels(text: string, unit: number): number[] {
  const numbers = text
    .split(/[\s,;]+/)
    .filter(part => part !== '')
    .map(part => Number(part.replace('−', '-')))
  return [...new Set(numbers.filter(Number.isFinite))].map(n => n * unit).sort((a, b) => a - b)
}
