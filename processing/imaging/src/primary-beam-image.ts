import type { ImageCoordinates, Observation, ObservedField } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import { type PrimaryBeamPower, primaryBeamPower } from './primary-beam.ts'

/** Nodes of the radial table; linear interpolation in the square of the angle is then within 3e-5 out to 10 half widths. */
const TABLE_SIZE = 8192

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
  const { nx, ny, cellRad } = image
  const [l0, m0] = pointingOffset(coordinates, field)
  const [x0, y0] = coordinates.direction.referencePixel
  const l = Float64Array.from({ length: nx }, (_, x) => -(x - x0) * cellRad[0] - l0)
  const m = Float64Array.from({ length: ny }, (_, y) => (y - y0) * cellRad[1] - m0)
  const largest = Math.max(l[0] ** 2, l[nx - 1] ** 2) + Math.max(m[0] ** 2, m[ny - 1] ** 2)
  const power = primaryBeamPower(observation.telescope, dishDiameterMetres(observation))
  const table = radialTable(power, coordinates.spectral.referenceHz, largest)
  const perSquare = largest > 0 ? (TABLE_SIZE - 1) / largest : 0
  const cube = new Float32Array(nx * ny * image.stokes.length)
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const position = (l[x] * l[x] + m[y] * m[y]) * perSquare
      const node = Math.min(Math.floor(position), TABLE_SIZE - 2)
      cube[x + nx * y] = table[node] + (position - node) * (table[node + 1] - table[node])
    }
  }
  for (let plane = 1; plane < image.stokes.length; plane++) cube.copyWithin(plane * nx * ny, 0, nx * ny)
  return cube
}

function radialTable(power: PrimaryBeamPower, frequencyHz: number, largestSquare: number): Float64Array {
  return Float64Array.from({ length: TABLE_SIZE }, (_, node) =>
    power(Math.asin(Math.min(1, Math.sqrt((largestSquare * node) / (TABLE_SIZE - 1)))), frequencyHz),
  )
}

/** Direction cosines of the pointing (the field's phase centre) as seen from the image's centre. */
function pointingOffset(coordinates: ImageCoordinates, field: ObservedField): [number, number] {
  const [longitude0, latitude0] = coordinates.direction.referenceRad
  const { longitudeRad, latitudeRad } = field.phaseCentre
  const away = longitudeRad - longitude0
  return [
    Math.cos(latitudeRad) * Math.sin(away),
    Math.sin(latitudeRad) * Math.cos(latitude0) - Math.cos(latitudeRad) * Math.sin(latitude0) * Math.cos(away),
  ]
}

function dishDiameterMetres(observation: Observation): number {
  const known = observation.antennas.map(antenna => antenna.dishDiameterMetres).filter(diameter => diameter > 0)
  return known.length > 0 ? Math.max(...known) : 0
}
