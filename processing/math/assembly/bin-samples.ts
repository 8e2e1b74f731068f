/**
 * Sorts visibilities by tile of the uv grid and first w plane, by counting. A segment is a run of channels of one row
 * that fall into the same bin: (row, firstChannel | endChannel « 16).
 *
 * Rows are dealt in fixed blocks, each with its own counters, so that the order within a bin is that of the rows
 * whatever the number of workers. Counters are laid out [bin, block].
 */
import { take } from './queue'
import { cellPosition, SamplingJob } from './sampling-job'

@inline
function visit(job: SamplingJob, block: i32, fill: bool): void {
  const nChannel = job.nChannel, nBlock = job.nBlock, nBinW = job.nBinW, nTileU = job.nTileU, shift = job.tileShift
  const lastRow = min(job.nRow, (block + 1) * job.rowsPerBlock)
  const hasW = job.hasW != 0
  const counters = job.counts + (<usize>block << 2)
  for (let row = block * job.rowsPerBlock; row < lastRow; row++) {
    const at = job.uvw + <usize>row * 24
    let u = load<f64>(at) * job.scaleU, v = load<f64>(at, 8) * job.scaleV, w = load<f64>(at, 16) * job.scaleW
    if (hasW ? w < 0 : u < 0) {
      u = -u
      v = -v
      w = -w
    }
    let bin = -1, first = 0
    for (let channel = 0; channel <= nChannel; channel++) {
      let next = -1
      if (channel < nChannel) {
        const f = load<f64>(job.frequency + (<usize>channel << 3))
        const tileU = i32(Math.ceil(cellPosition(u, f, job.originU, job.periodU))) >> shift
        const tileV = i32(Math.ceil(cellPosition(v, f, job.originV, job.periodV))) >> shift
        const plane = hasW ? i32(Math.ceil(w * f + job.originW)) : 0
        next = (tileV * nTileU + tileU) * nBinW + plane
      }
      if (next == bin) continue
      if (bin >= 0) {
        const counter = counters + ((<usize>bin * nBlock) << 2)
        const position = load<u32>(counter)
        store<u32>(counter, position + 1)
        if (fill) {
          const segment = job.segments + (<usize>position << 3)
          store<u32>(segment, row)
          store<u32>(segment, first | (channel << 16), 4)
        }
      }
      bin = next
      first = channel
    }
  }
}

/** One item = one block of rows; counters start at zero. */
export function countSegments(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void {
  for (let block = take(queue); block < nItem; block = take(queue)) visit(job, block, false)
}

/** One item: turns counts into first positions and writes the total behind them. */
export function startSegments(queue: usize, nItem: i32, scratch: usize, job: SamplingJob, nCounter: i32): void {
  if (take(queue) > 0) return
  let sum: u32 = 0
  for (let at = job.counts, end = at + (<usize>nCounter << 2); at < end; at += 4) {
    const count = load<u32>(at)
    store<u32>(at, sum)
    sum += count
  }
  store<u32>(job.counts + (<usize>nCounter << 2), sum)
}

/** One item = one block of rows; counters end at the end of their share of the bin. */
export function fillSegments(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void {
  for (let block = take(queue); block < nItem; block = take(queue)) visit(job, block, true)
}

/** One item = one row of tiles: the end of every bin, and the number of samples of every tile. */
export function closeBins(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void {
  const perTile = job.nBinW
  for (let tileRow = take(queue); tileRow < nItem; tileRow = take(queue)) {
    const firstTile = tileRow * job.nTileU
    for (let tile = firstTile; tile < firstTile + job.nTileU; tile++) {
      const firstBin = <usize>tile * perTile
      let at = firstBin == 0 ? 0 : load<u32>(job.counts + ((firstBin * job.nBlock - 1) << 2))
      let end = at
      for (let bin = firstBin; bin < firstBin + perTile; bin++) {
        end = load<u32>(job.counts + ((bin * job.nBlock + job.nBlock - 1) << 2))
        store<u32>(job.binEnds + (bin << 2), end)
      }
      let samples: u32 = 0
      for (; at < end; at++) {
        const channels = load<u32>(job.segments + (<usize>at << 3), 4)
        samples += (channels >> 16) - (channels & 0xffff)
      }
      store<u32>(job.tileLoads + (<usize>tile << 2), samples)
    }
  }
}
