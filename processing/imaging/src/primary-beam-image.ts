import type { ImageCoordinates, Observation, ObservedField } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import { primaryBeamPower } from './primary-beam.ts'

/**
 * The primary beam over an image, 1 at the pointing centre, the same for every plane of a channel.
 * @returns Float32Array in the image's layout
 */
export function primaryBeamImage(
  coordinates: ImageCoordinates,
  image: ImageDefinition,
  observation: Observation,
  field: ObservedField,
): Float32Array {
  const { nx, ny } = image
  const frequencyHz = coordinates.spectral.referenceHz
  const [l0, m0] = offset(coordinates, field)
  const power = primaryBeamPower(observation.telescope, dishDiameterMetres(observation))
  const cube = new Float32Array(nx * ny * image.stokes.length)
  for (let y = 0; y < ny; y++) {
    const m = (y - coordinates.direction.referencePixel[1]) * image.cellRad[1] - m0
    for (let x = 0; x < nx; x++) {
      const l = -(x - coordinates.direction.referencePixel[0]) * image.cellRad[0] - l0
      cube[x + nx * y] = power(Math.sqrt(l * l + m * m), frequencyHz)
    }
  }
  for (let plane = 1; plane < image.stokes.length; plane++) cube.copyWithin(plane * nx * ny, 0, nx * ny)
  return cube
}

/** Direction cosines of the pointing (the field's phase centre) as seen from the image's centre. */
function offset(coordinates: ImageCoordinates, field: ObservedField): [number, number] {
  const [lon0, lat0] = coordinates.direction.referenceRad
  const { longitudeRad, latitudeRad } = field.phaseCentre
  const dLon = longitudeRad - lon0
  return [
    Math.cos(latitudeRad) * Math.sin(dLon),
    Math.sin(latitudeRad) * Math.cos(lat0) - Math.cos(latitudeRad) * Math.sin(lat0) * Math.cos(dLon),
  ]
}

function dishDiameterMetres(observation: Observation): number {
  const known = observation.antennas.map(antenna => antenna.dishDiameterMetres).filter(diameter => diameter > 0)
  return known.length > 0 ? Math.max(...known) : 25
}
