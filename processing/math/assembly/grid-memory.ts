/** Clearing of memory and of the parts of the planes in use, and the seam of the periodic grid. */
import { PlaneJob } from './plane-job'
import { take } from './queue'
import { BORDER } from './sampling-job'

const CHUNK: usize = 1 << 18

/** One item = 256 KiB. */
export function clearMemory(queue: usize, nItem: i32, scratch: usize, address: usize, bytes: usize): void {
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const start = <usize>item * CHUNK
    memory.fill(address + start, 0, min(CHUNK, bytes - start))
  }
}

/** One item = 256 KiB. */
export function copyMemory(queue: usize, nItem: i32, scratch: usize, to: usize, from: usize, bytes: usize): void {
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const start = <usize>item * CHUNK
    memory.copy(to + start, from + start, min(CHUNK, bytes - start))
  }
}

/** One item = one stored row of one plane, stored columns [first, end). Rows: [firstRow, firstRow + rows of an item). */
export function clearGrid(
  queue: usize, nItem: i32, scratch: usize,
  grid: usize, planeBytes: usize, rowBytes: usize, firstRow: i32, nRow: i32, firstByte: usize, bytes: usize,
): void {
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const plane = item / nRow, row = firstRow + item - plane * nRow
    memory.fill(grid + <usize>plane * planeBytes + <usize>row * rowBytes + firstByte, 0, bytes)
  }
}

@inline
function addBytes<T>(to: usize, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(to + at, v128.add<T>(v128.load(to + at), v128.load(from + at)))
  }
}

/**
 * One item = one plane. Folding adds what taps left in the border to the cells it stands for; spreading copies those
 * cells into the border for taps to read. The last border is 8 cells wider than the first, as tiles are.
 */
@inline
function seam<T>(queue: usize, nItem: i32, scratch: usize, job: PlaneJob, spread: bool): void {
  const cell: usize = 2 * sizeof<T>()
  const before = <usize>BORDER * cell, after = <usize>(2 * BORDER) * cell
  const nRow = job.nv + 3 * BORDER
  for (let plane = take(queue); plane < nItem; plane = take(queue)) {
    const base = job.grid + <usize>plane * job.planeBytes
    const width = <usize>(job.nu + 3 * BORDER) * cell
    const period = <usize>job.nv * job.rowBytes, periodU = <usize>job.nu * cell
    if (spread) {
      for (let row = 0; row < nRow; row++) {
        const at = base + <usize>row * job.rowBytes
        const inside = row < BORDER ? at + period : row >= job.nv + BORDER ? at - period : at
        if (inside != at) memory.copy(at, inside, width)
        memory.copy(at, inside + periodU, before)
        memory.copy(at + before + periodU, inside + before, after)
      }
    } else {
      for (let row = 0; row < nRow; row++) {
        const at = base + <usize>row * job.rowBytes
        addBytes<T>(at + periodU, at, before)
        addBytes<T>(at + before, at + before + periodU, after)
        // Only what lies inside: the borders of the other row are folded by themselves.
        if (row < BORDER) addBytes<T>(at + period + before, at + before, periodU)
        else if (row >= job.nv + BORDER) addBytes<T>(at - period + before, at + before, periodU)
      }
    }
  }
}

export function foldSeamF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { seam<f32>(queue, nItem, scratch, job, false) }
export function foldSeamF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { seam<f64>(queue, nItem, scratch, job, false) }
export function spreadSeamF32(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { seam<f32>(queue, nItem, scratch, job, true) }
export function spreadSeamF64(queue: usize, nItem: i32, scratch: usize, job: PlaneJob): void { seam<f64>(queue, nItem, scratch, job, true) }
