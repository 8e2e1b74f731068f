import { type Convolver, createConvolver, type KernelPool, type RunOptions } from '@cleanbeam/math'
import type { CallOptions, ImageShape } from '@cleanbeam/types'
import type { PlaneTransforms, Samples } from './plane-transforms.ts'

/** Residual images from the dirty image and the PSF, without visibilities. */
export interface InstantResidual {
  /**
   * dirty_t − Σ_s model_s ⊛ PSF_{s+t}, t and s running over the Taylor terms, on a grid so wide that nothing wraps around.
   * @param model - [term][channel][stokes][y][x], Jy/pixel
   */
  residual(model: Float32Array, call: CallOptions): Promise<Float32Array>
  dispose(): void
}

/** What instant residuals are made from. */
export interface InstantInput {
  readonly pool: KernelPool
  readonly shape: ImageShape
  readonly nTerm: number
  readonly precision: PlaneTransforms['precision']
  /** [term][channel][stokes][y][x], Jy/beam. */
  readonly dirty: Float32Array
  /**
   * Calls `take` with the PSF of every channel and of every Taylor term 0 … 2n − 2, on 2nx × 2ny pixels, 1 at (nx, ny) for
   * term 0; the array is taken back afterwards.
   */
  widePsfs(take: (channel: number, term: number, psf: Samples) => Promise<void>): Promise<void>
}

/**
 * Keeps the spectra of the PSFs. Exact where the response does not depend on the position: without a w term and without
 * primary beams, up to the accuracy of PSF and dirty image.
 */
export async function openInstantResidual(input: InstantInput): Promise<InstantResidual> {
  const [nx, ny, , nChannel] = input.shape
  const convolvers: (Convolver | undefined)[] = []
  const dispose = (): void => {
    for (const convolver of convolvers.splice(0)) convolver?.dispose()
  }
  try {
    await input.widePsfs(async (channel, term, response) => {
      convolvers[channel + nChannel * term] = await createConvolver(input.pool, {
        nx,
        ny,
        precision: input.precision,
        response,
        responseNx: 2 * nx,
        responseNy: 2 * ny,
      })
    })
  } catch (error) {
    dispose()
    throw error
  }
  return {
    residual: (model, call) => residualOf(input, convolvers, model, call),
    dispose,
  }
}

async function residualOf(
  { pool, shape, nTerm, precision, dirty }: InstantInput,
  convolvers: readonly (Convolver | undefined)[],
  model: Float32Array,
  call: CallOptions,
): Promise<Float32Array> {
  const [nx, ny, nStokes, nChannel] = shape
  const nPixel = nx * ny
  const cube = dirty.slice()
  const scratch = precision === 'f32' ? pool.arena.float32(nPixel) : pool.arena.float64(nPixel)
  const total = nStokes * nChannel * nTerm
  let done = 0
  try {
    for (let plane = 0; plane < nStokes * nChannel * nTerm; plane++) {
      call.onProgress?.({ what: 'instant residual', done: done++, total })
      const source = model.subarray(plane * nPixel, (plane + 1) * nPixel)
      if (isEmptyPlane(source)) continue
      const inTerm = plane % (nStokes * nChannel)
      const modelTerm = Math.floor(plane / (nStokes * nChannel))
      const channel = Math.floor(inTerm / nStokes)
      for (let term = 0; term < nTerm; term++) {
        const convolver = convolvers[channel + nChannel * (term + modelTerm)]
        if (convolver === undefined) continue
        const run: RunOptions = { signal: call.signal }
        await convolver.convolve(source, scratch, run)
        subtract(cube, (inTerm + nStokes * nChannel * term) * nPixel, scratch)
      }
    }
  } finally {
    pool.arena.free(scratch)
  }
  call.onProgress?.({ what: 'instant residual', done: total, total })
  return cube
}

function subtract(cube: Float32Array, at: number, plane: Samples): void {
  for (let j = 0; j < plane.length; j++) cube[at + j] -= plane[j]
}

function isEmptyPlane(plane: Float32Array): boolean {
  for (let j = 0; j < plane.length; j++) if (plane[j] !== 0) return false
  return true
}
