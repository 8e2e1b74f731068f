// What a PSF makes of components of several scales, seen by filters of the same scales.

import type { Pacer } from '@cleanbeam/math'
import { type CyclicConvolver, createCyclicConvolver, type PlaneSpectrum } from './cyclic-convolution.ts'
import { ResponseTables } from './response-tables.ts'
import { type ScaleKernel, scaleKernel } from './scale-kernel.ts'

/** One scale that the search uses. */
export interface ScaleFilter {
  readonly scalePixels: number
  readonly kernel: ScaleKernel
  /** null: a point, which changes nothing. */
  readonly spectrum: PlaneSpectrum | null
  /** Lower triangle L of H = L·Lᵀ, row by row, H[i, j] = PSF term i + j at the centre, filtered twice. */
  readonly cholesky: Float64Array
  /** H⁻¹, row by row. */
  readonly inverse: Float64Array
}

/** PSF terms and their scale-filtered versions; depends on PSF and scales alone, so it may be kept between cycles. */
export interface ScaleResponses {
  readonly nx: number
  readonly ny: number
  readonly nTerms: number
  readonly convolver: CyclicConvolver
  readonly psfSpectra: readonly PlaneSpectrum[]
  readonly filters: readonly ScaleFilter[]
  /** [s + nScale·q]: terms of PSF ⊛ kernel s ⊛ kernel q. */
  readonly cross: readonly (readonly Float32Array[])[]
  /** Bounds on what components do to tiles of pixels. */
  readonly tables: ResponseTables
  /** Scales left out because the filtered PSF is not positive there: nothing constrains them. */
  readonly droppedScales: readonly number[]
}

/**
 * Convolves PSF terms with all pairs of scales.
 * @param psf - 2·nTerms − 1 planes, 1 at (⌊nx/2⌋, ⌊ny/2⌋) in term 0
 * @param patch - components act on offsets −patch … patch − 1 pixels; Infinity: as far as the PSF reaches
 */
export async function scaleResponses(
  psf: readonly Float32Array[],
  nx: number,
  ny: number,
  scalesPixels: readonly number[],
  patch: number,
  pacer: Pacer,
): Promise<ScaleResponses> {
  const convolver = createCyclicConvolver(nx, ny)
  const nTerms = (psf.length + 1) / 2
  const psfSpectra = await sequentially(psf, plane => convolver.spectrum(plane, pacer))
  const kernels = scalesPixels.map(scaleKernel)
  const spectra = await sequentially(kernels, kernel =>
    kernel.reach === 0 ? Promise.resolve(null) : convolver.kernelSpectrum(kernel, pacer),
  )
  const once = await sequentially(spectra, async spectrum =>
    spectrum === null ? { planes: psf, spectra: psfSpectra } : refilter(convolver, psfSpectra, spectrum, pacer),
  )
  const filters: ScaleFilter[] = []
  const kept: number[] = []
  const droppedScales: number[] = []
  const pairs = new Map<string, readonly Float32Array[]>()
  for (let s = 0; s < kernels.length; s++) {
    const twice = await crossTerms(convolver, once[s], spectra[s], pacer)
    const cholesky = choleskyFactor(hessianAt(twice, nTerms, (nx >> 1) + nx * (ny >> 1)), nTerms)
    if (cholesky === null) {
      droppedScales.push(scalesPixels[s])
      continue
    }
    const inverse = inverseOf(cholesky, nTerms)
    filters.push({ scalePixels: scalesPixels[s], kernel: kernels[s], spectrum: spectra[s], cholesky, inverse })
    for (const q of kept) pairs.set(`${q} ${s}`, await crossTerms(convolver, once[s], spectra[q], pacer))
    pairs.set(`${s} ${s}`, twice)
    kept.push(s)
  }
  const cross = kept.flatMap(q => kept.map(s => pairs.get(`${Math.min(s, q)} ${Math.max(s, q)}`) ?? []))
  const tables = new ResponseTables({ nx, ny, nTerms, filters, cross }, patch)
  return { nx, ny, nTerms, convolver, psfSpectra, filters, cross, tables, droppedScales }
}

interface Filtered {
  readonly planes: readonly Float32Array[]
  readonly spectra: readonly PlaneSpectrum[]
}

async function refilter(
  convolver: CyclicConvolver,
  terms: readonly PlaneSpectrum[],
  kernel: PlaneSpectrum,
  pacer: Pacer,
): Promise<Filtered> {
  const planes = await sequentially(terms, async term =>
    Float32Array.from(await convolver.convolve([[term, kernel]], pacer)),
  )
  return { planes, spectra: await sequentially(planes, plane => convolver.spectrum(plane, pacer)) }
}

async function crossTerms(
  convolver: CyclicConvolver,
  filtered: Filtered,
  kernel: PlaneSpectrum | null,
  pacer: Pacer,
): Promise<readonly Float32Array[]> {
  if (kernel === null) return filtered.planes
  return sequentially(filtered.spectra, async term =>
    Float32Array.from(await convolver.convolve([[term, kernel]], pacer)),
  )
}

async function sequentially<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await work(item))
  return results
}

function hessianAt(terms: readonly Float32Array[], n: number, centre: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => terms[Math.floor(k / n) + (k % n)][centre])
}

/** L of the symmetric matrix L·Lᵀ, or null when it is not positive definite. */
export function choleskyFactor(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k]
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j]
      else if (sum > 1e-10 * matrix[0] && sum > 0) lower[i * n + i] = Math.sqrt(sum)
      else return null
    }
  }
  return lower
}

/** (L·Lᵀ)⁻¹. */
export function inverseOf(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n)
  const column = new Float64Array(n)
  for (let c = 0; c < n; c++) {
    for (let i = 0; i < n; i++) {
      let sum = i === c ? 1 : 0
      for (let k = 0; k < i; k++) sum -= lower[i * n + k] * column[k]
      column[i] = sum / lower[i * n + i]
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = column[i]
      for (let k = i + 1; k < n; k++) sum -= lower[k * n + i] * column[k]
      column[i] = sum / lower[i * n + i]
    }
    for (let i = 0; i < n; i++) inverse[i * n + c] = column[i]
  }
  return inverse
}
