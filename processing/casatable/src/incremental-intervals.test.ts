import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IntervalList } from './incremental-intervals.ts'

it('intervals hold what an array of rows would hold, neighbours different', () => {
  const edits = fc.array(fc.tuple(fc.nat(29), fc.integer({ min: 1, max: 8 }), fc.nat(3)), { maxLength: 30 })
  fc.assert(
    fc.property(edits, list => {
      const intervals = new IntervalList(30, Uint8Array.of(0))
      const rows = new Array<number>(30).fill(0)
      for (const [start, length, value] of list) {
        const end = Math.min(30, start + length)
        intervals.set(start, end, Uint8Array.of(value))
        rows.fill(value, start, end)
      }
      expect(rows.map((_, row) => intervals.at(row).bytes[0])).toEqual(rows)
      for (const [i, interval] of intervals.intervals.entries()) {
        expect(interval.start).toBe(i === 0 ? 0 : intervals.intervals[i - 1].end)
        if (i > 0) expect(interval.bytes).not.toEqual(intervals.intervals[i - 1].bytes)
      }
    }),
    { numRuns: 300, seed: 5 },
  )
})
