/** What decides the cycle threshold; CASA's parameters of the same names. */
export interface CycleThresholdInput {
  /** Peak residual in the mask over all planes, Jy. */
  readonly peakResidualJy: number
  /** Largest over all planes. */
  readonly maxPsfSidelobe: number
  readonly cycleFactor: number
  readonly minPsfFraction: number
  readonly maxPsfFraction: number
  /** The global threshold, Jy, below which the cycle threshold never goes. */
  readonly thresholdJy: number
}

/**
 * Where a minor cycle stops: clamp(maxPsfSidelobe·cycleFactor, minPsfFraction, maxPsfFraction)·peak, at least the threshold.
 * @returns Jy
 * @see https://casadocs.readthedocs.io/en/stable/notebooks/synthesis_imaging.html (Controlling major/minor cycle iterations)
 */
export function cycleThresholdJy(input: CycleThresholdInput): number {
  const fraction = Math.min(
    Math.max(input.maxPsfSidelobe * input.cycleFactor, input.minPsfFraction),
    input.maxPsfFraction,
  )
  return Math.max(fraction * input.peakResidualJy, input.thresholdJy)
}
