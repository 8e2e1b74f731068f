import { type SpectralContext, spectralFrameTrack } from '@cleanbeam/measures'
import type { SpectralFrame } from '@cleanbeam/types'

/** Factor from frequencies of the data to frequencies of the image at an epoch; remembers the last epoch. */
export type FrequencyScale = (epochMjdSeconds: number) => number

/**
 * Prepares the factor for one spectral window and field; 1 when the frames agree, when one of them is none in which an
 * observer moves (REST, Undefined), or when the telescope's position is not known.
 * @param frozenMjdSeconds - a target frame that moves with the Earth (TOPO, GEO) is that of this epoch, as CASA has it in
 *   cubes: data in TOPO are shifted by the Earth's motion since then; null: it moves along with the data
 */
export function frequencyScale(
  from: SpectralFrame,
  to: SpectralFrame,
  positionMetres: SpectralContext['positionMetres'] | null,
  direction: SpectralContext['direction'],
  frozenMjdSeconds: number | null = null,
): FrequencyScale {
  const isFrozen = frozenMjdSeconds !== null && (to === 'TOPO' || to === 'GEO')
  const unmoved = (from === to && !isFrozen) || [from, to].some(frame => frame === 'Undefined' || frame === 'REST')
  if (unmoved || positionMetres === null) return () => 1
  const track = isFrozen
    ? frozenTrack(from, to, positionMetres, direction, frozenMjdSeconds)
    : spectralFrameTrack(from, to, positionMetres, direction)
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

function frozenTrack(
  from: SpectralFrame,
  to: SpectralFrame,
  positionMetres: SpectralContext['positionMetres'],
  direction: SpectralContext['direction'],
  frozenMjdSeconds: number,
): FrequencyScale {
  const toBarycentre = spectralFrameTrack(from, 'BARY', positionMetres, direction)
  const target = spectralFrameTrack(to, 'BARY', positionMetres, direction)(frozenMjdSeconds)
  return epochMjdSeconds => toBarycentre(epochMjdSeconds) / target
}
