import type { TableRecord } from '@cleanbeam/casatable'
import type { ImageShape, RestoringBeam } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'
import { radiansOf } from './record-values.ts'

/**
 * Beams of a CASA image: none, one, or one per plane at index `stokes + nStokes·channel`.
 * casacore numbers the beams of planes with channels fastest, and keeps one beam along an axis all planes of which share it.
 * @param info - the keyword imageinfo
 * @throws ImageError when the numbers of beams and planes do not fit
 */
export function readCasaBeams(info: TableRecord, shape: ImageShape, where: string): RestoringBeam[] {
  if (info.has('restoringbeam')) return [beamOfRecord(info.record('restoringbeam'), where)]
  if (!info.has('perplanebeams')) return []
  const perPlane = info.record('perplanebeams')
  const nChannel = perPlane.number('nChannels')
  const nStokes = perPlane.number('nStokes')
  const [, , planesStokes, planesChannel] = shape
  if ((nChannel !== planesChannel && nChannel !== 1) || (nStokes !== planesStokes && nStokes !== 1)) {
    throw new ImageError(
      `expected beams for ${planesChannel} channels and ${planesStokes} Stokes, got ${nChannel} and ${nStokes} (${where})`,
      { where },
    )
  }
  const beams: RestoringBeam[] = []
  for (let channel = 0; channel < planesChannel; channel++) {
    for (let stokes = 0; stokes < planesStokes; stokes++) {
      const number = (nChannel === 1 ? 0 : channel) + nChannel * (nStokes === 1 ? 0 : stokes)
      beams.push(beamOfRecord(perPlane.record(`*${number}`), where))
    }
  }
  return beams
}

function beamOfRecord(record: TableRecord, where: string): RestoringBeam {
  return {
    majorRad: radiansOf(record.record('major'), where),
    minorRad: radiansOf(record.record('minor'), where),
    positionAngleRad: radiansOf(record.record('positionangle'), where),
  }
}
