import type { RandomSamples } from './random-samples.reference.ts'

/** Σ_s weight·Re(V·exp(−2πi(ul + vm))), the definition of a dirty image before normalisation; for tests. */
export function directImage(
  samples: RandomSamples,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
): Float64Array {
  const image = new Float64Array(nx * ny)
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const l = -(x - (nx >> 1)) * cellRad[0]
      const m = (y - (ny >> 1)) * cellRad[1]
      for (let s = 0; s < samples.nSample; s++) {
        const angle = -2 * Math.PI * (samples.uLambda[s] * l + samples.vLambda[s] * m)
        const re = samples.visibility[2 * samples.nPlane * s]
        const im = samples.visibility[2 * samples.nPlane * s + 1]
        image[x + nx * y] += samples.imagingWeight[s] * (re * Math.cos(angle) - im * Math.sin(angle))
      }
    }
  }
  return image
}

/** Σ image·exp(+2πi(ul + vm)) for each sample, complex interleaved; for tests. */
export function directVisibilities(
  image: ArrayLike<number>,
  nx: number,
  ny: number,
  cellRad: readonly [number, number],
  uLambda: Float64Array,
  vLambda: Float64Array,
): Float64Array {
  const out = new Float64Array(2 * uLambda.length)
  for (let s = 0; s < uLambda.length; s++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        if (image[x + nx * y] === 0) continue
        const l = -(x - (nx >> 1)) * cellRad[0]
        const m = (y - (ny >> 1)) * cellRad[1]
        const angle = 2 * Math.PI * (uLambda[s] * l + vLambda[s] * m)
        out[2 * s] += image[x + nx * y] * Math.cos(angle)
        out[2 * s + 1] += image[x + nx * y] * Math.sin(angle)
      }
    }
  }
  return out
}
