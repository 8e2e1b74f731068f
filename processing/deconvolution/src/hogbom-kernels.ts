import { createConvolver, hogbomComponents, type KernelPool } from '@cleanbeam/math'
import type { ComponentSearch, FoundComponents } from './component-search.ts'
import { stripsAround } from './hogbom-search.ts'
import type { MinorCyclePlane } from './minor-cycle-types.ts'
import type { PixelBounds } from './plane-peak.ts'

/** Bytes of kernel memory per pixel of a plane under way: residual, PSF, mask. */
const BYTES_PER_PIXEL = 12
/** Part of the free kernel memory that planes under way may fill. */
const MEMORY_SHARE = 0.5

/** Högbom's loop within the boxes of several planes on the kernels; changes their residuals there. */
export async function searchOnKernels(
  kernels: KernelPool,
  searches: readonly ComponentSearch[],
  signal: AbortSignal | undefined,
): Promise<FoundComponents[]> {
  const found: FoundComponents[] = []
  for (let first = 0; first < searches.length; ) {
    const count = batchSize(kernels, searches, first)
    const batch = searches.slice(first, first + count)
    const planes = batch.map(({ plane, box, gain, limitJy, maxComponents }) => ({
      nx: plane.nx,
      ny: plane.ny,
      residual: plane.residual,
      psf: plane.psf,
      mask: binaryMask(plane.mask),
      box,
      gain,
      limit: limitJy,
      maxIterations: maxComponents,
    }))
    for (const { indices, values } of await hogbomComponents(kernels, planes, { signal })) {
      found.push({ count: indices.length, components: gathered(indices, values) })
    }
    first += count
  }
  return found
}

function batchSize(kernels: KernelPool, searches: readonly ComponentSearch[], first: number): number {
  const roomBytes = MEMORY_SHARE * kernels.arena.availableBytes
  let count = 1
  let bytes = 0
  for (let k = first; k < searches.length; k++) {
    bytes += BYTES_PER_PIXEL * searches[k].plane.nx * searches[k].plane.ny
    if (bytes > roomBytes) break
    count = k - first + 1
  }
  return count
}

/** The kernels multiply by the mask, so it has to be 1 and 0. */
function binaryMask(mask: MinorCyclePlane['mask']): Float32Array | null {
  if (mask === null) return null
  const binary = new Float32Array(mask.length)
  for (let j = 0; j < mask.length; j++) if (mask[j] > 0) binary[j] = 1
  return binary
}

function gathered(indices: Int32Array, values: Float32Array): Map<number, number> {
  const sums = new Map<number, number>()
  for (let k = 0; k < indices.length; k++) sums.set(indices[k], (sums.get(indices[k]) ?? 0) + values[k])
  return sums
}

/** Subtracts components from what lies outside the box, all at once by FFT on the doubled grid. */
export async function subtractOutsideOnKernels(
  kernels: KernelPool,
  plane: MinorCyclePlane,
  components: ReadonlyMap<number, number>,
  box: PixelBounds,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { nx, ny, psf, residual } = plane
  const strips = stripsAround(plane, box).filter(({ x0, x1, y0, y1 }) => x1 > x0 && y1 > y0)
  if (strips.length === 0 || components.size === 0) return
  const convolver = await createConvolver(kernels, { nx, ny, response: psf, responseNx: nx, responseNy: ny })
  try {
    const image = new Float32Array(nx * ny)
    for (const [at, value] of components) image[at] = value
    const change = await convolver.convolve(image, image, { signal })
    for (const { x0, x1, y0, y1 } of strips) {
      for (let y = y0; y < y1; y++) for (let j = y * nx + x0; j < y * nx + x1; j++) residual[j] -= change[j]
    }
  } finally {
    convolver.dispose()
  }
}
