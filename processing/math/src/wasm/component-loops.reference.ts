import type { HogbomPlane } from './component-loops.ts'

/** Högbom's clean as its definition reads, single precision; for tests. Changes `residual` and returns pixel numbers. */
export function naiveHogbomComponents(plane: HogbomPlane, residual: Float32Array): number[] {
  const { nx, ny, psf, mask, gain, limit, maxIterations, box = { x0: 0, x1: nx, y0: 0, y1: ny } } = plane
  const found: number[] = []
  const peakOf = () => {
    let peak = -1
    let best = 0
    for (let y = box.y0; y < box.y1; y++) {
      for (let x = box.x0; x < box.x1; x++) {
        const k = x + nx * y
        if (Math.abs(residual[k]) > best && (mask === null || mask[k] > 0)) {
          best = Math.abs(residual[k])
          peak = k
        }
      }
    }
    return peak
  }
  for (let peak = peakOf(); found.length < maxIterations && peak >= 0; peak = peakOf()) {
    if (Math.abs(residual[peak]) <= limit) break
    const value = Math.fround(Math.fround(gain) * residual[peak])
    found.push(peak)
    const shiftX = (peak % nx) - (nx >> 1)
    const shiftY = Math.floor(peak / nx) - (ny >> 1)
    for (let y = Math.max(box.y0, shiftY); y < Math.min(box.y1, ny + shiftY); y++) {
      for (let x = Math.max(box.x0, shiftX); x < Math.min(box.x1, nx + shiftX); x++) {
        residual[x + nx * y] -= Math.fround(value * psf[x - shiftX + nx * (y - shiftY)])
      }
    }
  }
  return found
}
