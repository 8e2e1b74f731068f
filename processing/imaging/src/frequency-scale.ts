import type { Direction, SpectralFrame } from '@cleanbeam/types'

/** Where and in which direction a frequency is measured. */
export interface FrameConditions {
  readonly positionMetres: readonly [number, number, number] | null
  readonly direction: Direction
}

/**
 * Converts a frequency between spectral frames at an epoch; `convertFrequencyHz` of `@cleanbeam/measures` has this
 * shape.
 */
export type FrequencyConversion = (
  frequencyHz: number,
  from: SpectralFrame,
  to: SpectralFrame,
  conditions: FrameConditions & { readonly epochMjdSeconds: number },
) => number

/** Factor from frequencies of the data to frequencies of the image at an epoch; remembers the last epoch. */
export type FrequencyScale = (epochMjdSeconds: number) => number

/** Prepares the factor for one spectral window and field; 1 when the frames agree or nothing is known of them. */
export function frequencyScale(
  convert: FrequencyConversion,
  from: SpectralFrame,
  to: SpectralFrame,
  conditions: FrameConditions,
): FrequencyScale {
  if (from === to || from === 'Undefined' || to === 'Undefined' || conditions.positionMetres === null) return () => 1
  const probeHz = 1e9
  let lastEpoch = Number.NaN
  let lastScale = 1
  return epochMjdSeconds => {
    if (epochMjdSeconds !== lastEpoch) {
      lastEpoch = epochMjdSeconds
      lastScale = convert(probeHz, from, to, { ...conditions, epochMjdSeconds }) / probeHz
    }
    return lastScale
  }
}
