import type { Stokes } from '@cleanbeam/types'

/** Why a minor cycle ended; CASA's codes (`summaryminor[…].stopCode`). */
export const MINOR_STOP = {
  skippedZeroMask: 0,
  cycleIterations: 1,
  cycleThreshold: 2,
  zeroIterations: 3,
  divergence: 4,
  none: 5,
  nsigma: 6,
} as const

export type MinorStopCode = (typeof MINOR_STOP)[keyof typeof MINOR_STOP]

/** One plane to clean. `residual` and `model` are changed in place; the others are read. All hold nx·ny values, x fastest. */
export interface MinorCyclePlane {
  readonly nx: number
  readonly ny: number
  /** Jy/beam. */
  readonly residual: Float32Array
  /** 1 at the pixel (nx/2, ny/2). */
  readonly psf: Float32Array
  /** Components are sought where this is > 0; null: everywhere. */
  readonly mask: Float32Array | Uint8Array | null
  /** Jy/pixel. */
  readonly model: Float32Array
  /** What the plane holds; joint methods weigh I, polarised planes and correlations differently. */
  readonly stokes?: Stokes
}

/** Limits of one minor cycle on one plane. */
export interface MinorCycleControl {
  /** Loop gain, 0 < gain ≤ 1. */
  readonly gain: number
  /** The most iterations to report; hogbom takes one component more when it ends there, as CASA's does. */
  readonly maxIterations: number
  /** Stop when the peak residual (absolute, in the mask) is at or below this, Jy. */
  readonly cycleThresholdJy: number
  /** Stop (with code 6) at or below this, Jy, when it is the higher limit; 0 or absent when nsigma is not asked for. */
  readonly nsigmaThresholdJy?: number
}

/** What a minor cycle did on one plane. Peaks are absolute values. `NoMask`: over the whole plane. */
export interface MinorCycleOutcome {
  readonly iterations: number
  readonly stopCode: MinorStopCode
  readonly startPeakResidualJy: number
  readonly startPeakResidualNoMaskJy: number
  readonly peakResidualJy: number
  readonly peakResidualNoMaskJy: number
  readonly startModelFluxJy: number
  readonly modelFluxJy: number
  /** Number of pixels in the mask; nx·ny without a mask. */
  readonly maskSum: number
}
