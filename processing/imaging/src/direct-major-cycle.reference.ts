import type { Observation, VisibilityChunk } from '@cleanbeam/types'

const SPEED_OF_LIGHT = 299_792_458

/** Stokes I samples of a simulated observation with circular feeds, in order; for tests. */
export interface DirectSamples {
  readonly u: Float64Array
  readonly v: Float64Array
  readonly w: Float64Array
  readonly frequencyHz: Float64Array
  readonly weight: Float64Array
  /** Complex, interleaved, Jy. */
  readonly visibility: Float64Array
}

/** Reads all samples of an observation without flags; weights are (first + last)/2. */
export async function directSamples(observation: Observation): Promise<DirectSamples> {
  const lists: number[][] = [[], [], [], [], [], []]
  for await (const chunk of observation.chunks({})) {
    for (let row = 0; row < chunk.nRow; row++) {
      for (let c = 0; c < chunk.nChannel; c++) addSample(chunk, row, c, lists)
    }
  }
  const [u, v, w, frequencyHz, weight, visibility] = lists.map(list => Float64Array.from(list))
  return { u, v, w, frequencyHz, weight, visibility }
}

function addSample(chunk: VisibilityChunk, row: number, c: number, lists: number[][]): void {
  const at = (row * chunk.nChannel + c) * chunk.nCorrelation
  const last = at + chunk.nCorrelation - 1
  const perMetre = chunk.frequencyHz[c] / SPEED_OF_LIGHT
  for (let axis = 0; axis < 3; axis++) lists[axis].push(chunk.uvwMetres[3 * row + axis] * perMetre)
  lists[3].push(chunk.frequencyHz[c])
  lists[4].push(0.5 * (chunk.weight[at] + chunk.weight[last]))
  for (const part of [0, 1]) {
    lists[5].push(0.5 * (chunk.visibility[2 * at + part] + chunk.visibility[2 * last + part]))
  }
}

/** Where pixels lie. */
export interface DirectImage {
  readonly n: number
  readonly cellRad: number
  readonly withW: boolean
}

function eachPixel({ n, cellRad, withW }: DirectImage, visit: (j: number, l: number, m: number, n1: number) => void) {
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const l = -(x - Math.floor(n / 2)) * cellRad
      const m = (y - Math.floor(n / 2)) * cellRad
      const square = l * l + m * m
      visit(x + n * y, l, m, withW ? -square / (1 + Math.sqrt(1 - square)) : 0)
    }
  }
}

/** Σ weight·factor·Re[V·exp(−2πi(ul + vm + w(n−1)))] / Σ weight, straight from the definition. */
export function directDirty(
  image: DirectImage,
  samples: DirectSamples,
  visibility: ArrayLike<number>,
  factor: (s: number) => number = () => 1,
): Float64Array {
  const { u, v, w, weight } = samples
  const total = weight.reduce((sum, each) => sum + each, 0)
  const pixels = new Float64Array(image.n ** 2)
  eachPixel(image, (j, l, m, n1) => {
    let sum = 0
    for (let s = 0; s < u.length; s++) {
      const phase = -2 * Math.PI * (u[s] * l + v[s] * m + w[s] * n1)
      const re = visibility[2 * s] * Math.cos(phase) - visibility[2 * s + 1] * Math.sin(phase)
      sum += weight[s] * factor(s) * re
    }
    pixels[j] = sum / total
  })
  return pixels
}

/** Σ model·exp(+2πi(ul + vm + w(n−1))) of every sample, complex, interleaved. */
export function directPrediction(image: DirectImage, samples: DirectSamples, model: ArrayLike<number>): Float64Array {
  const { u, v, w } = samples
  const out = new Float64Array(2 * u.length)
  eachPixel(image, (j, l, m, n1) => {
    if (model[j] === 0) return
    for (let s = 0; s < u.length; s++) {
      const phase = 2 * Math.PI * (u[s] * l + v[s] * m + w[s] * n1)
      out[2 * s] += model[j] * Math.cos(phase)
      out[2 * s + 1] += model[j] * Math.sin(phase)
    }
  })
  return out
}
