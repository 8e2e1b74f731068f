import type { MinorCyclePlane } from './minor-cycle-types.ts'

/** Where a plane is largest in absolute value. */
export interface PlanePeak {
  readonly absoluteJy: number
  readonly index: number
}

/**
 * The largest absolute value within the mask in rows y0 … y1 − 1; of equal ones the first. NaN is passed over.
 * A plane or mask without such a pixel answers 0 at index 0.
 */
export function planePeak(
  values: Float32Array,
  mask: Float32Array | Uint8Array | null,
  nx: number,
  y0: number,
  y1: number,
): PlanePeak {
  let best = 0
  let index = 0
  for (let j = y0 * nx; j < y1 * nx; j++) {
    const size = Math.abs(values[j])
    if (size > best && (mask === null || mask[j] > 0)) {
      best = size
      index = j
    }
  }
  return { absoluteJy: best, index }
}

/** Number of pixels in the mask; all of them without one. */
export function countMask(plane: MinorCyclePlane): number {
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
