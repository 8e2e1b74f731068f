import type { RestoringBeam } from '@cleanbeam/types'
import { chauvenetReach } from './chauvenet.ts'
import { residualNoise } from './residual-noise.ts'
import { beamAreaPixels } from './restoration.ts'

/** A plane whose residual may have become noise. */
export interface NoiseStopPlane {
  /** Jy/beam; NaN is passed over. */
  readonly residual: Float32Array
  /** The clean mask; > 0 inside. */
  readonly mask: Float32Array | Uint8Array
  readonly valid: Uint8Array | null
  readonly cellRad: readonly [x: number, y: number]
  readonly beam: RestoringBeam
}

/** Why a residual counts as noise, or not. */
export interface NoiseVerdict {
  readonly noiseLike: boolean
  /** Robust noise outside the mask, Jy/beam. */
  readonly noiseJy: number
  /** Largest deviation from the median inside the mask, Jy/beam, and what noise alone would reach every other time. */
  readonly peakJy: number
  readonly expectedPeakJy: number
  /** rms of the deviations inside the mask, and the most noise alone would give in 999 of 1000 cases. */
  readonly rmsJy: number
  readonly largestRmsJy: number
}

/** Resolution elements (full widths at half maximum squared) per pixel, from the beam's area in pixels. */
function fwhmPerArea(beamAreaInPixels: number): number {
  return Math.PI / (4 * Math.LN2 * beamAreaInPixels)
}

/**
 * Standard deviations that the largest excursion of a smooth Gaussian field reaches every other time: the level with half
 * an excursion to either side expected, 2·R·4 ln 2·(2π)^(−3/2)·u·exp(−u²/2) = 1/2. 0 for fields too small for one.
 * @see K. J. Worsley et al., J. Cereb. Blood Flow Metab. 12 (1992) 900, equation 2
 */
function usualPeak(resolutionElements: number): number {
  const expected = (u: number) =>
    2 * resolutionElements * 4 * Math.LN2 * (2 * Math.PI) ** -1.5 * u * Math.exp(-0.5 * u * u)
  if (expected(1) < 0.5) return 0
  let low = 1
  let high = 40
  for (let step = 0; step < 50; step++) {
    const middle = 0.5 * (low + high)
    if (expected(middle) > 0.5) low = middle
    else high = middle
  }
  return low
}

/** Standard deviations that a chance excess of the rms stays below in 999 of 1000 cases. */
const RMS_DEVIATIONS = 3.1

/**
 * Whether the residual inside the mask is indistinguishable from the noise outside it: its peak is one that noise reaches
 * in as many beams every other time, and its rms is no larger than chance allows.
 *
 * Cleaning on would fit noise. Noise in neighbouring pixels goes together, so the mask counts as its area in beams; with
 * fewer than one beam outside the mask nothing can be told and the answer is no.
 * @param plane - residual, mask and beam; the noise is measured where the mask is not
 */
export function judgeNoise({ residual, mask, valid, cellRad, beam }: NoiseStopPlane): NoiseVerdict {
  const { medianJy, rmsJy: noiseJy } = residualNoise(residual, mask, valid, false)
  let inside = 0
  let outside = 0
  let square = 0
  let peakJy = 0
  for (let j = 0; j < residual.length; j++) {
    if (!Number.isFinite(residual[j]) || (valid !== null && valid[j] === 0)) continue
    if (!(mask[j] > 0)) {
      outside++
      continue
    }
    const deviation = Math.abs(residual[j] - medianJy)
    inside++
    square += deviation * deviation
    peakJy = Math.max(peakJy, deviation)
  }
  const area = beamAreaPixels(beam, cellRad)
  const beams = Math.max(1, inside / area)
  const expectedPeakJy = noiseJy * Math.max(chauvenetReach(1), usualPeak(inside * fwhmPerArea(area)))
  const largestRmsJy = noiseJy * (1 + RMS_DEVIATIONS / Math.sqrt(2 * beams))
  const rmsJy = inside > 0 ? Math.sqrt(square / inside) : 0
  const noiseLike = outside > area && noiseJy > 0 && peakJy <= expectedPeakJy && rmsJy <= largestRmsJy
  return { noiseLike, noiseJy, peakJy, expectedPeakJy, rmsJy, largestRmsJy }
}
