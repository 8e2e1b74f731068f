// What a PSF makes of Gaussian components of any width, for adaptive scales.

import type { Pacer } from '@cleanbeam/math'
import { type CyclicConvolver, createCyclicConvolver, type PlaneSpectrum } from './cyclic-convolution.ts'
import type { ScaleKernel } from './scale-kernel.ts'

/** Widths are rounded to steps of this ratio, so that their responses can be kept; χ² is flat to 1e-3 within a step. */
const WIDTH_RATIO = 1.05
/** Gaussians are cut at this many widths. */
const KERNEL_REACH = 4.5
const CACHE_BYTES = 4e8

/** A Gaussian component of unit sum and its responses. */
export interface AspResponse {
  /** Standard deviation, pixels; 0: a point. */
  readonly widthPixels: number
  readonly kernel: ScaleKernel
  /** PSF ⊛ kernel ⊛ kernel at the centre: the strength of r = kernel-filtered residual is r/height. */
  readonly height: number
  /** [filter]: PSF ⊛ kernel ⊛ kernel of that filter, nx·ny. */
  readonly filtered: readonly Float32Array[]
}

/** Makes and keeps responses to components of given widths in a set of filters. */
export interface AspResponses {
  readonly convolver: CyclicConvolver
  readonly filterSpectra: readonly (PlaneSpectrum | null)[]
  /** With responses in all filters. */
  at(widthPixels: number, pacer: Pacer): Promise<AspResponse>
}

/** The width that is used for one asked for. */
export function roundedWidth(widthPixels: number): number {
  if (!(widthPixels > 0)) return 0
  return WIDTH_RATIO ** Math.round(Math.log(widthPixels) / Math.log(WIDTH_RATIO))
}

/** A Gaussian of unit sum; a pixel for width 0. */
export function gaussianKernel(widthPixels: number): ScaleKernel {
  const reach = Math.ceil(KERNEL_REACH * widthPixels)
  const side = 2 * reach + 1
  const values = new Float64Array(side * side)
  let sum = 0
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const value = widthPixels > 0 ? Math.exp(-(x * x + y * y) / (2 * widthPixels * widthPixels)) : 1
      values[x + reach + side * (y + reach)] = value
      sum += value
    }
  }
  return { reach, values: values.map(value => value / sum) }
}

/** Σ values·kernel around pixel (x, y), as far as it lies in the plane. */
export function filterAt(
  values: Float32Array,
  nx: number,
  ny: number,
  { reach, values: weights }: ScaleKernel,
  x: number,
  y: number,
): number {
  const side = 2 * reach + 1
  let sum = 0
  for (let dy = Math.max(-reach, -y); dy <= Math.min(reach, ny - 1 - y); dy++) {
    for (let dx = Math.max(-reach, -x); dx <= Math.min(reach, nx - 1 - x); dx++) {
      sum += values[x + dx + nx * (y + dy)] * weights[dx + reach + side * (dy + reach)]
    }
  }
  return sum
}

/** Prepares the responses of one PSF. */
export async function createAspResponses(
  psf: Float32Array,
  nx: number,
  ny: number,
  filterWidths: readonly number[],
  pacer: Pacer,
): Promise<AspResponses> {
  const convolver = createCyclicConvolver(nx, ny)
  const psfSpectrum = await convolver.spectrum(psf, pacer)
  const filterSpectra: (PlaneSpectrum | null)[] = []
  for (const width of filterWidths) {
    filterSpectra.push(width > 0 ? await convolver.kernelSpectrum(gaussianKernel(width), pacer) : null)
  }
  const kept = new Map<number, AspResponse>()
  const capacity = Math.max(2, Math.floor(CACHE_BYTES / (4 * nx * ny * filterWidths.length)))
  return {
    convolver,
    filterSpectra,
    async at(widthPixels, pace) {
      const known = kept.get(widthPixels)
      if (known) return known
      const kernel = gaussianKernel(widthPixels)
      const once =
        widthPixels > 0
          ? Float32Array.from(
              await convolver.convolve([[psfSpectrum, await convolver.kernelSpectrum(kernel, pace)]], pace),
            )
          : psf
      const spectrum = await convolver.spectrum(once, pace)
      const filtered: Float32Array[] = []
      for (const filter of filterSpectra) {
        filtered.push(filter === null ? once : Float32Array.from(await convolver.convolve([[spectrum, filter]], pace)))
      }
      const height = filterAt(once, nx, ny, kernel, nx >> 1, ny >> 1)
      const response = { widthPixels, kernel, height, filtered }
      if (kept.size >= capacity) for (const oldest of [...kept.keys()].slice(0, 1)) kept.delete(oldest)
      kept.set(widthPixels, response)
      return response
    },
  }
}

/** PSF ⊛ Gaussian ⊛ Gaussian at the centre, straight from the PSF: a Gaussian √2 as wide. */
export function heightOf(psf: Float32Array, nx: number, ny: number, widthPixels: number): number {
  return filterAt(psf, nx, ny, gaussianKernel(Math.SQRT2 * widthPixels), nx >> 1, ny >> 1)
}
