import { createPacer, type Pacer } from '@cleanbeam/math'
import type { CallOptions } from '@cleanbeam/types'
import { DeconvolutionError } from './deconvolution-error.ts'
import type { MinorCycleControl, MinorCycleOutcome } from './minor-cycle-types.ts'
import { minorStopCode } from './minor-stop-code.ts'
import type { MtmfsOptions, MtmfsPlane } from './mtmfs-types.ts'
import { countMask, modelFluxJy, planePeak } from './plane-peak.ts'
import { createResponseCache, type ResponseCache } from './response-cache.ts'
import { cleanScales } from './scale-clean.ts'

/** A scale is centred where the mask, smoothed by it, is above this; found from where CASA's components land. */
const MASK_CUT = 0.1
const MAX_TERMS = 4

/**
 * Multi-term multi-frequency synthesis with multi-scale components: one minor cycle on the Taylor terms of a plane.
 *
 *   H_s[i, j] = PSF term i + j, filtered twice by scale s, at its centre; r = the filtered residual terms of a pixel
 *   while iterations < maxIterations and |residual of term 0| in the mask reaches the limit:
 *     take the scale and pixel with the largest (1 − smallScaleBias·α/α_max)·rᵀH⁻¹r: the decrease of χ²
 *     a = H⁻¹r;  model_i += gain·a_i·kernel;  r_i −= gain·Σ_j a_j·(PSF term i + j filtered by both scales)
 *
 * *Difference from the paper:* the bias of scales, which it does not have. *As in CASA:* components act within a patch of
 * the PSF, ±10·√(16 + α_max²) pixels, so that what lies farther is corrected by the next major cycle; scales larger than
 * half the image are left out; scales but the first keep 1.5 of their size clear of the edge; the residuals handed back
 * are made on the torus. A scale whose H is not positive definite is left out too.
 * *Accuracy:* models of CASA's deconvolve are met to 1e-6 of their peak over hundreds of iterations.
 * @param options.cache - keeps the filtered PSFs from one cycle to the next
 * @returns peaks and flux of term 0
 * @throws DeconvolutionError when planes are missing or have the wrong size, or when no scale can be used because the data
 *   do not fix so many terms
 * @see U. Rau & T. J. Cornwell, A&A 532 (2011) A71, section 3
 */
export async function mtmfsMinorCycle(
  plane: MtmfsPlane,
  { scalesPixels, smallScaleBias, cache = createResponseCache() }: MtmfsOptions & { readonly cache?: ResponseCache },
  control: MinorCycleControl,
  call: CallOptions = {},
): Promise<MinorCycleOutcome> {
  checkPlane(plane)
  const { nx, residual, model, mask } = plane
  const maskSum = countMask({ nx, ny: plane.ny, mask })
  const startEverywhere = planePeak(residual[0], null, nx).absoluteJy
  const start = planePeak(residual[0], mask, nx).absoluteJy
  const startModelFluxJy = modelFluxJy(model[0])
  const limitJy = Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0)
  const wanted = maskSum > 0 && control.maxIterations > 0 && start > limitJy
  const usable = usableScales(scalesPixels, nx, plane.ny)
  const options = { scalesPixels: usable, smallScaleBias }
  const iterations = wanted ? await clean(plane, options, control, limitJy, cache, createPacer(call)) : 0
  const peak = planePeak(residual[0], mask, nx).absoluteJy
  return {
    iterations,
    stopCode: minorStopCode(control, maskSum, iterations, start, peak),
    startPeakResidualJy: start,
    startPeakResidualNoMaskJy: startEverywhere,
    peakResidualJy: peak,
    peakResidualNoMaskJy: planePeak(residual[0], null, nx).absoluteJy,
    startModelFluxJy,
    modelFluxJy: modelFluxJy(model[0]),
    maskSum,
  }
}

async function clean(
  plane: MtmfsPlane,
  { scalesPixels, smallScaleBias }: MtmfsOptions,
  control: MinorCycleControl,
  limitJy: number,
  cache: ResponseCache,
  pacer: Pacer,
): Promise<number> {
  const responses = await cache.responses(plane.psf, plane.nx, plane.ny, scalesPixels, patchReach(scalesPixels), pacer)
  if (responses.filters.length === 0) {
    throw new DeconvolutionError(
      `expected data that fix ${plane.residual.length} Taylor terms, got a singular Hessian: use a smaller nterms`,
      { nterms: plane.residual.length },
    )
  }
  return cleanScales(
    plane,
    {
      responses,
      smallScaleBias,
      gain: control.gain,
      maxIterations: control.maxIterations,
      maskCut: MASK_CUT,
      borderForFirst: false,
      accepts: () => true,
      goesOn: search => search.reaches(limitJy),
    },
    pacer,
  )
}

/** CASA's patch, read from its log for scales from 0 to 20 pixels: 10·√(16 + α_max²) to each side. */
function patchReach(scalesPixels: readonly number[]): number {
  return Math.floor(10 * Math.sqrt(16 + Math.max(...scalesPixels) ** 2))
}

function usableScales(scalesPixels: readonly number[], nx: number, ny: number): number[] {
  const usable = scalesPixels.filter(scale => scale <= Math.min(nx, ny) / 2)
  return usable.length === 0 ? [0] : usable
}

function checkPlane({ nx, ny, psf, residual, model, mask }: MtmfsPlane): void {
  const n = residual.length
  if (n < 1 || n > MAX_TERMS || psf.length !== 2 * n - 1 || model.length !== n) {
    throw new DeconvolutionError(
      `expected n residuals, n models and 2n − 1 PSFs for 1 to ${MAX_TERMS} terms, got ${n}, ${model.length} and ${psf.length}`,
      { residuals: n, models: model.length, psfs: psf.length },
    )
  }
  for (const array of [...psf, ...residual, ...model, ...(mask === null ? [] : [mask])]) {
    if (array.length !== nx * ny) {
      throw new DeconvolutionError(
        `expected ${nx} × ${ny} values, got ${array.length}: the products of all terms must have one size`,
        { wanted: nx * ny, got: array.length },
      )
    }
  }
}
