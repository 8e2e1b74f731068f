/**
 * Sums and extremes of f32 values in blocks of a fixed length, which the host adds up in order: the result does not
 * depend on the number of workers. Values that are NaN or infinite, and those whose mask byte is 0, do not count.
 */
import { take } from './queue'

const BLOCK: i32 = 65536

/** One item = one block. Its record: sum, sum of squares (f64), count, index of least and greatest (i32), those (f32). */
export function blockStatistics(
  queue: usize, nItem: i32, scratch: usize,
  values: usize, mask: usize, length: i32, records: usize,
): void {
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const end = min(length, (item + 1) * BLOCK)
    let sum: f64 = 0, squares: f64 = 0
    let count = 0, leastAt = -1, greatestAt = -1
    let least: f32 = f32.MAX_VALUE, greatest: f32 = -f32.MAX_VALUE
    for (let k = item * BLOCK; k < end; k++) {
      const value = load<f32>(values + (<usize>k << 2))
      if (mask != 0 && load<u8>(mask + <usize>k) == 0) continue
      if (!(Mathf.abs(value) <= f32.MAX_VALUE)) continue
      const wide = <f64>value
      sum += wide
      squares += wide * wide
      count++
      if (leastAt < 0 || value < least) {
        least = value
        leastAt = k
      }
      if (greatestAt < 0 || value > greatest) {
        greatest = value
        greatestAt = k
      }
    }
    const record = records + <usize>item * 40
    store<f64>(record, sum)
    store<f64>(record, squares, 8)
    store<i32>(record, count, 16)
    store<i32>(record, leastAt, 20)
    store<i32>(record, greatestAt, 24)
    store<f32>(record, least, 28)
    store<f32>(record, greatest, 32)
  }
}
