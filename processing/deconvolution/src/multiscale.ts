import type { Pacer } from '@cleanbeam/math'
import type { MinorCycleControl, MinorCycleOutcome, MinorCyclePlane } from './minor-cycle-types.ts'
import { minorStopCode } from './minor-stop-code.ts'
import { countMask, modelFluxJy, planePeak } from './plane-peak.ts'
import type { ResponseCache } from './response-cache.ts'
import { cleanScales } from './scale-clean.ts'

/** A scale is centred where the mask, smoothed by it, is above this (CASA's documented 0.9). */
const MASK_CUT = 0.9
/** A component this much stronger than the first of its cycle ends the cycle (CASA's "diverging due to large scale"). */
const STRENGTH_GROWTH = 1.5

/**
 * Multi-scale clean: components are pixels and truncated paraboloids tapered by a spheroidal function.
 *
 *   filter the residual with every scale's kernel; a = r/h, h the PSF filtered twice at its centre
 *   while iterations < maxIterations:
 *     take the scale and pixel with the largest (1 − smallScaleBias·α/α_max)·r²/h
 *     stop when |a| < limit, or when |a| > 1.5 times that of the first component
 *     model += gain·a·kernel;  filtered residuals −= gain·a·(PSF filtered by both scales)
 *
 * *Differences from the paper:* the choice goes by the decrease of χ², r²/h, rather than by the biased peak, and the bias
 * is linear in the scale, both as in CASA's documentation of smallscalebias. A scale is used where the mask smoothed by
 * it exceeds 0.9 and 1.5 scales away from the edge; one without such a place, or with h ≤ 0, is left out.
 * *As in CASA:* filters wrap around the plane, the limit is compared with the strength of the component about to be
 * taken, that iteration is counted though nothing is subtracted, and the residual handed back is dirty − model ⊛ PSF on
 * the torus.
 * *Accuracy:* models of CASA's deconvolve are met to 1e-6 of their peak over hundreds of iterations (tested on recorded
 * first cycles).
 * @see T. J. Cornwell, IEEE J. Sel. Top. Signal Process. 2 (2008) 793
 * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (scales, smallscalebias)
 */
export async function multiscaleClean(
  plane: MinorCyclePlane,
  scalesPixels: readonly number[],
  smallScaleBias: number,
  control: MinorCycleControl,
  cache: ResponseCache,
  pacer: Pacer,
): Promise<MinorCycleOutcome> {
  const { nx, ny, residual, model, mask } = plane
  const maskSum = countMask(plane)
  const startEverywhere = planePeak(residual, null, nx).absoluteJy
  const start = planePeak(residual, mask, nx).absoluteJy
  const startModelFluxJy = modelFluxJy(model)
  const limitJy = Math.max(control.cycleThresholdJy, control.nsigmaThresholdJy ?? 0)
  let iterations = 0
  if (maskSum > 0 && control.maxIterations > 0 && start > limitJy) {
    let first = 0
    iterations = await cleanScales(
      { nx, ny, residual: [residual], model: [model], mask },
      {
        responses: await cache.responses([plane.psf], nx, ny, scalesPixels, Number.POSITIVE_INFINITY, pacer),
        smallScaleBias,
        gain: control.gain,
        maxIterations: control.maxIterations,
        maskCut: MASK_CUT,
        borderForFirst: true,
        accepts({ coefficients }) {
          const strength = Math.abs(coefficients[0])
          first ||= strength
          return strength >= limitJy && strength <= STRENGTH_GROWTH * first
        },
        goesOn: () => true,
      },
      pacer,
    )
  }
  const peak = planePeak(residual, mask, nx).absoluteJy
  return {
    iterations,
    stopCode: minorStopCode(control, maskSum, iterations, start, peak),
    startPeakResidualJy: start,
    startPeakResidualNoMaskJy: startEverywhere,
    peakResidualJy: peak,
    peakResidualNoMaskJy: planePeak(residual, null, nx).absoluteJy,
    startModelFluxJy,
    modelFluxJy: modelFluxJy(model),
    maskSum,
  }
}
