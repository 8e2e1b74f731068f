import { type SpectralContext, spectralFrameTrack } from '@cleanbeam/measures'
import type { SpectralFrame } from '@cleanbeam/types'

/** Factor from frequencies of the data to frequencies of the image at an epoch; remembers the last epoch. */
export type FrequencyScale = (epochMjdSeconds: number) => number

/**
 * Prepares the factor for one spectral window and field; 1 when the frames agree, when one of them is none in which an
 * observer moves (REST, Undefined), or when the telescope's position is not known.
 */
export function frequencyScale(
  from: SpectralFrame,
  to: SpectralFrame,
  positionMetres: SpectralContext['positionMetres'] | null,
  direction: SpectralContext['direction'],
): FrequencyScale {
  const unmoved = from === to || [from, to].some(frame => frame === 'Undefined' || frame === 'REST')
  if (unmoved || positionMetres === null) return () => 1
  const track = spectralFrameTrack(from, to, positionMetres, direction)
  let lastEpoch = Number.NaN
  let lastScale = 1
  return epochMjdSeconds => {
    if (epochMjdSeconds !== lastEpoch) {
      lastEpoch = epochMjdSeconds
      lastScale = track(epochMjdSeconds)
    }
    return lastScale
  }
}
