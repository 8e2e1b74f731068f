import {
  createHermitianGrid,
  createRealImageTransform,
  goodFftSize,
  gridToImage,
  type HermitianGrid,
  imageToGrid,
  type Pacer,
  type RealImageTransform,
} from '@cleanbeam/math'
import type { ScaleKernel } from './scale-kernel.ts'

/** Transform of a plane, for products with others of the same convolver. */
export type PlaneSpectrum = HermitianGrid

/**
 * Convolution of planes of nx × ny pixels on themselves as a torus, the origin at (⌊nx/2⌋, ⌊ny/2⌋): what leaves the plane
 * on one side comes back on the other.
 */
export interface CyclicConvolver {
  spectrum(plane: Float32Array | Float64Array, pacer: Pacer): Promise<PlaneSpectrum>
  kernelSpectrum(kernel: ScaleKernel, pacer: Pacer): Promise<PlaneSpectrum>
  /** Σ aₖ ⊛ bₖ; a new plane. */
  convolve(pairs: readonly (readonly [PlaneSpectrum, PlaneSpectrum])[], pacer: Pacer): Promise<Float64Array>
}

/** Prepares transforms; sizes without large prime factors need a quarter of the work of others. */
export function createCyclicConvolver(nx: number, ny: number): CyclicConvolver {
  const exact = nx % 2 === 0 && ny % 2 === 0 && goodFftSize(nx) === nx && goodFftSize(ny) === ny
  const gridX = exact ? nx : goodFftSize(2 * nx)
  const gridY = exact ? ny : goodFftSize(2 * ny)
  const input = createRealImageTransform(nx, ny, gridX, gridY)
  const output = exact ? input : createRealImageTransform(2 * nx, 2 * ny, gridX, gridY)
  const spectrum = async (plane: Float32Array | Float64Array, pacer: Pacer) => {
    const grid = createHermitianGrid(gridX, gridY, 0)
    await imageToGrid(input, plane instanceof Float64Array ? plane : Float64Array.from(plane), grid, pacer)
    return grid
  }
  return {
    spectrum,
    kernelSpectrum: (kernel, pacer) => spectrum(wrapKernel(kernel, nx, ny), pacer),
    async convolve(pairs, pacer) {
      const grid = createHermitianGrid(gridX, gridY, 0)
      for (const [a, b] of pairs) addProduct(grid, a, b, 1 / (gridX * gridY))
      const image = new Float64Array(output.nx * output.ny)
      await gridToImage(output, grid, image, pacer)
      return exact ? image : foldPlane(image, output, nx, ny)
    },
  }
}

function addProduct(sum: HermitianGrid, a: HermitianGrid, b: HermitianGrid, scale: number): void {
  for (let j = 0; j < sum.re.length; j++) {
    sum.re[j] += (a.re[j] * b.re[j] - a.im[j] * b.im[j]) * scale
    sum.im[j] += (a.re[j] * b.im[j] + a.im[j] * b.re[j]) * scale
  }
}

/** A kernel as a plane with its centre at the origin; what is larger than the plane wraps around. */
function wrapKernel({ reach, values }: ScaleKernel, nx: number, ny: number): Float64Array {
  const plane = new Float64Array(nx * ny)
  const width = 2 * reach + 1
  for (let y = -reach; y <= reach; y++) {
    const row = modulo((ny >> 1) + y, ny) * nx
    for (let x = -reach; x <= reach; x++) {
      plane[row + modulo((nx >> 1) + x, nx)] += values[x + reach + width * (y + reach)]
    }
  }
  return plane
}

function modulo(index: number, n: number): number {
  return ((index % n) + n) % n
}

/** Brings the linear convolution on the doubled plane onto the torus. */
function foldPlane(image: Float64Array, { nx: wide, ny: high }: RealImageTransform, nx: number, ny: number) {
  const plane = new Float64Array(nx * ny)
  for (let y = 0; y < high; y++) {
    const row = modulo(y - (high >> 1) + (ny >> 1), ny) * nx
    for (let x = 0; x < wide; x++) plane[row + modulo(x - (wide >> 1) + (nx >> 1), nx)] += image[x + wide * y]
  }
  return plane
}
