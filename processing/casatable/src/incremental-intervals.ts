/** Rows `start` to `end` (exclusive) that share a value, as the bytes of the file. */
export interface ValueInterval {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array
}

/** The values of one column of an IncrementalStMan: intervals in order of rows, without gaps, neighbours different. */
export class IntervalList {
  private readonly list: ValueInterval[] = []

  constructor(nRow: number, bytes: Uint8Array) {
    if (nRow > 0) this.list.push({ start: 0, end: nRow, bytes })
  }

  get intervals(): readonly ValueInterval[] {
    return this.list
  }

  /** The interval a row is in. */
  at(row: number): ValueInterval {
    return this.list[this.find(row)]
  }

  /** Gives rows `start` to `end` (exclusive) a value. */
  set(start: number, end: number, bytes: Uint8Array): void {
    const first = this.find(start)
    let last = first
    while (this.list[last].end < end) last++
    const pieces: ValueInterval[] = []
    if (first > 0) pieces.push(this.list[first - 1])
    push(pieces, { ...this.list[first], end: start })
    push(pieces, { start, end, bytes })
    push(pieces, { ...this.list[last], start: end })
    if (last + 1 < this.list.length) push(pieces, this.list[last + 1])
    const from = Math.max(0, first - 1)
    this.list.splice(from, Math.min(last + 2, this.list.length) - from, ...pieces)
  }

  /** Adds rows at the end. */
  extend(nRow: number, bytes: Uint8Array): void {
    const end = this.list[this.list.length - 1]?.end ?? 0
    push(this.list, { start: end, end: end + nRow, bytes })
  }

  private find(row: number): number {
    let low = 0
    let high = this.list.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.list[middle].end <= row) low = middle + 1
      else high = middle
    }
    return low
  }
}

function push(list: ValueInterval[], interval: ValueInterval): void {
  if (interval.start >= interval.end) return
  const last = list[list.length - 1]
  if (last !== undefined && equalBytes(last.bytes, interval.bytes))
    list[list.length - 1] = { ...last, end: interval.end }
  else list.push(interval)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
