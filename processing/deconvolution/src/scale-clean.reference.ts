import { scaleKernel } from './scale-kernel.ts'

/** What {@link naiveScaleClean} works on; see ScaleCleanPlane. */
export interface NaivePlane {
  readonly nx: number
  readonly ny: number
  readonly psf: readonly Float32Array[]
  readonly residual: readonly Float32Array[]
}

/**
 * Multi-scale, multi-term clean as the formulas read: every filtered residual is brought up to date everywhere after every
 * component. Answers the components [scale index, x, y, coefficients]. For tests, with one or two terms and no mask.
 */
export function naiveScaleClean(
  { nx, ny, psf, residual }: NaivePlane,
  scalesPixels: readonly number[],
  gain: number,
  iterations: number,
): [scale: number, x: number, y: number, coefficients: number[]][] {
  const n = residual.length
  const kernels = scalesPixels.map(scaleKernel)
  const filter = (plane: ArrayLike<number>, s: number) => {
    const { reach, values } = kernels[s]
    const out = new Float64Array(nx * ny)
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        let sum = 0
        for (let dy = -reach; dy <= reach; dy++) {
          for (let dx = -reach; dx <= reach; dx++) {
            const from = ((x - dx + nx) % nx) + nx * ((y - dy + ny) % ny)
            sum += plane[from] * values[dx + reach + (2 * reach + 1) * (dy + reach)]
          }
        }
        out[x + nx * y] = sum
      }
    }
    return out
  }
  const filtered = kernels.map((_, s) => residual.map(plane => filter(plane, s)))
  const cross = kernels.map((_, s) => kernels.map((_, q) => psf.map(plane => filter(filter(plane, s), q))))
  const centre = (nx >> 1) + nx * (ny >> 1)
  const inverse = kernels.map((_, s) => {
    const h = (k: number) => cross[s][s][k][centre]
    if (n === 1) return [1 / h(0)]
    const det = h(0) * h(2) - h(1) ** 2
    return [h(2) / det, -h(1) / det, -h(1) / det, h(0) / det]
  })
  const components: [number, number, number, number[]][] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    let best = 0
    let found: [number, number, number, number[]] | null = null
    for (const [s, scale] of scalesPixels.entries()) {
      const border = Math.floor(1.5 * scale) + 1
      for (let y = border; y < ny - border; y++) {
        for (let x = border; x < nx - border; x++) {
          const r = filtered[s].map(plane => plane[x + nx * y])
          const a = r.map((_, i) => r.reduce((sum, value, j) => sum + inverse[s][i * n + j] * value, 0))
          const score = a.reduce((sum, value, i) => sum + value * r[i], 0)
          if (score > best) {
            best = score
            found = [s, x, y, a]
          }
        }
      }
    }
    if (found === null) break
    components.push(found)
    const [s, px, py, a] = found
    for (const [q, planes] of filtered.entries()) {
      for (let y = Math.max(0, py - (ny >> 1)); y < Math.min(ny, py - (ny >> 1) + ny); y++) {
        for (let x = Math.max(0, px - (nx >> 1)); x < Math.min(nx, px - (nx >> 1) + nx); x++) {
          const at = x - px + (nx >> 1) + nx * (y - py + (ny >> 1))
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < n; j++) planes[i][x + nx * y] -= gain * a[j] * cross[s][q][i + j][at]
          }
        }
      }
    }
  }
  return components
}
