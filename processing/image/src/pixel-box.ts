// Boxes of pixels with strides, cut out of a cube and put back.
import type { ImageCube, ImageShape, PixelBox } from '@cleanbeam/types'
import { ImageError } from './image-error.ts'

/** A box with every axis filled in; corners inclusive. */
export interface FullBox {
  readonly blc: readonly number[]
  readonly trc: readonly number[]
  readonly inc: readonly number[]
  /** Pixels taken along each axis. */
  readonly shape: readonly number[]
}

/**
 * Fills in a box: missing axes are whole, −1 is the end of the axis (the start, in blc), inc is 1.
 * @throws ImageError when a corner lies outside the image or the corners are in the wrong order
 */
export function resolveBox(shape: ImageShape, box: Partial<PixelBox> = {}): FullBox {
  const axis = (list: readonly number[] | undefined, i: number, fallback: number) =>
    list?.[i] === undefined || list[i] < 0 ? fallback : list[i]
  const blc = shape.map((_, i) => axis(box.blc, i, 0))
  const trc = shape.map((n, i) => axis(box.trc, i, n - 1))
  const inc = shape.map((_, i) => axis(box.inc, i, 1))
  for (let i = 0; i < 4; i++) {
    const isWhole = [blc[i], trc[i], inc[i]].every(Number.isInteger)
    if (isWhole && blc[i] <= trc[i] && trc[i] < shape[i] && inc[i] > 0) continue
    throw new ImageError(
      `expected whole blc ≤ trc < ${shape[i]} and inc ≥ 1 on axis ${i}, got blc ${blc[i]}, trc ${trc[i]}, inc ${inc[i]} (pixel box of an image of shape [${shape.join(', ')}])`,
      { axis: i, blc: blc[i], trc: trc[i], inc: inc[i] },
    )
  }
  return { blc, trc, inc, shape: blc.map((low, i) => Math.floor((trc[i] - low) / inc[i]) + 1) }
}

/** Calls `visit(index in the cube, index in the box)` for every pixel of the box, x fastest. */
export function visitBox(shape: ImageShape, box: FullBox, visit: (cube: number, chunk: number) => void): void {
  const [nx, ny, nStokes, nChannel] = box.shape
  let chunk = 0
  for (let c = 0; c < nChannel; c++) {
    const channel = box.blc[3] + c * box.inc[3]
    for (let s = 0; s < nStokes; s++) {
      const stokes = box.blc[2] + s * box.inc[2]
      for (let j = 0; j < ny; j++) {
        const row = shape[0] * (box.blc[1] + j * box.inc[1] + shape[1] * (stokes + shape[2] * channel)) + box.blc[0]
        for (let i = 0; i < nx; i++) visit(row + i * box.inc[0], chunk++)
      }
    }
  }
}

/** Pixels of a box as float64, x fastest. */
export function takePixels(cube: ImageCube, box: FullBox): Float64Array {
  const out = new Float64Array(box.shape.reduce((product, n) => product * n, 1))
  const { pixels } = cube
  visitBox(cube.shape, box, (from, to) => {
    out[to] = pixels[from]
  })
  return out
}

/** Pixel mask of a box, 1 good. */
export function takeMask(cube: ImageCube, box: FullBox): Uint8Array {
  const out = new Uint8Array(box.shape.reduce((product, n) => product * n, 1)).fill(1)
  const { mask } = cube
  if (mask) {
    visitBox(cube.shape, box, (from, to) => {
      out[to] = mask[from]
    })
  }
  return out
}

/** Shape without axes of length 1; [1] when all are. */
export function dropDegenerate(shape: readonly number[]): number[] {
  const kept = shape.filter(n => n > 1)
  return kept.length > 0 ? kept : [1]
}
