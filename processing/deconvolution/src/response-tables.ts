// How much a component can change the scores of a tile of pixels.

/** Pixels on a side of a tile (empirical: smaller ones cost more bookkeeping, larger ones more arithmetic). */
export const TILE = 32
/** Covers rounding of the residuals in single precision while a tile's bound is only estimated. */
export const BOUND_SLACK = 1e-5

/** The part of the responses that tables are made from. */
export interface TabledResponses {
  readonly nx: number
  readonly ny: number
  readonly nTerms: number
  readonly filters: readonly { readonly cholesky: Float64Array }[]
  /** [s + nScale·q]: response terms. */
  readonly cross: readonly (readonly Float32Array[])[]
}

/**
 * The largest responses over blocks of TILE × TILE offsets and their neighbours to the right and above: wherever a tile
 * lies relative to a component, one entry bounds what the component does to it. Entry (0, 0) belongs to block (−1, −1).
 */
export class ResponseTables {
  readonly width: number
  readonly height: number
  /** Offsets −reach … reach − 1 count, along x and y. */
  readonly reach: readonly [number, number]
  readonly #norms: Float32Array[] = []
  readonly #peaks: Float32Array[] = []
  readonly #nScale: number
  readonly #nTerms: number

  /**
   * @param patch - components act on offsets −patch … patch − 1 pixels; Infinity: as far as the PSF reaches
   */
  constructor({ nx, ny, nTerms, filters, cross }: TabledResponses, patch: number) {
    this.width = Math.ceil(nx / TILE) + 1
    this.height = Math.ceil(ny / TILE) + 1
    this.reach = [Math.min(patch, nx), Math.min(patch, ny)]
    this.#nScale = filters.length
    this.#nTerms = nTerms
    for (let q = 0; q < filters.length; q++) {
      for (let s = 0; s < filters.length; s++) {
        const terms = cross[s + filters.length * q]
        const into = inverseLower(filters[q].cholesky, nTerms)
        const outOf = inverseLower(filters[s].cholesky, nTerms)
        this.#norms.push(this.#blockMaxima(nx, ny, j => whitenedResponse(terms, into, outOf, nTerms, j)))
      }
    }
    for (let s = 0; s < filters.length; s++) {
      for (let j = 0; j < nTerms; j++) {
        const plane = cross[s][j]
        this.#peaks.push(this.#blockMaxima(nx, ny, k => Math.abs(plane[k])))
      }
    }
  }

  /** Of the response to scale s in the filter of scale q, both whitened. */
  norm(s: number, q: number): Float32Array {
    return this.#norms[s + this.#nScale * q]
  }

  /** Of term 0, first filter, to Taylor coefficient `term` of scale s. */
  peak(s: number, term: number): Float32Array {
    return this.#peaks[term + this.#nTerms * s]
  }

  #blockMaxima(nx: number, ny: number, valueAt: (j: number) => number): Float32Array {
    const { width, height } = this
    const single = new Float32Array((width + 1) * (height + 1))
    const [reachX, reachY] = this.reach
    for (let y = Math.max(0, (ny >> 1) - reachY); y < Math.min(ny, (ny >> 1) + reachY); y++) {
      for (let x = Math.max(0, (nx >> 1) - reachX); x < Math.min(nx, (nx >> 1) + reachX); x++) {
        const block = Math.floor(x / TILE) + 1 + (width + 1) * (Math.floor(y / TILE) + 1)
        const value = valueAt(x + nx * y)
        if (value > single[block]) single[block] = value
      }
    }
    const table = new Float32Array(width * height)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = x + (width + 1) * y
        const most = Math.max(single[at], single[at + 1], single[at + width + 1], single[at + width + 2])
        table[x + width * y] = most * (1 + BOUND_SLACK)
      }
    }
    return table
  }
}

function inverseLower(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n)
  for (let c = 0; c < n; c++) {
    for (let i = c; i < n; i++) {
      let sum = i === c ? 1 : 0
      for (let k = c; k < i; k++) sum -= lower[i * n + k] * inverse[k * n + c]
      inverse[i * n + c] = sum / lower[i * n + i]
    }
  }
  return inverse
}

/** Frobenius norm of A·P·Bᵀ, P[i, j] = response term i + j at offset pixel k. */
function whitenedResponse(
  terms: readonly Float32Array[],
  into: Float64Array,
  outOf: Float64Array,
  n: number,
  k: number,
): number {
  if (n === 1) return Math.abs(terms[0][k] * into[0] * outOf[0])
  let square = 0
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      let sum = 0
      for (let i = 0; i <= a; i++) {
        for (let j = 0; j <= b; j++) sum += into[a * n + i] * terms[i + j][k] * outOf[b * n + j]
      }
      square += sum * sum
    }
  }
  return Math.sqrt(square)
}
