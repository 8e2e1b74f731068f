// Exact order statistics of float32 values without sorting.
// The bits of a float32, with the sign bit flipped for positive and all bits flipped for negative numbers, order as
// unsigned integers the way the numbers do. One pass counts the upper 16 bits, a second counts the lower 16 bits inside
// the buckets that hold a wanted rank: O(n), two passes, 256 KiB per bucket, whatever the distribution.

const EXPONENT_ALL_ONES = 0x7f800000

/** Values of given ranks (0 = smallest) among the finite values; `count` of them were finite. */
export interface RankedValues {
  readonly count: number
  readonly values: Float64Array
}

/** A rank as a function of the number of finite values, which the caller may not know beforehand. */
export type RankRule = (count: number) => number

/** Counts of the finite values by the upper 16 bits of their ordered key. */
export interface CoarseCounts {
  readonly counts: Uint32Array
  readonly count: number
}

/**
 * Values at the given ranks, exact; NaN for ranks outside 0 … count − 1.
 * @param values float32, any order, non-finite ones left out
 */
export function valuesAtRanks(values: Float32Array, ranks: readonly RankRule[]): RankedValues {
  const bits = bitsOf(values)
  const counts = new Uint32Array(65536)
  let count = 0
  for (let i = 0; i < bits.length; i++) {
    const b = bits[i]
    if ((b & EXPONENT_ALL_ONES) === EXPONENT_ALL_ONES) continue
    counts[orderedKey(b) >>> 16]++
    count++
  }
  return refineRanks(values, { counts, count }, ranks)
}

/** {@link valuesAtRanks} for a caller that has counted already, with {@link bitsOf} and {@link orderedKey}. */
export function refineRanks(values: Float32Array, coarse: CoarseCounts, ranks: readonly RankRule[]): RankedValues {
  const { counts, count } = coarse
  const bucketOfRank = ranks.map(rule => locate(counts, Math.round(rule(count)), count))
  const tableOfBucket = new Int16Array(65536).fill(-1)
  const tables: Uint32Array[] = []
  for (const at of bucketOfRank) {
    if (!at || tableOfBucket[at.bin] >= 0) continue
    tableOfBucket[at.bin] = tables.length
    tables.push(new Uint32Array(65536))
  }
  countLowerBits(bitsOf(values), tableOfBucket, tables)
  const found = bucketOfRank.map(at => {
    if (!at) return Number.NaN
    const fine = locate(tables[tableOfBucket[at.bin]], at.remainder, Number.POSITIVE_INFINITY)
    return fine ? valueOfKey(((at.bin << 16) | fine.bin) >>> 0) : Number.NaN
  })
  return { count, values: Float64Array.from(found) }
}

/** The value below which fraction `f` of the finite values lies, linear between neighbours; NaN when there is none. */
export function percentiles(values: Float32Array, fractions: readonly number[]): RankedValues {
  return interpolateRanks(fractions, valuesAtRanks(values, percentileRanks(fractions)))
}

/** The two neighbouring ranks of each fraction. */
export function percentileRanks(fractions: readonly number[]): RankRule[] {
  return fractions.flatMap(f => [
    (n: number) => Math.floor(f * (n - 1)),
    (n: number) => Math.min(n - 1, Math.floor(f * (n - 1)) + 1),
  ])
}

/** Percentiles from the values at {@link percentileRanks}. */
export function interpolateRanks(fractions: readonly number[], ranked: RankedValues): RankedValues {
  const result = Float64Array.from(fractions, (f, i) => {
    const position = f * (ranked.count - 1)
    const weight = position - Math.floor(position)
    const low = ranked.values[2 * i]
    return weight === 0 ? low : low + weight * (ranked.values[2 * i + 1] - low)
  })
  return { count: ranked.count, values: result }
}

/** The bits of float32 values, a view of the same memory. */
export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length)
}

/** An unsigned integer that orders as the number with these bits does. */
export function orderedKey(bits: number): number {
  return (bits & 0x80000000 ? ~bits : bits ^ 0x80000000) >>> 0
}

function valueOfKey(key: number): number {
  const bits = (key & 0x80000000 ? key ^ 0x80000000 : ~key) >>> 0
  return new Float32Array(Uint32Array.of(bits).buffer)[0]
}

function locate(counts: Uint32Array, rank: number, count: number): { bin: number; remainder: number } | null {
  if (!(rank >= 0 && rank < count)) return null
  let remainder = rank
  for (let bin = 0; bin < counts.length; bin++) {
    if (remainder < counts[bin]) return { bin, remainder }
    remainder -= counts[bin]
  }
  return null
}

function countLowerBits(bits: Uint32Array, tableOfBucket: Int16Array, tables: readonly Uint32Array[]): void {
  if (tables.length === 0) return
  for (let i = 0; i < bits.length; i++) {
    const b = bits[i]
    if ((b & EXPONENT_ALL_ONES) === EXPONENT_ALL_ONES) continue
    const key = orderedKey(b)
    const table = tableOfBucket[key >>> 16]
    if (table >= 0) tables[table][key & 0xffff]++
  }
}
