/** Product of two half spectra of real images, as the way back to the image wants it. */
import { take } from './queue'
import { BORDER } from './sampling-job'

@inline
function multiplyCell<T>(a: usize, b: usize, scale: T): void {
  const ar = load<T>(a), ai = load<T>(a, sizeof<T>()), br = load<T>(b), bi = load<T>(b, sizeof<T>())
  const re = ar * br - ai * bi, im = ar * bi + ai * br
  store<T>(a, re * scale)
  store<T>(a, -im * scale, sizeof<T>())
}

/**
 * a = conj(a·b); one item = one row of the grid. The conjugate turns the forward transform that follows into the inverse
 * one. Columns 0 and nu/2 are their own mirror images and count half; what is stored behind nu/2 counts nothing.
 */
@inline
function multiply<T>(queue: usize, nItem: i32, scratch: usize, a: usize, b: usize, rowBytes: usize, nu: i32): void {
  const cell: usize = 2 * sizeof<T>()
  for (let row = take(queue); row < nItem; row = take(queue)) {
    const offset = <usize>(row + BORDER) * rowBytes + <usize>BORDER * cell
    const middle = offset + <usize>(nu >> 1) * cell
    for (let at = offset + cell; at < middle; at += cell) multiplyCell<T>(a + at, b + at, 1)
    multiplyCell<T>(a + offset, b + offset, 0.5)
    multiplyCell<T>(a + middle, b + middle, 0.5)
    memory.fill(a + middle + cell, 0, cell)
  }
}

export function multiplySpectraF32(queue: usize, nItem: i32, scratch: usize, a: usize, b: usize, rowBytes: usize, nu: i32): void {
  multiply<f32>(queue, nItem, scratch, a, b, rowBytes, nu)
}
export function multiplySpectraF64(queue: usize, nItem: i32, scratch: usize, a: usize, b: usize, rowBytes: usize, nu: i32): void {
  multiply<f64>(queue, nItem, scratch, a, b, rowBytes, nu)
}
