import type { ImageCoordinates, Observation, ObservedField } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import { type PrimaryBeamPower, primaryBeamPower } from './primary-beam.ts'

/** Nodes of the radial table; linear interpolation in the square of the angle is then within 3e-5 out to 10 half widths. */
const TABLE_SIZE = 8192

/**
 * The primary beam over an image, 1 at the pointing centre, the same for every plane of a channel.
 * @param channelHz - frequency of every channel
 * @returns Float32Array in the image's layout
 */
export function primaryBeamImage(
  coordinates: ImageCoordinates,
  image: ImageDefinition,
  observation: Observation,
  field: ObservedField,
  channelHz: ArrayLike<number>,
): Float32Array {
  const { nx, ny, cellRad } = image
  const [l0, m0] = pointingOffset(coordinates, field)
  const [x0, y0] = coordinates.direction.referencePixel
  const l = Float64Array.from({ length: nx }, (_, x) => -(x - x0) * cellRad[0] - l0)
  const m = Float64Array.from({ length: ny }, (_, y) => (y - y0) * cellRad[1] - m0)
  const largest = Math.max(l[0] ** 2, l[nx - 1] ** 2) + Math.max(m[0] ** 2, m[ny - 1] ** 2)
  const power = primaryBeamPower(observation.telescope, dishDiameterMetres(observation))
  const perSquare = largest > 0 ? (TABLE_SIZE - 1) / largest : 0
  const nStokes = image.stokes.length
  const cube = new Float32Array(nx * ny * nStokes * channelHz.length)
  for (let channel = 0; channel < channelHz.length; channel++) {
    const table = radialTable(power, channelHz[channel], coordinates.spectral.referenceHz, largest)
    const at = nx * ny * nStokes * channel
    fillPlane(cube.subarray(at, at + nx * ny), table, l, m, perSquare)
    for (let plane = 1; plane < nStokes; plane++) cube.copyWithin(at + plane * nx * ny, at, at + nx * ny)
  }
  return cube
}

function fillPlane(
  plane: Float32Array,
  table: Float64Array,
  l: Float64Array,
  m: Float64Array,
  perSquare: number,
): void {
  const nx = l.length
  for (let y = 0; y < m.length; y++) {
    for (let x = 0; x < nx; x++) {
      const position = (l[x] * l[x] + m[y] * m[y]) * perSquare
      const node = Math.min(Math.floor(position), TABLE_SIZE - 2)
      plane[x + nx * y] = table[node] + (position - node) * (table[node + 1] - table[node])
    }
  }
}

/** CASA chooses a cube's model once, by the reference frequency, and scales it from channel to channel. */
function radialTable(
  power: PrimaryBeamPower,
  frequencyHz: number,
  bandHz: number,
  largestSquare: number,
): Float64Array {
  return Float64Array.from({ length: TABLE_SIZE }, (_, node) =>
    power(Math.asin(Math.min(1, Math.sqrt((largestSquare * node) / (TABLE_SIZE - 1)))), frequencyHz, bandHz),
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
