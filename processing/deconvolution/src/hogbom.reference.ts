import type { MinorCycleControl, MinorCyclePlane } from './minor-cycle-types.ts'

/** Högbom's clean as the formula reads, one pixel after the other; answers the number of iterations. For tests. */
export function naiveHogbom(plane: MinorCyclePlane, control: MinorCycleControl): number {
  const { nx, ny, residual, psf, mask, model } = plane
  const limit = Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0)
  for (let iteration = 0; iteration < control.maxIterations; iteration++) {
    let peak = -1
    for (let j = 0; j < nx * ny; j++) {
      if (mask !== null && !(mask[j] > 0)) continue
      if (peak < 0 || Math.abs(residual[j]) > Math.abs(residual[peak])) peak = j
    }
    if (peak < 0 || Math.abs(residual[peak]) <= limit) return iteration
    const value = control.gain * residual[peak]
    model[peak] += value
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const px = x - (peak % nx) + (nx >> 1)
        const py = y - Math.floor(peak / nx) + (ny >> 1)
        if (px >= 0 && px < nx && py >= 0 && py < ny) residual[x + nx * y] -= value * psf[px + nx * py]
      }
    }
  }
  return control.maxIterations
}
