import {
  createConvolver,
  createHermitianGrid,
  createRealImageTransform,
  goodFftSize,
  gridToImage,
  imageToGrid,
  type KernelPool,
  type Pacer,
  type RealImageTransform,
} from '@cleanbeam/math'
import type { Computing } from './component-search.ts'
import type { MinorCyclePlane } from './minor-cycle-types.ts'

/**
 * Convolution of a plane with a fixed PSF of the same size, as components subtract it: linear, on a doubled grid, each
 * component reaching as far as the PSF does.
 */
export interface PsfConvolver {
  /** components ⊛ psf, nx·ny values. */
  convolve(components: Float32Array, pacer: Pacer): Promise<ArrayLike<number>>
  dispose(): void
}

/** The convolvers of several planes, made when asked for; planes with equal PSFs have one. */
export interface SharedConvolvers {
  of(index: number): Promise<PsfConvolver>
  dispose(): void
}

/** Planes of one channel mostly share their PSF; equal ones share the transform too. */
export function createSharedConvolvers(planes: readonly MinorCyclePlane[], computing: Computing): SharedConvolvers {
  const made = new Map<Float32Array, PsfConvolver>()
  return {
    async of(index) {
      const { psf, nx, ny } = planes[index]
      for (const [known, convolver] of made) if (known.every((value, j) => value === psf[j])) return convolver
      const convolver = await createPsfConvolver(psf, nx, ny, computing)
      made.set(psf, convolver)
      return convolver
    },
    dispose() {
      for (const convolver of made.values()) convolver.dispose()
      made.clear()
    },
  }
}

/** Prepares the convolution: one transform of the PSF, kept. */
export function createPsfConvolver(
  psf: Float32Array,
  nx: number,
  ny: number,
  { kernels, pacer, signal }: Computing,
): Promise<PsfConvolver> {
  return kernels === null ? plainConvolver(psf, nx, ny, pacer) : kernelConvolver(psf, nx, ny, kernels, signal)
}

async function kernelConvolver(
  psf: Float32Array,
  nx: number,
  ny: number,
  kernels: KernelPool,
  signal: AbortSignal | undefined,
): Promise<PsfConvolver> {
  const convolver = await createConvolver(kernels, { nx, ny, response: psf, responseNx: nx, responseNy: ny })
  return {
    convolve: components => convolver.convolve(components, null, { signal }),
    dispose: () => convolver.dispose(),
  }
}

async function plainConvolver(psf: Float32Array, nx: number, ny: number, pacer: Pacer): Promise<PsfConvolver> {
  const gridX = goodFftSize(2 * nx + 2)
  const gridY = goodFftSize(2 * ny + 2)
  const transform: RealImageTransform = createRealImageTransform(nx, ny, gridX, gridY)
  const response = createHermitianGrid(gridX, gridY, 0)
  await imageToGrid(transform, Float64Array.from(psf), response, pacer)
  const scale = 1 / (gridX * gridY)
  return {
    dispose: () => undefined,
    async convolve(components, slice) {
      const grid = createHermitianGrid(gridX, gridY, 0)
      await imageToGrid(transform, Float64Array.from(components), grid, slice)
      for (let j = 0; j < grid.re.length; j++) {
        const re = grid.re[j]
        const im = grid.im[j]
        grid.re[j] = (re * response.re[j] - im * response.im[j]) * scale
        grid.im[j] = (re * response.im[j] + im * response.re[j]) * scale
      }
      const image = new Float64Array(nx * ny)
      await gridToImage(transform, grid, image, slice)
      return image
    },
  }
}
