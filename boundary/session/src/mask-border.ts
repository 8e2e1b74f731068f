/**
 * Pixels within a distance of a set pixel, centre to centre.
 * @param mask - [ny, nx], non-zero = set
 * @returns a new plane of zeros and ones
 */
export function grownMask(mask: ArrayLike<number>, nx: number, ny: number, radiusPixels: number): Uint8Array {
  const limit = radiusPixels * radiusPixels
  const distances = squaredDistances(mask, nx, ny)
  return Uint8Array.from(distances, distance => (distance <= limit ? 1 : 0))
}

/** Set pixels farther than a distance from every pixel that is not set; the image's border takes nothing away. */
export function shrunkMask(mask: ArrayLike<number>, nx: number, ny: number, radiusPixels: number): Uint8Array {
  const others = Uint8Array.from(mask, value => (value === 0 ? 1 : 0))
  return grownMask(others, nx, ny, radiusPixels).map(value => 1 - value)
}

/**
 * Squared distance of every pixel from the nearest set one, exact, in time linear in the number of pixels: the lower
 * envelope of parabolas, along columns and then along rows.
 * @see Felzenszwalb & Huttenlocher 2012, Theory of Computing 8, 415, section 2
 */
function squaredDistances(mask: ArrayLike<number>, nx: number, ny: number): Float64Array {
  const distances = Float64Array.from(mask, value => (value === 0 ? Number.POSITIVE_INFINITY : 0))
  const line = new Envelope(Math.max(nx, ny))
  for (let x = 0; x < nx; x++) line.transform(distances, x, nx, ny)
  for (let y = 0; y < ny; y++) line.transform(distances, y * nx, 1, nx)
  return distances
}

/** Lower envelope of the parabolas of one line; scratch space shared by all lines. */
class Envelope {
  readonly #apex: Int32Array
  readonly #from: Float64Array
  readonly #heights: Float64Array

  constructor(length: number) {
    this.#apex = new Int32Array(length)
    this.#from = new Float64Array(length + 1)
    this.#heights = new Float64Array(length)
  }

  transform(values: Float64Array, start: number, step: number, length: number): void {
    const heights = this.#heights
    for (let i = 0; i < length; i++) heights[i] = values[start + i * step]
    const last = this.#build(length)
    if (last < 0) return
    let k = 0
    for (let i = 0; i < length; i++) {
      while (k < last && this.#from[k + 1] < i) k++
      const apex = this.#apex[k]
      values[start + i * step] = (i - apex) ** 2 + heights[apex]
    }
  }

  /** @returns index of the last parabola; −1 when the line has none */
  #build(length: number): number {
    const [apex, from, heights] = [this.#apex, this.#from, this.#heights]
    let k = -1
    for (let i = 0; i < length; i++) {
      if (heights[i] === Number.POSITIVE_INFINITY) continue
      let meets = Number.NEGATIVE_INFINITY
      while (k >= 0) {
        const p = apex[k]
        meets = (heights[i] + i * i - heights[p] - p * p) / (2 * (i - p))
        if (meets > from[k]) break
        k--
      }
      k++
      apex[k] = i
      from[k] = k === 0 ? Number.NEGATIVE_INFINITY : meets
    }
    return k
  }
}
