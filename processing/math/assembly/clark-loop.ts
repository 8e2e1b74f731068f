/**
 * Clark's inner loop: Högbom's on a list of active pixels, with a patch of the PSF.
 *
 * Source: Clark 1980, A&A 89, 377. One item = one list; lists of several planes run side by side. Of equal peaks the
 * first in the list is taken.
 */
import { take } from './queue'

@unmanaged
export class ClarkJob {
  gain: f32
  limit: f32
  nActive: i32
  maxIterations: i32
  /** The patch reaches this many pixels to every side of the PSF's centre. */
  reachX: i32
  reachY: i32
  /** Row length of the PSF, pixels. */
  psfNx: i32
  cancelled: i32
  /** f32 per active pixel, changed in place. */
  values: usize
  /** x (i32), y (i32) per active pixel. */
  positions: usize
  /** Address of the PSF's centre pixel. */
  psfCentre: usize
  /** Per iteration: index into the list (i32) and value (f32) of the component. */
  components: usize
  /** Answer: iterations (i32), index of the last peak (i32, −1 without one), its value (f32). */
  answer: usize
}

function run(job: ClarkJob, queue: usize): void {
  const n = <usize>job.nActive
  let peak: i32 = -1
  let best: f32 = 0
  for (let k: usize = 0; k < n; k++) {
    const size = Mathf.abs(load<f32>(job.values + (k << 2)))
    if (size > best) {
      best = size
      peak = <i32>k
    }
  }
  let iteration = 0
  for (; iteration < job.maxIterations && best > job.limit; iteration++) {
    if (atomic.load<i32>(queue) >= job.cancelled) break
    const value = job.gain * load<f32>(job.values + (<usize>peak << 2))
    store<i32>(job.components + (<usize>iteration << 3), peak)
    store<f32>(job.components + (<usize>iteration << 3), value, 4)
    const at = job.positions + (<usize>peak << 3)
    const x = load<i32>(at), y = load<i32>(at, 4)
    best = 0
    for (let k: usize = 0; k < n; k++) {
      const dx = load<i32>(job.positions + (k << 3)) - x, dy = load<i32>(job.positions + (k << 3), 4) - y
      let rest = load<f32>(job.values + (k << 2))
      if (dx <= job.reachX && dx >= -job.reachX && dy <= job.reachY && dy >= -job.reachY) {
        rest -= value * load<f32>(job.psfCentre + <usize>((dy * job.psfNx + dx) << 2))
        store<f32>(job.values + (k << 2), rest)
      }
      const size = Mathf.abs(rest)
      if (size > best) {
        best = size
        peak = <i32>k
      }
    }
  }
  store<i32>(job.answer, iteration)
  store<i32>(job.answer, best > 0 ? peak : -1, 4)
  store<f32>(job.answer, best > 0 ? load<f32>(job.values + (<usize>peak << 2)) : 0, 8)
}

/** `jobs` points at the addresses of the lists' jobs. */
export function clarkLoop(queue: usize, nItem: i32, scratch: usize, jobs: usize): void {
  for (let item = take(queue); item < nItem; item = take(queue)) {
    run(changetype<ClarkJob>(<usize>load<u32>(jobs + (<usize>item << 2))), queue)
  }
}
