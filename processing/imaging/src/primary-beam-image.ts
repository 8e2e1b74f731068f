import { convertDirection } from '@cleanbeam/measures'
import type { ImageCoordinates, Observation, ObservedField } from '@cleanbeam/types'
import { directionCosines } from './direction-cosines.ts'
import type { ImageDefinition } from './image-definition.ts'
import { type PrimaryBeamPower, primaryBeamPower } from './primary-beam.ts'

/** Most nodes of a radial table; interpolation in the square of the angle is then within 3e-5 out to 10 half widths. */
const MOST_NODES = 8192
/** A table is fine enough when the beam half-way between its nodes is within this of their mean. */
const TABLE_ACCURACY = 1e-6
/** Fewest intervals looked at: a beam cannot swing and return between so close nodes of a small image. */
const FEWEST_INTERVALS = 64

/**
 * The primary beam over an image, the same for every plane of a channel: 1 at the pointing centre, of several fields the sum
 * of their beams over its largest value, as CASA has it where it does not make a mosaic of them.
 * @param channelHz - frequency of every channel
 * @returns Float32Array in the image's layout
 */
export function primaryBeamImage(
  coordinates: ImageCoordinates,
  image: ImageDefinition,
  observation: Observation,
  fields: readonly ObservedField[],
  channelHz: ArrayLike<number>,
): Float32Array {
  const { nx, ny } = image
  const power = primaryBeamPower(observation.telescope, dishDiameterMetres(observation))
  const nStokes = image.stokes.length
  const cube = new Float32Array(nx * ny * nStokes * channelHz.length)
  for (let channel = 0; channel < channelHz.length; channel++) {
    const at = nx * ny * nStokes * channel
    const beams = fields.map(field => fieldBeam(coordinates, image, field, power, channelHz[channel]))
    cube.set(beams.length === 1 ? beams[0] : sumOverLargest(beams), at)
    for (let plane = 1; plane < nStokes; plane++) cube.copyWithin(at + plane * nx * ny, at, at + nx * ny)
  }
  return cube
}

function fieldBeam(
  coordinates: ImageCoordinates,
  { nx, ny, cellRad }: ImageDefinition,
  field: ObservedField,
  power: PrimaryBeamPower,
  frequencyHz: number,
): Float32Array {
  const [l0, m0] = pointingOffset(coordinates, field)
  const [x0, y0] = coordinates.direction.referencePixel
  const l = Float64Array.from({ length: nx }, (_, x) => -(x - x0) * cellRad[0] - l0)
  const m = Float64Array.from({ length: ny }, (_, y) => (y - y0) * cellRad[1] - m0)
  return powerPlane(power, frequencyHz, coordinates.spectral.referenceHz, l, m)
}

function sumOverLargest(beams: readonly Float32Array[]): Float32Array {
  const sum = beams[0].slice()
  for (const beam of beams.slice(1)) for (let j = 0; j < sum.length; j++) sum[j] += beam[j]
  const largest = sum.reduce((most, value) => Math.max(most, value), 0)
  return largest > 0 ? sum.map(value => value / largest) : sum
}

/**
 * A primary beam over the pixels at direction cosines l and m from the pointing centre.
 * @param bandHz - chooses the model of the beam
 * @returns [m, l]
 */
export function powerPlane(
  power: PrimaryBeamPower,
  frequencyHz: number,
  bandHz: number,
  l: Float64Array,
  m: Float64Array,
): Float32Array {
  const farthest = (values: Float64Array): number => Math.max(values[0] ** 2, values[values.length - 1] ** 2)
  const largest = farthest(l) + farthest(m)
  const plane = new Float32Array(l.length * m.length)
  fillPlane(plane, radialTable(power, frequencyHz, bandHz, largest), l, m, largest)
  return plane
}

function fillPlane(
  plane: Float32Array,
  table: Float64Array,
  l: Float64Array,
  m: Float64Array,
  largestSquare: number,
): void {
  const nx = l.length
  const perSquare = largestSquare > 0 ? (table.length - 1) / largestSquare : 0
  for (let y = 0; y < m.length; y++) {
    for (let x = 0; x < nx; x++) {
      const position = (l[x] * l[x] + m[y] * m[y]) * perSquare
      const node = Math.min(Math.floor(position), table.length - 2)
      plane[x + nx * y] = table[node] + (position - node) * (table[node + 1] - table[node])
    }
  }
}

/**
 * The beam at equal steps of the squared angle from 0 to `largestSquare`, as many as it takes: an image much smaller than
 * the beam needs few. CASA chooses a cube's model once, by the reference frequency, and scales it from channel to channel.
 */
function radialTable(
  power: PrimaryBeamPower,
  frequencyHz: number,
  bandHz: number,
  largestSquare: number,
): Float64Array {
  const at = (square: number) => power(Math.asin(Math.min(1, Math.sqrt(square))), frequencyHz, bandHz)
  let table = Float64Array.from({ length: FEWEST_INTERVALS + 1 }, (_, node) =>
    at((largestSquare * node) / FEWEST_INTERVALS),
  )
  for (;;) {
    const intervals = table.length - 1
    const between = Float64Array.from({ length: intervals }, (_, node) =>
      at((largestSquare * (node + 0.5)) / intervals),
    )
    const error = between.reduce(
      (worst, value, i) => Math.max(worst, Math.abs(value - (table[i] + table[i + 1]) / 2)),
      0,
    )
    const finer = new Float64Array(2 * intervals + 1)
    for (let node = 0; node <= intervals; node++) finer[2 * node] = table[node]
    for (let node = 0; node < intervals; node++) finer[2 * node + 1] = between[node]
    table = finer
    if (error <= TABLE_ACCURACY || 2 * table.length > MOST_NODES) return table
  }
}

/** Direction cosines of the pointing (the field's phase centre) as seen from the image's centre. */
function pointingOffset({ direction, observation }: ImageCoordinates, field: ObservedField): [number, number] {
  const [longitudeRad, latitudeRad] = direction.referenceRad
  const centre = { frame: direction.frame, longitudeRad, latitudeRad }
  return directionCosines(convertDirection(field.phaseCentre, direction.frame, observation.dateMjd), centre)
}

function dishDiameterMetres(observation: Observation): number {
  const known = observation.antennas.map(antenna => antenna.dishDiameterMetres).filter(diameter => diameter > 0)
  return known.length > 0 ? Math.max(...known) : 0
}
