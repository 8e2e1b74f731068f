/**
 * Högbom's loop on one plane: subtract and find the next peak in one sweep over the box, bands of rows on all workers.
 *
 *   while iterations < maxIterations and |peak| > limit:
 *     residual −= gain·peak·psf shifted to the peak
 *
 * Source: Högbom 1974, A&AS 15, 417. Of equal peaks the first in storage order is taken, so the answer does not depend on
 * the number of bands. A row's largest value is remembered, so rows that the shifted PSF misses cost nothing.
 */
import { mulSub } from './lanes'
import { meet } from './meeting'
import { take } from './queue'

@unmanaged
export class HogbomJob {
  gain: f32
  limit: f32
  nx: i32
  ny: i32
  /** Box: [x0, x1) × [y0, y1). */
  x0: i32
  x1: i32
  y0: i32
  y1: i32
  maxIterations: i32
  /** Largest count on the queue that is not a cancellation. */
  cancelled: i32
  residual: usize
  psf: usize
  /** f32, 1 or 0 per pixel; 0: everything counts. */
  mask: usize
  /** f32 per row. */
  rowPeaks: usize
  /** Two words for the meeting, at 64 the results of even rounds, from 64 + 64·bands on those of odd ones. */
  meeting: usize
  /** Per iteration: index (i32) and value (f32) of the component. */
  components: usize
  /** Answer: iterations (i32), index of the last peak (i32, −1 without one), its value (f32), cancelled (i32). */
  answer: usize
}

@inline
function counted(job: HogbomJob, value: v128, offset: usize): v128 {
  const size = f32x4.abs(value)
  return job.mask == 0 ? size : f32x4.mul(size, v128.load(job.mask + offset))
}

@inline
function countedOne(job: HogbomJob, offset: usize): f32 {
  const size = Mathf.abs(load<f32>(job.residual + offset))
  return job.mask == 0 ? size : size * load<f32>(job.mask + offset)
}

/** Largest counted value of bytes [from, end) of the plane. pmax passes NaN over. */
@inline
function scan(job: HogbomJob, from: usize, end: usize, most: f32): f32 {
  let vector = f32x4.splat(most)
  for (; from + 16 <= end; from += 16) vector = f32x4.pmax(vector, counted(job, v128.load(job.residual + from), from))
  let best = largest(vector)
  for (; from < end; from += 4) {
    const size = countedOne(job, from)
    if (size > best) best = size
  }
  return best
}

@inline
function largest(vector: v128): f32 {
  const a = f32x4.extract_lane(vector, 0), b = f32x4.extract_lane(vector, 1)
  const c = f32x4.extract_lane(vector, 2), d = f32x4.extract_lane(vector, 3)
  const ab = a < b ? b : a, cd = c < d ? d : c
  return ab < cd ? cd : ab
}

/** Subtracts value·psf from bytes [from, end) of the plane; `shift` takes a pixel's offset to that of the PSF. */
@inline
function subtract(job: HogbomJob, from: usize, end: usize, shift: usize, value: f32, most: f32): f32 {
  let vector = f32x4.splat(most)
  const factor = f32x4.splat(value)
  const psf = job.psf + shift
  for (; from + 32 <= end; from += 32) {
    const a = mulSub<f32>(factor, v128.load(psf + from), v128.load(job.residual + from))
    const b = mulSub<f32>(factor, v128.load(psf + from, 16), v128.load(job.residual + from, 16))
    v128.store(job.residual + from, a)
    v128.store(job.residual + from, b, 16)
    vector = f32x4.pmax(f32x4.pmax(vector, counted(job, a, from)), counted(job, b, from + 16))
  }
  let best = largest(vector)
  for (; from < end; from += 4) {
    // The same arithmetic as in the vector part: which part a pixel falls into depends on where the peak is.
    const rest = mulSub<f32>(factor, v128.load32_splat(psf + from), v128.load32_splat(job.residual + from))
    v128.store_lane<f32>(job.residual + from, rest, 0)
    const size = countedOne(job, from)
    if (size > best) best = size
  }
  return best
}

/** Where a row's largest value first stands. */
function findInRow(job: HogbomJob, y: i32, size: f32): i32 {
  const row = y * job.nx
  for (let x = job.x0; x < job.x1; x++) if (countedOne(job, <usize>(row + x) << 2) == size) return row + x
  return -1
}

function bandPeak(job: HogbomJob, first: i32, end: i32, result: usize, cancelled: i32): void {
  let best: f32 = 0
  let bestRow = -1
  for (let y = first; y < end; y++) {
    const size = load<f32>(job.rowPeaks + (<usize>y << 2))
    if (size > best) {
      best = size
      bestRow = y
    }
  }
  const index = bestRow < 0 ? -1 : findInRow(job, bestRow, best)
  store<f32>(result, best)
  store<i32>(result, index, 4)
  store<f32>(result, index < 0 ? 0 : load<f32>(job.residual + (<usize>index << 2)), 8)
  store<i32>(result, cancelled, 12)
}

function subtractRows(job: HogbomJob, first: i32, end: i32, peak: i32, value: f32): void {
  const nx = job.nx
  const peakY = peak / nx, shiftX = peak - peakY * nx - (nx >> 1), shiftY = peakY - (job.ny >> 1)
  const left = max(job.x0, min(job.x1, shiftX)), right = max(left, min(job.x1, nx + shiftX))
  const shift = <usize>(-(shiftX + nx * shiftY) << 2)
  for (let y = max(first, shiftY); y < min(end, job.ny + shiftY); y++) {
    const row = y * nx
    let most = scan(job, <usize>(row + job.x0) << 2, <usize>(row + left) << 2, 0)
    most = subtract(job, <usize>(row + left) << 2, <usize>(row + right) << 2, shift, value, most)
    most = scan(job, <usize>(row + right) << 2, <usize>(row + job.x1) << 2, most)
    store<f32>(job.rowPeaks + (<usize>y << 2), most)
  }
}

/** The whole loop as worker `band` of `bands` does it. */
function iterate(queue: usize, job: HogbomJob, band: i32, bands: i32): void {
  const rows = job.y1 - job.y0
  const first = job.y0 + rows * band / bands, end = job.y0 + rows * (band + 1) / bands
  for (let y = first; y < end; y++) {
    const row = y * job.nx
    store<f32>(job.rowPeaks + (<usize>y << 2), scan(job, <usize>(row + job.x0) << 2, <usize>(row + job.x1) << 2, 0))
  }
  for (let iteration = 0; ; iteration++) {
    const results = job.meeting + 64 + (iteration & 1 ? <usize>bands << 6 : 0)
    bandPeak(job, first, end, results + (<usize>band << 6), atomic.load<i32>(queue) >= job.cancelled ? 1 : 0)
    meet(job.meeting, bands)
    let best: f32 = 0, value: f32 = 0
    let peak = -1, cancelled = 0
    for (let k = 0; k < bands; k++) {
      const result = results + (<usize>k << 6)
      cancelled |= load<i32>(result, 12)
      if (load<f32>(result) > best) {
        best = load<f32>(result)
        peak = load<i32>(result, 4)
        value = load<f32>(result, 8)
      }
    }
    if (cancelled || !(best > job.limit) || iteration >= job.maxIterations) {
      if (band == 0) {
        store<i32>(job.answer, iteration)
        store<i32>(job.answer, peak, 4)
        store<f32>(job.answer, value, 8)
        store<i32>(job.answer, cancelled, 12)
      }
      return
    }
    const component = job.gain * value
    if (band == 0) {
      store<i32>(job.components + (<usize>iteration << 3), peak)
      store<f32>(job.components + (<usize>iteration << 3), component, 4)
    }
    subtractRows(job, first, end, peak, component)
  }
}

/** One item = one band of rows, as many as workers: each worker takes exactly one, as they wait for each other. */
export function hogbomLoop(queue: usize, nItem: i32, scratch: usize, job: HogbomJob): void {
  const band = take(queue)
  if (band < nItem) iterate(queue, job, band, nItem)
}

/** One item = one plane, cleaned by one worker alone. `jobs` points at the addresses of the planes' jobs. */
export function hogbomPlanes(queue: usize, nItem: i32, scratch: usize, jobs: usize): void {
  for (let item = take(queue); item < nItem; item = take(queue)) {
    iterate(queue, changetype<HogbomJob>(<usize>load<u32>(jobs + (<usize>item << 2))), 0, 1)
  }
}
