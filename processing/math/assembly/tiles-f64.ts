/**
 * Gridding and degridding of binned visibilities in double precision, any support up to 16: the same sums as
 * tiles-f32.ts, one vector per complex cell.
 */
import { mulAdd } from './lanes'
import { take } from './queue'
import { cellPosition, SamplingJob } from './sampling-job'
import { addTile, copyTile, endSegment, firstSegment, tileAddress } from './tile-range'

/** Scratch: taps along u, v and w (16 f64 each), the products of taps and value (16 complex), then the tile buffer. */
const TAPS_V: usize = 128
const TAPS_W: usize = 256
const PRODUCTS: usize = 384
const BUFFER: usize = 640

/**
 * Taps 0 … support−1 at t: pairs of taps from their even and odd parts, the mirrored ones stored from the end.
 * Coefficients: [term, pair of taps, even/odd, 2], highest power first.
 */
@inline
function storeTaps(to: usize, coefficients: usize, nTerm: i32, support: i32, t: f64): void {
  const nPair = (support + 3) >> 2
  const tv = f64x2.splat(t), square = f64x2.mul(tv, tv)
  const term: usize = <usize>nPair << 5
  for (let pair = 0; pair < nPair; pair++) {
    let at = coefficients + (<usize>pair << 5)
    let even = v128.load(at), odd = v128.load(at, 16)
    for (let k = 1; k < nTerm; k++) {
      at += term
      even = mulAdd<f64>(even, square, v128.load(at))
      odd = mulAdd<f64>(odd, square, v128.load(at, 16))
    }
    const turned = f64x2.mul(odd, tv)
    const low = f64x2.add(even, turned), mirrored = f64x2.sub(even, turned)
    const first = 2 * pair, last = support - 1 - first
    v128.store_lane<f64>(to + (<usize>first << 3), low, 0)
    v128.store_lane<f64>(to + (<usize>last << 3), mirrored, 0)
    // The middle taps of an even support come in one pair from both sides; they agree.
    if (first + 1 < last) {
      v128.store_lane<f64>(to + (<usize>(first + 1) << 3), low, 1)
      v128.store_lane<f64>(to + (<usize>(last - 1) << 3), mirrored, 1)
    }
  }
}

@inline
function tiles(queue: usize, nItem: i32, scratch: usize, job: SamplingJob, hasW: bool, degrid: bool): void {
  const support = job.support
  const tileSize = 1 << job.tileShift
  const bufferRow: usize = <usize>(tileSize + support) << 4
  const nBufferRow = tileSize + support - 1
  const bufferPlane = bufferRow * <usize>nBufferRow
  const buffer = scratch + BUFFER
  const nChannel = job.nChannel, nPlane = job.nPlane, firstPlane = job.firstPlane, supportW = job.supportW
  const weights = job.weight, visibilities = job.visibility, minuend = job.minuend
  const products = scratch + PRODUCTS
  const rowBytes: usize = <usize>support << 4
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const tile = load<i32>(job.tiles + (<usize>item << 2))
    const tileV = tile / job.nTileU, tileU = tile - tileV * job.nTileU
    const cornerU = tileU << job.tileShift, cornerV = tileV << job.tileShift
    const end = endSegment(job, tile)
    let segment = firstSegment(job, tile)
    if (segment >= end) continue
    const inGrid = tileAddress(job, tile, 16)
    if (degrid) copyTile(job, buffer, bufferRow, nBufferRow, inGrid)
    else memory.fill(buffer, 0, bufferPlane * <usize>nPlane)
    for (; segment < end; segment++) {
      const entry = job.segments + (<usize>segment << 3)
      const row = load<u32>(entry), channels = load<u32>(entry, 4)
      const endChannel = channels >> 16
      let channel = channels & 0xffff
      const at = job.uvw + <usize>row * 24
      let u = load<f64>(at) * job.scaleU, v = load<f64>(at, 8) * job.scaleV, w = load<f64>(at, 16) * job.scaleW
      let sign: f64 = 1
      if (hasW ? w < 0 : u < 0) {
        u = -u
        v = -v
        w = -w
        sign = -1
      }
      let sample = <usize>row * <usize>nChannel + <usize>channel
      for (; channel < endChannel; channel++, sample++) {
        let vr: f64 = 1, vi: f64 = 0
        if (!degrid) {
          let weight: f64 = 1
          if (weights != 0) {
            weight = <f64>load<f32>(weights + (sample << 2))
            if (!(weight > 0)) continue
          }
          if (visibilities != 0) {
            vr = load<f64>(visibilities + (sample << 4))
            vi = load<f64>(visibilities + (sample << 4), 8)
            if (hasW && vr == 0 && vi == 0) continue
          }
          vr *= weight
          vi *= weight * sign
        }
        const f = load<f64>(job.frequency + (<usize>channel << 3))
        const x = cellPosition(u, f, job.originU, job.periodU), y = cellPosition(v, f, job.originV, job.periodV)
        const firstU = Math.ceil(x), firstV = Math.ceil(y)
        storeTaps(scratch, job.coefficients, job.nTerm, support, 2 * (firstU - x) - 1)
        storeTaps(scratch + TAPS_V, job.coefficients, job.nTerm, support, 2 * (firstV - y) - 1)
        let plane = 0, endPlane = 1, tapW = scratch
        if (hasW) {
          const z = w * f + job.originW
          const firstW = Math.ceil(z)
          storeTaps(scratch + TAPS_W, job.coefficientsW, job.nTermW, supportW, 2 * (firstW - z) - 1)
          const begin = i32(firstW) - firstPlane
          plane = max(0, begin)
          endPlane = min(nPlane, begin + supportW)
          tapW = scratch + TAPS_W + (<usize>(plane - begin) << 3)
        }
        let cell = buffer + <usize>plane * bufferPlane
          + <usize>(i32(firstV) - cornerV) * bufferRow + (<usize>(i32(firstU) - cornerU) << 4)
        let sum = f64x2.splat(0)
        for (; plane < endPlane; plane++) {
          let k: f64 = 1
          if (hasW) {
            k = load<f64>(tapW)
            tapW += 8
          }
          let line = cell
          if (!degrid) {
            const value = f64x2.replace_lane(f64x2.splat(vr * k), 1, vi * k)
            for (let j: usize = 0; j < rowBytes; j += 16) {
              v128.store(products + j, f64x2.mul(v128.load64_splat(scratch + (j >> 1)), value))
            }
            for (let tap = scratch + TAPS_V; tap < scratch + TAPS_V + (rowBytes >> 1); tap += 8) {
              const kv = v128.load64_splat(tap)
              for (let j: usize = 0; j < rowBytes; j += 16) {
                v128.store(line + j, mulAdd<f64>(kv, v128.load(products + j), v128.load(line + j)))
              }
              line += bufferRow
            }
          } else {
            let planeSum = f64x2.splat(0)
            for (let tap = scratch + TAPS_V; tap < scratch + TAPS_V + (rowBytes >> 1); tap += 8) {
              let rowSum = f64x2.splat(0)
              for (let j: usize = 0; j < rowBytes; j += 16) {
                rowSum = mulAdd<f64>(v128.load64_splat(scratch + (j >> 1)), v128.load(line + j), rowSum)
              }
              planeSum = mulAdd<f64>(v128.load64_splat(tap), rowSum, planeSum)
              line += bufferRow
            }
            sum = mulAdd<f64>(f64x2.splat(k), planeSum, sum)
          }
          cell += bufferPlane
        }
        if (degrid) {
          // The transform behind the grid has the sign of gridding; for a real model the prediction is its conjugate.
          const re = f64x2.extract_lane(sum, 0), im = -sign * f64x2.extract_lane(sum, 1)
          const to = job.predicted + (sample << 4)
          if (hasW) {
            store<f64>(to, load<f64>(to) + re)
            store<f64>(to, load<f64>(to, 8) + im, 8)
          } else if (minuend != 0) {
            store<f64>(to, load<f64>(minuend + (sample << 4)) - re)
            store<f64>(to, load<f64>(minuend + (sample << 4), 8) - im, 8)
          } else {
            store<f64>(to, re)
            store<f64>(to, im, 8)
          }
        }
      }
    }
    if (!degrid) addTile<f64>(job, buffer, bufferRow, nBufferRow, inGrid)
  }
}

export function gridF64(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, true, false) }
export function gridFlatF64(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, false, false) }
export function degridF64(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, true, true) }
export function degridFlatF64(queue: usize, nItem: i32, scratch: usize, job: SamplingJob): void { tiles(queue, nItem, scratch, job, false, true) }
