import { chooseKernel, type GriddingKernel, kernelSpectrum, kernelTaps } from './gridding-kernel.ts'
import type { Samples } from './plane-transforms.ts'
import type { TransformGeometry } from './transform-geometry.ts'
import { neglectedPhaseRad } from './w-term.ts'

/**
 * Planes of constant w in plain TypeScript. A sample at w contributes to the plane at w_p with the kernel's value at
 * (w − w_p)/Δw; images are multiplied by exp(−2πi·w_p(n−1))/φ̂((n−1)Δw).
 * @see H. Ye, S. F. Gull, S. M. Tan, B. Nikolic, MNRAS 510 (2022) 4110, sections 3 and 4
 */
export interface WStack {
  /** Numbers of the planes that these samples reach, ascending. */
  planesOf(wLambda: Float64Array): number[]
  /** Share of a sample in a plane. */
  tap(plane: number, wLambda: number): number
  /** Adds Re[C·exp(−iφ)]'s part to an image: Re C·cos φ for turn 0, Im C·sin φ for turn 1. */
  addPlane(plane: number, turn: number, part: Float64Array, image: Float64Array): void
  /** The model times cos φ (turn 0) or sin φ (turn 1), corrected for the kernel. */
  turnedModel(plane: number, turn: number, model: Samples): Float64Array
}

const OVERSAMPLING = 2

/** null where w is ignored or leaving it out stays within half of epsilon. */
export function createWStack(geometry: TransformGeometry): WStack | null {
  const { nx, ny, cellRad, epsilon, wTerm, maxAbsWLambda } = geometry
  if (wTerm === 'ignore' || neglectedPhaseRad(maxAbsWLambda, nx, ny, cellRad) <= epsilon / 2) return null
  const nMinus1 = depths(geometry)
  const depth = nMinus1.reduce((most, value) => Math.max(most, -value), 0)
  // n − 1 runs from −depth to 0, the middle is not taken out: twice the range the kernel is corrected over.
  const distance = 1 / (2 * OVERSAMPLING * depth)
  const kernel = chooseKernel(epsilon, OVERSAMPLING)
  const correction = correctionOf(kernel, distance, nMinus1)
  const taps = new Float64Array(kernel.support)
  const factor = (plane: number, turn: number, j: number): number => {
    const phase = 2 * Math.PI * plane * distance * nMinus1[j]
    return correction[j] * (turn === 0 ? Math.cos(phase) : Math.sin(phase))
  }
  return {
    planesOf: wLambda => planesReached(kernel, distance, wLambda),
    tap(plane, wLambda) {
      const first = kernelTaps(kernel, wLambda / distance, taps)
      return plane >= first && plane < first + kernel.support ? taps[plane - first] : 0
    },
    addPlane(plane, turn, part, image) {
      for (let j = 0; j < image.length; j++) image[j] += part[j] * factor(plane, turn, j)
    },
    turnedModel: (plane, turn, model) => Float64Array.from(model, (value, j) => value * factor(plane, turn, j)),
  }
}

/** n − 1 of every pixel; −1 beyond the horizon. */
function depths({ nx, ny, cellRad }: TransformGeometry): Float64Array {
  const values = new Float64Array(nx * ny)
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const l = (x - (nx >> 1)) * cellRad[0]
      const m = (y - (ny >> 1)) * cellRad[1]
      const square = l * l + m * m
      values[x + nx * y] = square >= 1 ? -1 : -square / (1 + Math.sqrt(1 - square))
    }
  }
  return values
}

function correctionOf(kernel: GriddingKernel, distance: number, nMinus1: Float64Array): Float64Array {
  const spectrum = kernelSpectrum(kernel)
  return nMinus1.map(value => 1 / spectrum(value * distance))
}

function planesReached(kernel: GriddingKernel, distance: number, wLambda: Float64Array): number[] {
  const reached = new Set<number>()
  for (let s = 0; s < wLambda.length; s++) {
    const first = Math.ceil(wLambda[s] / distance - 0.5 * kernel.support)
    for (let k = 0; k < kernel.support; k++) reached.add(first + k)
  }
  return [...reached].sort((a, b) => a - b)
}
