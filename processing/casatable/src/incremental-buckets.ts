import type { IntervalList } from './incremental-intervals.ts'

/** Bytes before the data of a bucket: the offset of its index. */
const HEAD_BYTES = 4
/** Bytes of an entry in the index of a bucket: row and offset. */
const ENTRY_BYTES = 8

/** The buckets of an IncrementalStMan. */
export interface BuiltBuckets {
  readonly bucketBytes: number
  readonly buckets: readonly Uint8Array[]
  readonly firstRows: readonly number[]
}

interface Entry {
  readonly row: number
  readonly bytes: Uint8Array
}

/** Distributes the values of all columns over buckets of equal size, each beginning with a value of every column. */
export function buildBuckets(
  columns: readonly IntervalList[],
  nRow: number,
  littleEndian: boolean,
  leastBytes: number,
): BuiltBuckets {
  const largest = columns.map(column =>
    column.intervals.reduce((max, interval) => Math.max(max, interval.bytes.length), 0),
  )
  const needed = HEAD_BYTES + largest.reduce((sum, length) => sum + length + 4 + ENTRY_BYTES, 0)
  const bucketBytes = Math.max(leastBytes, needed)
  const buckets: Uint8Array[] = []
  const firstRows: number[] = []
  const next = columns.map(() => 0)
  for (let row = 0; row < nRow; ) {
    const { entries, end } = fillBucket(columns, next, row, nRow, bucketBytes)
    firstRows.push(row)
    buckets.push(serializeBucket(entries, row, bucketBytes, littleEndian))
    row = end
  }
  return { bucketBytes, buckets, firstRows }
}

/** Takes values row by row until the bucket is full. `next` holds the interval each column is in. */
function fillBucket(
  columns: readonly IntervalList[],
  next: number[],
  firstRow: number,
  nRow: number,
  bucketBytes: number,
): { entries: Entry[][]; end: number } {
  const entries = columns.map((column, i) => [{ row: firstRow, bytes: column.intervals[next[i]].bytes }])
  let used = HEAD_BYTES + entries.reduce((sum, [entry]) => sum + 4 + ENTRY_BYTES + entry.bytes.length, 0)
  for (;;) {
    const row = Math.min(nRow, ...columns.map((column, i) => column.intervals[next[i]].end))
    if (row === nRow) return { entries, end: nRow }
    const changing = columns.flatMap((column, i) => (column.intervals[next[i]].end === row ? [i] : []))
    used += changing.reduce((sum, i) => sum + ENTRY_BYTES + columns[i].intervals[next[i] + 1].bytes.length, 0)
    for (const i of changing) next[i]++
    if (used > bucketBytes) return { entries, end: row }
    for (const i of changing) entries[i].push({ row, bytes: columns[i].intervals[next[i]].bytes })
  }
}

function serializeBucket(
  entries: readonly Entry[][],
  firstRow: number,
  bucketBytes: number,
  littleEndian: boolean,
): Uint8Array {
  const bucket = new Uint8Array(bucketBytes)
  const view = new DataView(bucket.buffer)
  let position = HEAD_BYTES
  const offsets = entries.map(column =>
    column.map(entry => {
      bucket.set(entry.bytes, position)
      position += entry.bytes.length
      return position - entry.bytes.length - HEAD_BYTES
    }),
  )
  view.setUint32(0, position, littleEndian)
  const put = (value: number) => {
    view.setUint32(position, value, littleEndian)
    position += 4
  }
  for (const [i, column] of entries.entries()) {
    put(column.length)
    for (const entry of column) put(entry.row - firstRow)
    for (const offset of offsets[i]) put(offset)
  }
  return bucket
}
