/**
 * Gridding and degridding of binned visibilities in single precision, support 4 to 8 cells.
 *
 * A sample at distance t from its first tap adds V·φ_w(plane)·φ_v(row)·φ_u(column) to support² cells of each of up to
 * supportW planes (Arras et al. 2021, A&A 646, A58, eq. 9; Ye et al. 2022, MNRAS 510, 4110). Taps are polynomials in
 * t ∈ [−1, 1): as φ is even, tap W−1−k at t is tap k at −t, so even and odd parts of four taps give eight.
 *
 * Work goes tile by tile through a buffer that fits the first-level cache; cells are complex, interleaved, so a row of
 * W taps takes ⌈W/2⌉ vectors. W and hasW are constants in every instance below.
 */
import { mulAdd } from './lanes'
import { take } from './queue'
import { cellPosition, SamplingJob } from './sampling-job'
import { addTile, copyTile, endSegment, firstSegment, tileAddress } from './tile-range'

/** Scratch: taps along v (32 bytes) and w (32 bytes), then the tile buffer at 128. */
const TAPS_W: usize = 32
const BUFFER: usize = 128

@inline
function stretched(taps: v128, high: bool): v128 {
  return high ? v128.shuffle<f32>(taps, taps, 2, 2, 3, 3) : v128.shuffle<f32>(taps, taps, 0, 0, 1, 1)
}

/** Taps 4 … 7 in order from the mirrored four (W−1, W−2, …), zero behind the last. */
@inline
function upperTaps(mirrored: v128, W: i32): v128 {
  const zero = f32x4.splat(0)
  if (W == 8) return v128.shuffle<f32>(mirrored, zero, 3, 2, 1, 0)
  if (W == 7) return v128.shuffle<f32>(mirrored, zero, 2, 1, 0, 4)
  if (W == 6) return v128.shuffle<f32>(mirrored, zero, 1, 0, 4, 4)
  if (W == 5) return v128.shuffle<f32>(mirrored, zero, 0, 4, 4, 4)
  return zero
}

@inline
function storeTapsW(job: SamplingJob, scratch: usize, t: f32): void {
  let at = job.coefficientsW
  const tv = f32x4.splat(t), square = f32x4.mul(tv, tv)
  let even = v128.load(at), odd = v128.load(at, 16)
  for (const end = at + (<usize>(job.nTermW - 1) << 5); at < end; ) {
    at += 32
    even = mulAdd<f32>(even, square, v128.load(at))
    odd = mulAdd<f32>(odd, square, v128.load(at, 16))
  }
  const turned = f32x4.mul(odd, tv)
  const mirrored = f32x4.sub(even, turned)
  const last = scratch + TAPS_W + (<usize>(job.supportW - 1) << 2)
  v128.store(scratch, f32x4.add(even, turned), TAPS_W)
  v128.store_lane<f32>(last, mirrored, 0)
  v128.store_lane<f32>(last - 4, mirrored, 1)
  v128.store_lane<f32>(last - 8, mirrored, 2)
  v128.store_lane<f32>(last - 12, mirrored, 3)
}

@inline
function addRow(cell: usize, tap: usize, W: i32, p0: v128, p1: v128, p2: v128, p3: v128): void {
  const k = v128.load32_splat(tap)
  v128.store(cell, mulAdd<f32>(k, p0, v128.load(cell)))
  v128.store(cell, mulAdd<f32>(k, p1, v128.load(cell, 16)), 16)
  if (W > 4) v128.store(cell, mulAdd<f32>(k, p2, v128.load(cell, 32)), 32)
  if (W > 6) v128.store(cell, mulAdd<f32>(k, p3, v128.load(cell, 48)), 48)
}

@inline
function tiles(queue: usize, nItem: i32, scratch: usize, job: SamplingJob, W: i32, hasW: bool, degrid: bool): void {
  const tileSize = 1 << job.tileShift
  const bufferRow: usize = <usize>(tileSize + 8) << 3
  const nBufferRow = tileSize + W - 1
  const bufferPlane = bufferRow * <usize>nBufferRow
  const buffer = scratch + BUFFER
  const nChannel = job.nChannel, nPlane = job.nPlane, firstPlane = job.firstPlane
  const supportW = job.supportW, nTerm = job.nTerm
  const scaleU = job.scaleU, scaleV = job.scaleV, scaleW = job.scaleW
  const originU = job.originU, originV = job.originV, originW = job.originW
  const periodU = job.periodU, periodV = job.periodV
  const frequencies = job.frequency, coefficients = job.coefficients, segments = job.segments
  const weights = job.weight, visibilities = job.visibility, minuend = job.minuend
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const tile = load<i32>(job.tiles + (<usize>item << 2))
    const tileV = tile / job.nTileU, tileU = tile - tileV * job.nTileU
    const cornerU = tileU << job.tileShift, cornerV = tileV << job.tileShift
    const end = endSegment(job, tile)
    let segment = firstSegment(job, tile)
    if (segment >= end) continue
    const inGrid = tileAddress(job, tile, 8)
    if (degrid) copyTile(job, buffer, bufferRow, nBufferRow, inGrid)
    else memory.fill(buffer, 0, bufferPlane * <usize>nPlane)
    for (; segment < end; segment++) {
      const entry = segments + (<usize>segment << 3)
      const row = load<u32>(entry), channels = load<u32>(entry, 4)
      const endChannel = channels >> 16
      let channel = channels & 0xffff
      const at = job.uvw + <usize>row * 24
      let u = load<f64>(at) * scaleU, v = load<f64>(at, 8) * scaleV, w = load<f64>(at, 16) * scaleW
      let sign: f32 = 1
      if (hasW ? w < 0 : u < 0) {
        u = -u
        v = -v
        w = -w
        sign = -1
      }
      let sample = <usize>row * <usize>nChannel + <usize>channel
      for (; channel < endChannel; channel++, sample++) {
        let vr: f32 = 1, vi: f32 = 0
        if (!degrid) {
          let weight: f32 = 1
          if (weights != 0) {
            weight = load<f32>(weights + (sample << 2))
            if (!(weight > 0)) continue
          }
          if (visibilities != 0) {
            vr = load<f32>(visibilities + (sample << 3))
            vi = load<f32>(visibilities + (sample << 3), 4)
            if (hasW && vr == 0 && vi == 0) continue
          }
          vr *= weight
          vi *= weight * sign
        }
        const f = load<f64>(frequencies + (<usize>channel << 3))
        const x = cellPosition(u, f, originU, periodU), y = cellPosition(v, f, originV, periodV)
        const firstU = Math.ceil(x), firstV = Math.ceil(y)
        const tu = f32x4.splat(f32(2 * (firstU - x) - 1)), tv = f32x4.splat(f32(2 * (firstV - y) - 1))
        const squareU = f32x4.mul(tu, tu), squareV = f32x4.mul(tv, tv)
        let c = coefficients
        let evenU = v128.load(c), oddU = v128.load(c, 16), evenV = evenU, oddV = oddU
        for (const last = c + (<usize>(nTerm - 1) << 5); c < last; ) {
          c += 32
          const e = v128.load(c), o = v128.load(c, 16)
          evenU = mulAdd<f32>(evenU, squareU, e)
          oddU = mulAdd<f32>(oddU, squareU, o)
          evenV = mulAdd<f32>(evenV, squareV, e)
          oddV = mulAdd<f32>(oddV, squareV, o)
        }
        oddU = f32x4.mul(oddU, tu)
        oddV = f32x4.mul(oddV, tv)
        const lowU = f32x4.add(evenU, oddU)
        v128.store(scratch, f32x4.add(evenV, oddV))
        const k0 = stretched(lowU, false), k1 = stretched(lowU, true)
        let k2 = k0, k3 = k0
        if (W > 4) {
          const highU = upperTaps(f32x4.sub(evenU, oddU), W)
          v128.store(scratch, upperTaps(f32x4.sub(evenV, oddV), W), 16)
          k2 = stretched(highU, false)
          if (W > 6) k3 = stretched(highU, true)
        }
        let plane = 0, endPlane = 1, tapW = scratch
        if (hasW) {
          const z = w * f + originW
          const firstW = Math.ceil(z)
          storeTapsW(job, scratch, f32(2 * (firstW - z) - 1))
          const begin = i32(firstW) - firstPlane
          plane = max(0, begin)
          endPlane = min(nPlane, begin + supportW)
          tapW = scratch + TAPS_W + (<usize>(plane - begin) << 2)
        }
        let cell = buffer + <usize>plane * bufferPlane
          + <usize>(i32(firstV) - cornerV) * bufferRow + (<usize>(i32(firstU) - cornerU) << 3)
        if (!degrid) {
          for (; plane < endPlane; plane++) {
            let re = vr, im = vi
            if (hasW) {
              const k = load<f32>(tapW)
              re *= k
              im *= k
              tapW += 4
            }
            const value = f32x4.replace_lane(f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(re), 1, im), 3, im), 2, re)
            const p0 = f32x4.mul(k0, value), p1 = f32x4.mul(k1, value)
            let p2 = p0, p3 = p0
            if (W > 4) p2 = f32x4.mul(k2, value)
            if (W > 6) p3 = f32x4.mul(k3, value)
            let to = cell
            addRow(to, scratch, W, p0, p1, p2, p3)
            to += bufferRow
            addRow(to, scratch + 4, W, p0, p1, p2, p3)
            to += bufferRow
            addRow(to, scratch + 8, W, p0, p1, p2, p3)
            to += bufferRow
            addRow(to, scratch + 12, W, p0, p1, p2, p3)
            if (W > 4) {
              to += bufferRow
              addRow(to, scratch + 16, W, p0, p1, p2, p3)
            }
            if (W > 5) {
              to += bufferRow
              addRow(to, scratch + 20, W, p0, p1, p2, p3)
            }
            if (W > 6) {
              to += bufferRow
              addRow(to, scratch + 24, W, p0, p1, p2, p3)
            }
            if (W > 7) {
              to += bufferRow
              addRow(to, scratch + 28, W, p0, p1, p2, p3)
            }
            cell += bufferPlane
          }
        } else {
          let sum = f32x4.splat(0)
          for (; plane < endPlane; plane++) {
            let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0
            let from = cell
            for (let tap = scratch; tap < scratch + (<usize>W << 2); tap += 4) {
              const k = v128.load32_splat(tap)
              s0 = mulAdd<f32>(k, v128.load(from), s0)
              s1 = mulAdd<f32>(k, v128.load(from, 16), s1)
              if (W > 4) s2 = mulAdd<f32>(k, v128.load(from, 32), s2)
              if (W > 6) s3 = mulAdd<f32>(k, v128.load(from, 48), s3)
              from += bufferRow
            }
            s0 = mulAdd<f32>(s1, k1, f32x4.mul(s0, k0))
            if (W > 4) s2 = f32x4.mul(s2, k2)
            if (W > 6) s2 = mulAdd<f32>(s3, k3, s2)
            if (W > 4) s0 = f32x4.add(s0, s2)
            if (hasW) {
              sum = mulAdd<f32>(v128.load32_splat(tapW), s0, sum)
              tapW += 4
            } else sum = s0
            cell += bufferPlane
          }
          // The transform behind the grid has the sign of gridding; for a real model the prediction is its conjugate.
          vr = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 2)
          vi = -sign * (f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 3))
          const to = job.predicted + (sample << 3)
          if (hasW) {
            store<f32>(to, load<f32>(to) + vr)
            store<f32>(to, load<f32>(to, 4) + vi, 4)
          } else if (minuend != 0) {
            store<f32>(to, load<f32>(minuend + (sample << 3)) - vr)
            store<f32>(to, load<f32>(minuend + (sample << 3), 4) - vi, 4)
          } else {
            store<f32>(to, vr)
            store<f32>(to, vi, 4)
          }
        }
      }
    }
    if (!degrid) addTile<f32>(job, buffer, bufferRow, nBufferRow, inGrid)
  }
}

export function gridF32W4(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 4, true, false) }
export function gridF32W5(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 5, true, false) }
export function gridF32W6(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 6, true, false) }
export function gridF32W7(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 7, true, false) }
export function gridF32W8(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 8, true, false) }
export function gridFlatF32W4(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 4, false, false) }
export function gridFlatF32W5(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 5, false, false) }
export function gridFlatF32W6(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 6, false, false) }
export function gridFlatF32W7(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 7, false, false) }
export function gridFlatF32W8(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 8, false, false) }
export function degridF32W4(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 4, true, true) }
export function degridF32W5(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 5, true, true) }
export function degridF32W6(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 6, true, true) }
export function degridF32W7(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 7, true, true) }
export function degridF32W8(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 8, true, true) }
export function degridFlatF32W4(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 4, false, true) }
export function degridFlatF32W5(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 5, false, true) }
export function degridFlatF32W6(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 6, false, true) }
export function degridFlatF32W7(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 7, false, true) }
export function degridFlatF32W8(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, 8, false, true) }
