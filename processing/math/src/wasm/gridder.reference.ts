const SPEED_OF_LIGHT = 299792458

/** Geometry of the direct sums, as in GridderOptions. */
export interface DirectGeometry {
  readonly nx: number
  readonly ny: number
  readonly cellXRad: number
  readonly cellYRad: number
  readonly centreX: number
  readonly centreY: number
}

type Numbers = Float32Array | Float64Array

function forEachPixelPhase(
  geometry: DirectGeometry,
  withW: boolean,
  visit: (pixel: number, l: number, m: number, nMinus1: number) => void,
): void {
  const { nx, ny, cellXRad, cellYRad, centreX, centreY } = geometry
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const l = (x - centreX) * cellXRad
      const m = (y - centreY) * cellYRad
      const square = l * l + m * m
      if (withW && square >= 1) continue
      visit(x + nx * y, l, m, withW ? -square / (1 + Math.sqrt(1 - square)) : 0)
    }
  }
}

/** dirty(x, y) = Σ weight·Re[V·exp(−2πi ν/c (ul + vm + w(n−1)))], straight from the definition, in double precision. */
export function directGrid(
  geometry: DirectGeometry,
  withW: boolean,
  uvwMetres: Float64Array,
  frequencyHz: Float64Array,
  visibility: Numbers | null,
  weight: Float32Array | null,
): Float64Array {
  const image = new Float64Array(geometry.nx * geometry.ny)
  const nChannel = frequencyHz.length
  forEachPixelPhase(geometry, withW, (pixel, l, m, nMinus1) => {
    let sum = 0
    for (let row = 0; row < uvwMetres.length / 3; row++) {
      const path = uvwMetres[3 * row] * l + uvwMetres[3 * row + 1] * m + uvwMetres[3 * row + 2] * nMinus1
      for (let channel = 0; channel < nChannel; channel++) {
        const k = row * nChannel + channel
        const scale = weight === null ? 1 : weight[k]
        if (!(scale > 0)) continue
        const phase = (-2 * Math.PI * path * frequencyHz[channel]) / SPEED_OF_LIGHT
        const re = visibility === null ? 1 : visibility[2 * k]
        const im = visibility === null ? 0 : visibility[2 * k + 1]
        sum += scale * (re * Math.cos(phase) - im * Math.sin(phase))
      }
    }
    image[pixel] = sum
  })
  return image
}

/** V = Σ model·exp(+2πi ν/c (ul + vm + w(n−1))), straight from the definition, in double precision. */
export function directDegrid(
  geometry: DirectGeometry,
  withW: boolean,
  uvwMetres: Float64Array,
  frequencyHz: Float64Array,
  model: Numbers,
): Float64Array {
  const nChannel = frequencyHz.length
  const visibility = new Float64Array((2 * nChannel * uvwMetres.length) / 3)
  forEachPixelPhase(geometry, withW, (pixel, l, m, nMinus1) => {
    if (model[pixel] === 0) return
    for (let row = 0; row < uvwMetres.length / 3; row++) {
      const path = uvwMetres[3 * row] * l + uvwMetres[3 * row + 1] * m + uvwMetres[3 * row + 2] * nMinus1
      for (let channel = 0; channel < nChannel; channel++) {
        const phase = (2 * Math.PI * path * frequencyHz[channel]) / SPEED_OF_LIGHT
        visibility[2 * (row * nChannel + channel)] += model[pixel] * Math.cos(phase)
        visibility[2 * (row * nChannel + channel) + 1] += model[pixel] * Math.sin(phase)
      }
    }
  })
  return visibility
}

/** ‖a − b‖ / ‖b‖. */
export function relativeL2(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let error = 0
  let norm = 0
  for (let k = 0; k < b.length; k++) {
    error += (a[k] - b[k]) ** 2
    norm += b[k] ** 2
  }
  return Math.sqrt(error / norm)
}
