import {
  createHermitianGrid,
  createRealImageTransform,
  goodFftSize,
  gridToImage,
  imageToGrid,
  type Pacer,
  type RealImageTransform,
} from '@cleanbeam/math'

/**
 * Convolution of a plane with a fixed PSF of the same size, as components subtract it: linear, on a doubled grid, each
 * component reaching as far as the PSF does.
 */
export interface PsfConvolver {
  /** components ⊛ psf, nx·ny values. */
  convolve(components: Float32Array, pacer: Pacer): Promise<Float64Array>
}

/** Prepares the convolution: one transform of the PSF, kept. */
export async function createPsfConvolver(
  psf: Float32Array,
  nx: number,
  ny: number,
  pacer: Pacer,
): Promise<PsfConvolver> {
  const gridX = goodFftSize(2 * nx + 2)
  const gridY = goodFftSize(2 * ny + 2)
  const transform: RealImageTransform = createRealImageTransform(nx, ny, gridX, gridY)
  const response = createHermitianGrid(gridX, gridY, 0)
  await imageToGrid(transform, Float64Array.from(psf), response, pacer)
  const scale = 1 / (gridX * gridY)
  return {
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
