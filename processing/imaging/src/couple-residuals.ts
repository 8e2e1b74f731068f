import type { Pacer } from '@cleanbeam/math'
import type { Samples } from './plane-transforms.ts'
import type { CouplingSpan } from './sample-portion.ts'

/** Predictions of a block at its own places, and its data; both complex, interleaved. */
export interface CoupledArrays {
  readonly predicted: Samples
  readonly data: Float32Array
}

/**
 * Replaces predictions by residuals where a sample's prediction is made of several: data − Σ coefficient·prediction.
 * @param blocks - by the number that spans know them by; null where there is none
 */
export async function coupleResiduals(
  spans: readonly CouplingSpan[],
  blocks: readonly (CoupledArrays | null)[],
  pacer: Pacer,
): Promise<void> {
  for (const span of spans) {
    const { nTarget } = span
    const sums = new Float64Array(2 * nTarget)
    for (let row = 0; row < span.nRow; row++) {
      if (row % 64 === 63 && pacer.due()) await pacer.rest()
      combineRow(span, blocks, row, sums)
      for (let target = 0; target < nTarget; target++) {
        const arrays = blocks[span.block[target]]
        if (arrays == null) continue
        const at = 2 * (span.firstSample[target] + row * span.stride[target])
        arrays.predicted[at] = arrays.data[at] - sums[2 * target]
        arrays.predicted[at + 1] = arrays.data[at + 1] - sums[2 * target + 1]
      }
    }
  }
}

function combineRow(
  span: CouplingSpan,
  blocks: readonly (CoupledArrays | null)[],
  row: number,
  sums: Float64Array,
): void {
  const { start, source, coefficient } = span
  for (let target = 0; target < span.nTarget; target++) {
    let re = 0
    let im = 0
    for (let k = start[target]; k < start[target + 1]; k++) {
      const from = source[k]
      const predicted = blocks[span.block[from]]?.predicted
      if (predicted === undefined) continue
      const at = 2 * (span.firstSample[from] + row * span.stride[from])
      re += coefficient[k] * predicted[at]
      im += coefficient[k] * predicted[at + 1]
    }
    sums[2 * target] = re
    sums[2 * target + 1] = im
  }
}
