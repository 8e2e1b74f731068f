import type { MinorCyclePlane } from './minor-cycle-types.ts'

/** Where a plane is largest in absolute value. */
export interface PlanePeak {
  readonly absoluteJy: number
  readonly index: number
}

/** Pixels x0 … x1 − 1 by y0 … y1 − 1. */
export interface PixelBounds {
  readonly x0: number
  readonly x1: number
  readonly y0: number
  readonly y1: number
}

/**
 * The largest absolute value within the mask and the bounds (everywhere without them); of equal ones the first in
 * storage order. NaN is passed over. Without such a pixel the answer is 0 at index 0.
 */
export function planePeak(
  values: Float32Array,
  mask: Float32Array | Uint8Array | null,
  nx: number,
  bounds: PixelBounds = { x0: 0, x1: nx, y0: 0, y1: values.length / nx },
): PlanePeak {
  let best = 0
  let index = 0
  for (let y = bounds.y0; y < bounds.y1; y++) {
    const end = y * nx + bounds.x1
    for (let j = y * nx + bounds.x0; j < end; j++) {
      const size = Math.abs(values[j])
      if (size > best && (mask === null || mask[j] > 0)) {
        best = size
        index = j
      }
    }
  }
  return { absoluteJy: best, index }
}

/** The smallest box that holds the mask; the whole plane without one, nothing for an empty one. */
export function maskBox(plane: MinorCyclePlane): PixelBounds {
  const { nx, ny, mask } = plane
  if (mask === null) return { x0: 0, x1: nx, y0: 0, y1: ny }
  let [x0, x1, y0, y1] = [nx, 0, ny, 0]
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      if (!(mask[x + nx * y] > 0)) continue
      if (x < x0) x0 = x
      if (x >= x1) x1 = x + 1
      if (y < y0) y0 = y
      y1 = y + 1
    }
  }
  return x1 === 0 ? { x0: 0, x1: 0, y0: 0, y1: 0 } : { x0, x1, y0, y1 }
}

/** Number of pixels in the mask; all of them without one. */
export function countMask(plane: Pick<MinorCyclePlane, 'nx' | 'ny' | 'mask'>): number {
  const { mask } = plane
  if (mask === null) return plane.nx * plane.ny
  let count = 0
  for (let j = 0; j < mask.length; j++) if (mask[j] > 0) count++
  return count
}

/** Sum of the model, Jy. */
export function modelFluxJy(model: Float32Array): number {
  let sum = 0
  for (let j = 0; j < model.length; j++) sum += model[j]
  return sum
}
