/** Samples with visibilities of several planes, one after another for each sample; for tests. */
export interface RandomSamples {
  readonly nSample: number
  readonly nPlane: number
  readonly uLambda: Float64Array
  readonly vLambda: Float64Array
  readonly wLambda: Float64Array
  /** Complex, interleaved [sample, plane, 2]. */
  readonly visibility: Float32Array
  readonly imagingWeight: Float64Array
}

/** Seeded samples spread over the whole uv range of an image with pixels of `cellRad`, edges included; for tests. */
export function randomSamples(options: {
  count: number
  cellRad: readonly [number, number]
  seed: number
  nPlane?: number
}): RandomSamples {
  const { count, cellRad, nPlane = 1 } = options
  let state = options.seed >>> 0
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const axis = (cell: number) => Float64Array.from({ length: count }, () => (random() - 0.5) / cell)
  const uLambda = axis(cellRad[0])
  const vLambda = axis(cellRad[1])
  if (count > 4) {
    uLambda[0] = 0
    vLambda[0] = 0
    uLambda[1] = 0.4999999 / cellRad[0]
    vLambda[1] = -0.4999999 / cellRad[1]
    uLambda[2] = -0.4999999 / cellRad[0]
    vLambda[2] = 0.4999999 / cellRad[1]
  }
  return {
    nSample: count,
    nPlane,
    uLambda,
    vLambda,
    wLambda: new Float64Array(count),
    visibility: Float32Array.from({ length: count * nPlane * 2 }, () => random() - 0.5),
    imagingWeight: Float64Array.from({ length: count }, () => 0.5 + random()),
  }
}
