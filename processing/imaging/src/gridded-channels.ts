import { spectralFrameFactor } from '@cleanbeam/measures'
import type { Direction, Observation, SpectralFrame, SpectralWindow } from '@cleanbeam/types'
import type { CubeAxis } from './cube-frequency-axis.ts'
import type { ImageDefinition } from './image-definition.ts'
import { telescopePosition } from './telescope-position.ts'

/** The channels of a cube in the frame that its samples are gridded in. */
export interface GriddedChannels {
  readonly frequencyHz: Float64Array
  readonly widthHz: number
}

/**
 * The frame in which channels of the data meet channels of the image: as in CASA LSRK, whatever frame the image's
 * axis is in, so that the axis of a cube in TOPO holds at the time of the first row only (docs/imaging.md).
 */
export function griddingFrame({ spectral }: ImageDefinition, spw: SpectralWindow): SpectralFrame {
  if (spectral.mode === 'cubedata') return spw.frame
  if (!isMoving(spectral.frame)) return spectral.frame
  return 'LSRK'
}

/** Converts the axis of a cube to the frame of gridding, at the time of the first row, towards the image's centre. */
export function griddedChannels({
  image,
  axis,
  observations,
  phaseCentre,
  frameEpochMjdSeconds,
}: {
  readonly image: ImageDefinition
  readonly axis: CubeAxis | null
  readonly observations: readonly Observation[]
  readonly phaseCentre: Direction
  readonly frameEpochMjdSeconds: number
}): GriddedChannels | null {
  if (axis === null) return null
  const positionMetres = telescopePosition(observations[0])
  if (image.spectral.mode !== 'cube' || !isMoving(image.spectral.frame) || positionMetres === null) return axis
  const context = { epochMjdSeconds: frameEpochMjdSeconds, positionMetres, direction: phaseCentre }
  const factor = spectralFrameFactor(image.spectral.frame, 'LSRK', context)
  return { frequencyHz: axis.frequencyHz.map(hz => hz * factor), widthHz: axis.widthHz * factor }
}

function isMoving(frame: SpectralFrame): boolean {
  return frame !== 'REST' && frame !== 'Undefined'
}
