import type { MethodArguments } from '@cleanbeam/protocol'

/** How the pixels of a channel become one value. */
export type SpectrumStatistic = MethodArguments<'spectrum.get'>['statistic']

/** One channel's value. */
export interface SpectrumPoint {
  readonly value: number
  readonly nPixel: number
}

/** Positions of the set pixels: a region of a few pixels costs a few reads per channel, whatever the image's size. */
export function setPositions(inside: ArrayLike<number>): Uint32Array {
  const found: number[] = []
  for (let i = 0; i < inside.length; i++) if (inside[i] !== 0) found.push(i)
  return Uint32Array.from(found)
}

/**
 * Statistic of the finite pixels of a plane.
 * @param positions - pixels that count; null: all
 * @returns NaN when none counts
 */
export function planeValue(
  plane: Float32Array,
  positions: Uint32Array | null,
  statistic: SpectrumStatistic,
): SpectrumPoint {
  let [n, sum, sumOfSquares] = [0, 0, 0]
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const count = positions === null ? plane.length : positions.length
  for (let i = 0; i < count; i++) {
    const value = plane[positions === null ? i : positions[i]]
    if (value - value !== 0) continue
    n++
    sum += value
    sumOfSquares += value * value
    if (value < least) least = value
    if (value > most) most = value
  }
  if (n === 0) return { value: Number.NaN, nPixel: 0 }
  const values = { mean: sum / n, sum, maximum: most, minimum: least, rms: Math.sqrt(sumOfSquares / n) }
  return { value: values[statistic], nPixel: n }
}
