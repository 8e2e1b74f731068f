/**
 * Complex 2-D and batched FFTs, interleaved (re, im), in place, rows `stride` bytes apart. `conjugate` ≠ 0 gives the
 * inverse direction (exp(+2πi…), unscaled). Rows beyond the last are read as copies of it, which writes it again with
 * the same value.
 */
import { transform } from './fft-core'
import { gatherRows, imaginaryParts, interleaveHigh, interleaveLow, lanes, realParts, rowStep, scatterRows } from './lanes'
import { take } from './queue'

@inline
function negateImaginary<T>(groups: usize, n: i32): void {
  for (let at = groups + 16, end = groups + (<usize>n << 5); at < end; at += 32) {
    v128.store(at, v128.neg<T>(v128.load(at)))
  }
}

/** One item = as many rows as there are lanes. Scratch: 64·n bytes. */
function rows<T>(
  queue: usize, nItem: i32, scratch: usize,
  data: usize, stride: usize, n: i32, nRow: i32, table: usize, plan: usize, conjugate: i32,
): void {
  const last = nRow - 1
  const other = scratch + (<usize>n << 5)
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const first = item * lanes<T>()
    let a = data + <usize>first * stride, b = data + <usize>min(first + 1, last) * stride
    let c = data + <usize>min(first + 2, last) * stride, d = data + <usize>min(first + 3, last) * stride
    // An odd row length in f32 leaves one number that a pair of columns does not cover.
    const paired = n - (n % rowStep<T>())
    let to = scratch
    for (let k = 0; k < paired; k += rowStep<T>()) {
      gatherRows<T>(a, b, c, d, to)
      a += 16; b += 16; c += 16; d += 16
      to += <usize>(32 * rowStep<T>())
    }
    if (sizeof<T>() == 4 && paired < n) {
      store<f32>(to, load<f32>(a)); store<f32>(to, load<f32>(b), 4)
      store<f32>(to, load<f32>(c), 8); store<f32>(to, load<f32>(d), 12)
      store<f32>(to, load<f32>(a, 4), 16); store<f32>(to, load<f32>(b, 4), 20)
      store<f32>(to, load<f32>(c, 4), 24); store<f32>(to, load<f32>(d, 4), 28)
    }
    if (conjugate) negateImaginary<T>(scratch, n)
    let from = transform<T>(n, scratch, other, table, plan)
    if (conjugate) negateImaginary<T>(from, n)
    a = data + <usize>first * stride; b = data + <usize>min(first + 1, last) * stride
    c = data + <usize>min(first + 2, last) * stride; d = data + <usize>min(first + 3, last) * stride
    for (let k = 0; k < paired; k += rowStep<T>()) {
      scatterRows<T>(from, a, b, c, d)
      a += 16; b += 16; c += 16; d += 16
      from += <usize>(32 * rowStep<T>())
    }
    if (sizeof<T>() == 4 && paired < n) {
      store<f32>(a, load<f32>(from)); store<f32>(b, load<f32>(from, 4))
      store<f32>(c, load<f32>(from, 8)); store<f32>(d, load<f32>(from, 12))
      store<f32>(a, load<f32>(from, 16), 4); store<f32>(b, load<f32>(from, 20), 4)
      store<f32>(c, load<f32>(from, 24), 4); store<f32>(d, load<f32>(from, 28), 4)
    }
  }
}

/**
 * Along the slow axis: n rows, columns in runs of 64 bytes (two groups); `stride` is a multiple of 64 bytes and the
 * padding behind the last column is transformed as well. One item = one run. Scratch: 96·n bytes.
 */
function columns<T>(
  queue: usize, nItem: i32, scratch: usize,
  data: usize, stride: usize, n: i32, table: usize, plan: usize, conjugate: i32,
): void {
  const block: usize = <usize>n << 5
  for (let item = take(queue); item < nItem; item = take(queue)) {
    const column = data + (<usize>item << 6)
    let at = column, to = scratch
    for (let i = 0; i < n; i++) {
      const a = v128.load(at), b = v128.load(at, 16), c = v128.load(at, 32), d = v128.load(at, 48)
      v128.store(to, realParts<T>(a, b))
      v128.store(to, imaginaryParts<T>(a, b), 16)
      v128.store(to + block, realParts<T>(c, d))
      v128.store(to + block, imaginaryParts<T>(c, d), 16)
      at += stride
      to += 32
    }
    if (conjugate) negateImaginary<T>(scratch, 2 * n)
    let p = transform<T>(n, scratch, scratch + 2 * block, table, plan)
    let q = transform<T>(n, scratch + block, p == scratch ? scratch + 2 * block : scratch, table, plan)
    if (conjugate) {
      negateImaginary<T>(p, n)
      negateImaginary<T>(q, n)
    }
    at = column
    for (let i = 0; i < n; i++) {
      const pr = v128.load(p), pi = v128.load(p, 16), qr = v128.load(q), qi = v128.load(q, 16)
      v128.store(at, interleaveLow<T>(pr, pi))
      v128.store(at, interleaveHigh<T>(pr, pi), 16)
      v128.store(at, interleaveLow<T>(qr, qi), 32)
      v128.store(at, interleaveHigh<T>(qr, qi), 48)
      at += stride
      p += 32
      q += 32
    }
  }
}

export function fftRowsF32(queue: usize, nItem: i32, scratch: usize, data: usize, stride: usize, n: i32, nRow: i32, table: usize, plan: usize, conjugate: i32): void {
  rows<f32>(queue, nItem, scratch, data, stride, n, nRow, table, plan, conjugate)
}
export function fftRowsF64(queue: usize, nItem: i32, scratch: usize, data: usize, stride: usize, n: i32, nRow: i32, table: usize, plan: usize, conjugate: i32): void {
  rows<f64>(queue, nItem, scratch, data, stride, n, nRow, table, plan, conjugate)
}
export function fftColumnsF32(queue: usize, nItem: i32, scratch: usize, data: usize, stride: usize, n: i32, table: usize, plan: usize, conjugate: i32): void {
  columns<f32>(queue, nItem, scratch, data, stride, n, table, plan, conjugate)
}
export function fftColumnsF64(queue: usize, nItem: i32, scratch: usize, data: usize, stride: usize, n: i32, table: usize, plan: usize, conjugate: i32): void {
  columns<f64>(queue, nItem, scratch, data, stride, n, table, plan, conjugate)
}
