/** What weighting needs of samples. */
export interface WeightedSamples {
  readonly nSample: number
  /** Baseline over wavelength, in the image's spectral frame, [sample]. */
  readonly uLambda: Float64Array
  readonly vLambda: Float64Array
  readonly imagingWeight: Float64Array
}

/**
 * Visibility samples ready for imaging: one entry per baseline, time and channel.
 *
 * `visibility` is complex, interleaved [sample, plane, 2], Jy. `imagingWeight` starts as the weight of the data and is
 * changed by the weighting scheme.
 */
export interface SampleStore extends WeightedSamples {
  readonly nPlane: number
  readonly wLambda: Float64Array
  readonly visibility: Float32Array
}

/** Collects samples; `finish` answers a store trimmed to what was added. */
export interface SampleCollector {
  readonly count: number
  /** Adds a sample and answers its index; its visibilities are written by the caller at index·nPlane·2. */
  add(uLambda: number, vLambda: number, wLambda: number, weight: number): number
  /** The array to write visibilities into; valid until the next `add`. */
  visibility(): Float32Array
  finish(): SampleStore
}

/** Makes a collector whose arrays double as they fill. */
export function createSampleCollector(nPlane: number, expected = 4096): SampleCollector {
  let capacity = Math.max(1, expected)
  let count = 0
  let u = new Float64Array(capacity)
  let v = new Float64Array(capacity)
  let w = new Float64Array(capacity)
  let weight = new Float64Array(capacity)
  let visibility = new Float32Array(capacity * nPlane * 2)

  function grow(): void {
    capacity *= 2
    u = enlarged(u, capacity)
    v = enlarged(v, capacity)
    w = enlarged(w, capacity)
    weight = enlarged(weight, capacity)
    const larger = new Float32Array(capacity * nPlane * 2)
    larger.set(visibility)
    visibility = larger
  }

  return {
    get count() {
      return count
    },
    add(uLambda, vLambda, wLambda, sampleWeight) {
      if (count === capacity) grow()
      u[count] = uLambda
      v[count] = vLambda
      w[count] = wLambda
      weight[count] = sampleWeight
      return count++
    },
    visibility: () => visibility,
    finish: () => ({
      nSample: count,
      nPlane,
      uLambda: u.subarray(0, count),
      vLambda: v.subarray(0, count),
      wLambda: w.subarray(0, count),
      visibility: visibility.subarray(0, count * nPlane * 2),
      imagingWeight: weight.subarray(0, count),
    }),
  }
}

function enlarged(values: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity)
  larger.set(values)
  return larger
}
