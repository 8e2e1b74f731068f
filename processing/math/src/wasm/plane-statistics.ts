import { CallMemory } from './call-memory.ts'
import type { KernelPool, RunOptions } from './kernel-pool.ts'

/** Sums and extremes over the values that count. Indices are −1 and extremes NaN when none does. */
export interface PlaneStatistics {
  readonly count: number
  readonly sum: number
  readonly sumOfSquares: number
  readonly minimum: number
  readonly minimumIndex: number
  readonly maximum: number
  readonly maximumIndex: number
}

const BLOCK = 65536
const RECORD_BYTES = 40

/**
 * Statistics of finite values whose mask is not 0, summed in f64 in blocks of 65536 values. Of equal extremes the first.
 * The result does not depend on the number of workers.
 */
export async function planeStatistics(
  pool: KernelPool,
  values: Float32Array,
  mask: Uint8Array | null = null,
  options: RunOptions = {},
): Promise<PlaneStatistics> {
  const memory = new CallMemory(pool)
  try {
    const blocks = Math.ceil(values.length / BLOCK)
    const records = memory.hold(pool.arena.uint8(Math.max(1, blocks) * RECORD_BYTES))
    let maskAddress = 0
    if (mask !== null) {
      const copy = memory.hold(pool.arena.uint8(mask.length))
      copy.set(mask)
      maskAddress = copy.byteOffset
    }
    const args = [memory.input(values, true), maskAddress, values.length, records.byteOffset]
    await pool.run([{ kernel: 'blockStatistics', items: blocks, args }], options)
    return combine(new DataView(records.buffer, records.byteOffset, records.length), blocks)
  } finally {
    memory.release()
  }
}

function combine(records: DataView, blocks: number): PlaneStatistics {
  let [count, sum, sumOfSquares] = [0, 0, 0]
  let [minimum, minimumIndex, maximum, maximumIndex] = [Number.NaN, -1, Number.NaN, -1]
  for (let block = 0; block < blocks; block++) {
    const at = block * RECORD_BYTES
    sum += records.getFloat64(at, true)
    sumOfSquares += records.getFloat64(at + 8, true)
    const counted = records.getInt32(at + 16, true)
    count += counted
    if (counted === 0) continue
    const [least, greatest] = [records.getFloat32(at + 28, true), records.getFloat32(at + 32, true)]
    if (minimumIndex < 0 || least < minimum) {
      minimum = least
      minimumIndex = records.getInt32(at + 20, true)
    }
    if (maximumIndex < 0 || greatest > maximum) {
      maximum = greatest
      maximumIndex = records.getInt32(at + 24, true)
    }
  }
  return { count, sum, sumOfSquares, minimum, minimumIndex, maximum, maximumIndex }
}
