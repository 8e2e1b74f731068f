import type { RestoringBeam } from '@cleanbeam/types'

/** Parameters of auto-multithresh; CASA's names stand behind each. */
export interface AutoMaskParameters {
  /** Times the largest side lobe times the peak residual (sidelobethreshold). */
  readonly sidelobeThreshold: number
  /** Times the noise (noisethreshold). */
  readonly noiseThreshold: number
  /** Times the noise, for growing what was masked before (lownoisethreshold). */
  readonly lowNoiseThreshold: number
  /** Times the noise, for absorption; 0: no negative mask (negativethreshold). */
  readonly negativeThreshold: number
  /** Smoothing kernel in units of the beam (smoothfactor). */
  readonly smoothFactor: number
  /** Regions smaller than this many beam areas are dropped (minbeamfrac); ≤ 0: none are. */
  readonly minBeamFraction: number
  /** Cut of the smoothed mask, fraction of its peak (cutthreshold). */
  readonly cutThreshold: number
  /** Steps of the growth into the low-noise mask (growiterations). */
  readonly growIterations: number
  /** Whether small regions are dropped from the grown mask too (dogrowprune). */
  readonly doGrowPrune: boolean
  /** A plane whose mask changes by less, per cent of its pixels, is left alone from then on; < 0: never (minpercentchange). */
  readonly minPercentChange: number
  /** Noise from the whole plane rather than from what is outside the mask (fastnoise). */
  readonly fastNoise: boolean
}

/** What a plane remembers from one mask to the next. Plain data, so that a session can keep it. */
export interface AutoMaskState {
  /** 1 where a pixel is masked for absorption alone: growth does not start there. */
  readonly negative: Uint8Array
  /** The mask no longer changes by more than minpercentchange: this plane is passed over. */
  readonly settled: boolean
}

/** One plane to mask; arrays hold nx·ny values, x fastest. */
export interface AutoMaskPlane {
  readonly nx: number
  readonly ny: number
  readonly cellRad: readonly [x: number, y: number]
  /** Jy/beam; NaN is passed over. */
  readonly residual: Float32Array
  /** 1 where the primary beam is above its limit; null: everywhere. */
  readonly valid: Uint8Array | null
  /** The mask on disk (> 0 inside), edited by the user perhaps; null before there is one. */
  readonly mask: Float32Array | Uint8Array | null
  readonly beam: RestoringBeam
  /** Largest side lobe of the PSFs of the whole cube, as a fraction of their peak. */
  readonly maxPsfSidelobe: number
  /** Part of the plane the noise is taken from (CASA: pb above pbmask); default: `valid`. */
  readonly statisticsRegion?: Uint8Array | null
  /** Whether the last minor cycle went down to the clean threshold, so that minPercentChange may settle the plane. */
  readonly atThreshold?: boolean
}

/** The new mask of a plane and what to remember of it. */
export interface AutoMaskResult {
  /** 1 inside, 0 outside; a new array. */
  readonly mask: Float32Array
  readonly state: AutoMaskState
  /** Robust noise the thresholds were made of, Jy/beam. */
  readonly noiseJy: number
  /** Robust centre, Jy/beam. */
  readonly medianJy: number
  /** The threshold applied, Jy/beam: the larger of side-lobe and noise threshold. */
  readonly thresholdJy: number
  /** True when the plane was passed over and the mask left as it was. */
  readonly skipped: boolean
}
