import { SPEED_OF_LIGHT } from '@cleanbeam/measures'

/** What weighting needs of samples. */
export interface WeightedSamples {
  readonly nSample: number
  /** Baseline over wavelength, in the image's spectral frame, [sample]. */
  readonly uLambda: Float64Array
  readonly vLambda: Float64Array
  readonly imagingWeight: Float64Array
}

/** Rows of baselines whose samples are weighted. */
export interface WeightedRows {
  readonly nRow: number
  readonly nChannel: number
  /** Numbers of `uvMetres` to a row; u and v come first. */
  readonly uvStride: number
  readonly uvMetres: Float64Array
  readonly frequencyHz: Float64Array
  /** [row, channel] */
  readonly weight: Float32Array
}

const SAMPLES_PER_SLICE = 16384

/** Hands samples on in slices, so that densities and weights of any number of them take little memory. */
export class SampleSlices {
  #uLambda = new Float64Array(0)
  #vLambda = new Float64Array(0)
  #weight = new Float64Array(0)

  /**
   * Calls `visit` for every slice.
   * @param isChanged - whether changed weights are written back
   * @param rest - called between slices
   */
  async visit(
    rows: WeightedRows,
    visit: (slice: WeightedSamples, firstSample: number) => void,
    isChanged: boolean,
    rest: () => Promise<void> | undefined,
  ): Promise<void> {
    const { nRow, nChannel, weight } = rows
    const rowsPerSlice = Math.max(1, Math.floor(SAMPLES_PER_SLICE / nChannel))
    for (let first = 0; first < nRow; first += rowsPerSlice) {
      const end = Math.min(nRow, first + rowsPerSlice)
      const slice = this.#fill(rows, first, end)
      visit(slice, first * nChannel)
      if (isChanged) weight.set(slice.imagingWeight, first * nChannel)
      await rest()
    }
  }

  #fill({ nChannel, uvStride, uvMetres, frequencyHz, weight }: WeightedRows, first: number, end: number) {
    const nSample = (end - first) * nChannel
    if (this.#weight.length < nSample) {
      this.#uLambda = new Float64Array(nSample)
      this.#vLambda = new Float64Array(nSample)
      this.#weight = new Float64Array(nSample)
    }
    const uLambda = this.#uLambda.subarray(0, nSample)
    const vLambda = this.#vLambda.subarray(0, nSample)
    const imagingWeight = this.#weight.subarray(0, nSample)
    let s = 0
    for (let row = first; row < end; row++) {
      const u = uvMetres[uvStride * row] / SPEED_OF_LIGHT
      const v = uvMetres[uvStride * row + 1] / SPEED_OF_LIGHT
      for (let channel = 0; channel < nChannel; channel++) {
        uLambda[s] = u * frequencyHz[channel]
        vLambda[s] = v * frequencyHz[channel]
        imagingWeight[s] = weight[row * nChannel + channel]
        s++
      }
    }
    return { nSample, uLambda, vLambda, imagingWeight }
  }
}
