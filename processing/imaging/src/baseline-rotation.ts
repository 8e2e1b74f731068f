import { convertDirection } from '@cleanbeam/measures'
import type { Direction } from '@cleanbeam/types'

/**
 * Turns baselines from one phase centre to another: (u, v, w) of the new centre, and the path difference that takes the
 * phases along, V′ = V·exp(−2πi(w′ − w)).
 */
export interface BaselineRotation {
  /** Row-major 3 × 3. */
  readonly matrix: readonly number[]
}

/**
 * The rotation between two phase centres, or null when they are the same to 1e-13 rad. Directions in different frames have
 * their norths apart, by up to 60° in galactic coordinates: baselines are turned to that of the new one, as images need.
 * @param from - the phase centre of the data; their baselines have its frame's north
 * @param epochMjd - of the observation, modified Julian date: B1950 turns slowly
 * @see A. R. Thompson, J. M. Moran, G. W. Swenson, Interferometry and Synthesis in Radio Astronomy (2017), section 4.1
 */
export function baselineRotation(from: Direction, to: Direction, epochMjd: number): BaselineRotation | null {
  if (from.frame === to.frame && isSame(from, to)) return null
  const before = basis(from, epochMjd)
  const after = basis(to, epochMjd)
  const matrix: number[] = []
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      matrix.push(
        after[row][0] * before[column][0] + after[row][1] * before[column][1] + after[row][2] * before[column][2],
      )
    }
  }
  return { matrix }
}

function isSame(from: Direction, to: Direction): boolean {
  const away = (from.longitudeRad - to.longitudeRad) * Math.cos(to.latitudeRad)
  return Math.hypot(away, from.latitudeRad - to.latitudeRad) < 1e-13
}

/** How far north of a direction its north is looked for: far enough for rounding, near enough for the bends of B1950. */
const NORTH_STEP_RAD = 0.01

/** Unit vectors towards east, north and the direction itself, in J2000 axes. */
function basis(direction: Direction, epochMjd: number): Vector[] {
  const towards = j2000Vector(direction, epochMjd)
  const { latitudeRad } = direction
  const sign = latitudeRad + NORTH_STEP_RAD < Math.PI / 2 ? 1 : -1
  const step = j2000Vector({ ...direction, latitudeRad: latitudeRad + sign * NORTH_STEP_RAD }, epochMjd)
  const along = dot(step, towards)
  const north = scaled(minus(step, scaled(towards, along)), sign)
  const unitNorth = scaled(north, 1 / Math.sqrt(dot(north, north)))
  return [cross(unitNorth, towards), unitNorth, towards]
}

type Vector = readonly [number, number, number]

function j2000Vector(direction: Direction, epochMjd: number): Vector {
  const { longitudeRad, latitudeRad } = convertDirection(direction, 'J2000', epochMjd)
  const cosD = Math.cos(latitudeRad)
  return [cosD * Math.cos(longitudeRad), cosD * Math.sin(longitudeRad), Math.sin(latitudeRad)]
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

function scaled(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor]
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
