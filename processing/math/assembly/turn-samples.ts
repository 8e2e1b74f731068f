/**
 * The constant part of the w phase, exp(2πi·shiftW·w·ν), taken out of visibilities before gridding and put back after
 * degridding; weights and subtraction on the way. Phases are brought into [−½, ½] turns in f64.
 */
import { fullCosine, fullSine, halfCosine, halfSine } from './phase'
import { imaginaryParts, interleaveHigh, interleaveLow, lanes, mulAdd, mulSub, realParts } from './lanes'
import { take } from './queue'
import { SamplingJob } from './sampling-job'

@inline
function turnsAt<T>(frequency: usize, scaled: f64): v128 {
  const scale = f64x2.splat(scaled)
  let a = f64x2.mul(scale, v128.load(frequency))
  a = f64x2.sub(a, f64x2.nearest(a))
  if (sizeof<T>() == 8) return a
  let b = f64x2.mul(scale, v128.load(frequency, 16))
  b = f64x2.sub(b, f64x2.nearest(b))
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 1, 4, 5)
}

/** Turns one vector of samples from `from` to `to`. */
@inline
function turnVector<T>(from: usize, to: usize, frequency: usize, scaled: f64): void {
  const t = turnsAt<T>(frequency, scaled)
  const s = halfSine<T>(t), c = halfCosine<T>(t)
  const sine = fullSine<T>(s, c), cosine = fullCosine<T>(s)
  const a = v128.load(from), b = v128.load(from, 16)
  const re = realParts<T>(a, b), im = imaginaryParts<T>(a, b)
  const turnedRe = mulSub<T>(im, sine, v128.mul<T>(re, cosine)), turnedIm = mulAdd<T>(re, sine, v128.mul<T>(im, cosine))
  v128.store(to, interleaveLow<T>(turnedRe, turnedIm))
  v128.store(to, interleaveHigh<T>(turnedRe, turnedIm), 16)
}

@inline
function weighted<T>(job: SamplingJob, sample: usize, to: usize): void {
  const cell: usize = 2 * sizeof<T>()
  let re: T = 1, im: T = 0, weight: T = 1
  if (job.weight != 0) weight = <T>load<f32>(job.weight + (sample << 2))
  // A flagged sample may hold NaN; it must not reach a product.
  if (!(weight > 0)) {
    re = 0
  } else {
    if (job.visibility != 0) {
      re = load<T>(job.visibility + sample * cell)
      im = load<T>(job.visibility + sample * cell, sizeof<T>())
    }
    re = re * weight
    im = im * weight
  }
  store<T>(to, re)
  store<T>(to, im, sizeof<T>())
}

/** One item = one block of rows: visibility · weight · exp(−2πi·shift) into `predicted`, which serves as input after. */
@inline
function prepare<T>(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void {
  const nChannel = job.nChannel
  const cell: usize = 2 * sizeof<T>()
  for (let block = take(queue); block < nItem; block = take(queue)) {
    const lastRow = min(job.nRow, (block + 1) * job.rowsPerBlock)
    for (let row = block * job.rowsPerBlock; row < lastRow; row++) {
      const scaled = -load<f64>(job.uvw + <usize>row * 24, 16) * job.shiftW
      for (let channel = 0; channel < nChannel; channel += lanes<T>()) {
        const count = min(lanes<T>(), nChannel - channel)
        const sample = <usize>row * <usize>nChannel + <usize>channel
        for (let k = 0; k < count; k++) weighted<T>(job, sample + <usize>k, scratch + <usize>k * cell)
        const to = job.predicted + sample * cell
        // The frequency table is padded to whole vectors.
        if (count == lanes<T>()) turnVector<T>(scratch, to, job.frequency + (<usize>channel << 3), scaled)
        else {
          turnVector<T>(scratch, scratch + 32, job.frequency + (<usize>channel << 3), scaled)
          memory.copy(to, scratch + 32, <usize>count * cell)
        }
      }
    }
  }
}

/** One item = one block of rows: `predicted` · exp(+2πi·shift), subtracted from `minuend` when there is one. */
@inline
function complete<T>(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void {
  const nChannel = job.nChannel
  const cell: usize = 2 * sizeof<T>()
  for (let block = take(queue); block < nItem; block = take(queue)) {
    const lastRow = min(job.nRow, (block + 1) * job.rowsPerBlock)
    for (let row = block * job.rowsPerBlock; row < lastRow; row++) {
      const scaled = load<f64>(job.uvw + <usize>row * 24, 16) * job.shiftW
      for (let channel = 0; channel < nChannel; channel += lanes<T>()) {
        const bytes = <usize>min(lanes<T>(), nChannel - channel) * cell
        const offset = (<usize>row * <usize>nChannel + <usize>channel) * cell
        memory.copy(scratch, job.predicted + offset, bytes)
        turnVector<T>(scratch, scratch, job.frequency + (<usize>channel << 3), scaled)
        if (job.minuend != 0) {
          for (let at: usize = 0; at < bytes; at += sizeof<T>()) {
            store<T>(scratch + at, load<T>(job.minuend + offset + at) - load<T>(scratch + at))
          }
        }
        memory.copy(job.predicted + offset, scratch, bytes)
      }
    }
  }
}

export function prepareSamplesF32(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { prepare<f32>(queue, nItem, scratch, job) }
export function prepareSamplesF64(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { prepare<f64>(queue, nItem, scratch, job) }
export function completeSamplesF32(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { complete<f32>(queue, nItem, scratch, job) }
export function completeSamplesF64(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { complete<f64>(queue, nItem, scratch, job) }
