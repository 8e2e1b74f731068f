import { SECONDS_PER_DAY } from '@cleanbeam/measures'
import type { Direction, ImageCoordinates, Observation, SpectralCoordinate } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import { telescopePosition } from './telescope-position.ts'

/** Coordinates of an image of `definition`, around `phaseCentre`. `object` is the name of the first field. */
export function imageCoordinates(
  definition: ImageDefinition,
  phaseCentre: Direction,
  spectral: SpectralCoordinate,
  observation: Observation,
  object: string,
): ImageCoordinates {
  return {
    direction: {
      frame: phaseCentre.frame,
      projection: definition.projection,
      projectionParameters: definition.projection === 'SIN' ? [0, 0] : [],
      referenceRad: [phaseCentre.longitudeRad, phaseCentre.latitudeRad],
      referencePixel: [definition.nx >> 1, definition.ny >> 1],
      incrementRad: [-definition.cellRad[0], definition.cellRad[1]],
      pc: [1, 0, 0, 1],
      longPoleRad: Math.PI,
      latPoleRad: phaseCentre.latitudeRad,
    },
    stokes: definition.stokes,
    spectral,
    observation: {
      telescope: observation.telescope,
      observer: observation.observer,
      dateMjd: observation.startMjdSeconds / SECONDS_PER_DAY,
      telescopePositionMetres: telescopePosition(observation),
      object,
      pointing: phaseCentre,
    },
  }
}
