import type { SpectralCoordinate } from '@cleanbeam/types'
import type { MfsDefinition } from './image-definition.ts'

/** Lowest and highest edge of the channels imaged, Hz, in the image's frame. */
export interface FrequencyRange {
  lowHz: number
  highHz: number
}

/** An empty range, to be widened. */
export function emptyFrequencyRange(): FrequencyRange {
  return { lowHz: Number.POSITIVE_INFINITY, highHz: Number.NEGATIVE_INFINITY }
}

/**
 * The single channel of an mfs image: it spans every selected channel's edges, converted to the image's frame at every
 * time of the data, and its centre is the reference frequency unless one was given.
 * @param sourceRestFrequencyHz - what the data say of the source's line; null when they say nothing
 */
export function mfsFrequencyAxis(
  definition: MfsDefinition,
  range: FrequencyRange,
  sourceRestFrequencyHz: number | null,
): SpectralCoordinate {
  const middleHz = 0.5 * (range.lowHz + range.highHz)
  const referenceHz = definition.referenceHz ?? middleHz
  return {
    frame: definition.frame,
    referenceHz,
    referencePixel: 0,
    incrementHz: definition.referenceHz === null ? range.highHz - range.lowHz : reachOf(referenceHz, range),
    restFrequencyHz: definition.restFrequencyHz ?? sourceRestFrequencyHz ?? referenceHz,
  }
}

/** Twice the larger distance from the reference to the edges of the range: the channel covers the data around it. */
function reachOf(referenceHz: number, range: FrequencyRange): number {
  return 2 * Math.max(range.highHz - referenceHz, referenceHz - range.lowHz)
}
