import type { Pacer } from '@cleanbeam/math'
import type { ComponentSearch, FoundComponents } from './component-search.ts'
import type { MinorCyclePlane } from './minor-cycle-types.ts'
import { type PixelBounds, planePeak } from './plane-peak.ts'

/** Pixels visited between looks at the clock. */
const PIXELS_PER_SLICE = 4_000_000
/** Rows of the residual that are finished before the next ones are looked at. */
const ROWS_PER_BLOCK = 8

/** Högbom's loop within the box, in plain TypeScript; changes the residual there. */
export async function searchPlain(search: ComponentSearch, pacer: Pacer): Promise<FoundComponents> {
  const { plane, box, gain, limitJy, maxComponents } = search
  const { nx, residual, mask } = plane
  const boxPixels = (box.x1 - box.x0) * (box.y1 - box.y0)
  const components = new Map<number, number>()
  let count = 0
  let visited = 0
  let peak = planePeak(residual, mask, nx, box)
  while (count < maxComponents && peak.absoluteJy > limitJy) {
    const value = gain * residual[peak.index]
    components.set(peak.index, (components.get(peak.index) ?? 0) + value)
    subtractWithin(plane, peak.index, value, box)
    peak = planePeak(residual, mask, nx, box)
    count++
    visited += boxPixels
    if (visited > PIXELS_PER_SLICE) {
      visited = 0
      if (pacer.due()) await pacer.rest()
    }
  }
  return { count, components }
}

/** Subtracts components from the four strips around the box, in plain TypeScript. */
export async function subtractOutsidePlain(
  plane: MinorCyclePlane,
  components: ReadonlyMap<number, number>,
  box: PixelBounds,
  pacer: Pacer,
): Promise<void> {
  for (const strip of stripsAround(plane, box)) {
    // A few rows at a time, so that they stay in the processor's cache while all components pass over them.
    for (let y0 = strip.y0; y0 < strip.y1; y0 += ROWS_PER_BLOCK) {
      const block = { ...strip, y0, y1: Math.min(strip.y1, y0 + ROWS_PER_BLOCK) }
      for (const [at, value] of components) subtractWithin(plane, at, value, block)
      if (pacer.due()) await pacer.rest()
    }
  }
}

/** What of a plane lies outside the box, as four boxes. */
export function stripsAround({ nx, ny }: MinorCyclePlane, box: PixelBounds): PixelBounds[] {
  return [
    { x0: 0, x1: nx, y0: 0, y1: box.y0 },
    { x0: 0, x1: nx, y0: box.y1, y1: ny },
    { x0: 0, x1: box.x0, y0: box.y0, y1: box.y1 },
    { x0: box.x1, x1: nx, y0: box.y0, y1: box.y1 },
  ]
}

/**
 * residual −= value·psf around pixel `at`, where PSF, plane and bounds overlap. `| 0` keeps every index a small integer:
 * an index the engine has to treat as a float makes this loop three times slower.
 */
function subtractWithin(plane: MinorCyclePlane, at: number, value: number, bounds: PixelBounds): void {
  const { nx, ny, residual, psf } = plane
  const shiftX = ((at % nx) - (nx >> 1)) | 0
  const shiftY = (((at / nx) | 0) - (ny >> 1)) | 0
  const x0 = Math.max(bounds.x0, shiftX) | 0
  const x1 = Math.min(bounds.x1, nx + shiftX) | 0
  const y0 = Math.max(bounds.y0, shiftY) | 0
  const y1 = Math.min(bounds.y1, ny + shiftY) | 0
  const toPsf = (-shiftX - nx * shiftY) | 0
  for (let y = y0; y < y1; y++) subtractRow(residual, psf, value, (y * nx + x0) | 0, (y * nx + x1) | 0, toPsf)
}

/** residual[j] −= value·psf[j + toPsf] for start ≤ j < end, four at a time. */
function subtractRow(
  residual: Float32Array,
  psf: Float32Array,
  value: number,
  start: number,
  end: number,
  toPsf: number,
): void {
  let j = start
  for (; j + 3 < end; j += 4) {
    const k = (j + toPsf) | 0
    residual[j] -= value * psf[k]
    residual[j + 1] -= value * psf[k + 1]
    residual[j + 2] -= value * psf[k + 2]
    residual[j + 3] -= value * psf[k + 3]
  }
  for (; j < end; j++) residual[j] -= value * psf[j + toPsf]
}
