import { MJD_J2000 } from './constants.ts'
import { HARMONIC_ARGUMENTS, HARMONIC_COEFFICIENTS, VELOCITY_SECULAR } from './earth-velocity-table.ts'
import type { Vector3 } from './vector.ts'

/**
 * Phase at J2000.0 (rad) and rate (rad per Julian century) of the mean longitudes of Earth, Venus, Mars, Jupiter, Saturn,
 * Uranus and of the lunar arguments D, l, F.
 * @see IERS Conventions (2003), equations 5.39 to 5.44
 */
const FUNDAMENTAL_ARGUMENTS: readonly (readonly [phase: number, rate: number])[] = [
  [1.753470314, 628.3075849991],
  [3.176146697, 1021.3285546211],
  [6.203480913, 334.06124267],
  [0.599546497, 52.9690962641],
  [0.874016757, 21.329910496],
  [5.481293871, 7.4781598567],
  [5.198466741, 7771.3771468121],
  [2.35555598, 8328.6914269554],
  [1.627905234, 8433.466158131],
]

/**
 * Velocity of the centre of the Earth relative to the barycentre of the solar system, m/s, in ICRS axes.
 *
 * *Accuracy:* 0.1 m/s in each axis from 1949 to 2047 (earth-velocity.test.ts), slowly worse outside.
 * *Cost:* 140 sines and cosines.
 * @param mjdTt - terrestrial time, modified Julian date in days (TDB and TT may be interchanged here)
 */
export function earthBarycentricVelocity(mjdTt: number): Vector3 {
  const t = (mjdTt - MJD_J2000) / 36_525
  const phases = FUNDAMENTAL_ARGUMENTS.map(([phase, rate]) => phase + rate * t)
  const velocity = [0, 1, 2].map(axis => VELOCITY_SECULAR[2 * axis] + VELOCITY_SECULAR[2 * axis + 1] * t)
  for (let h = 0; h < HARMONIC_ARGUMENTS.length; h++) {
    const multipliers = HARMONIC_ARGUMENTS[h]
    const coefficients = HARMONIC_COEFFICIENTS[h]
    let argument = 0
    for (let i = 0; i < multipliers.length; i++) argument += multipliers[i] * phases[i]
    const cosine = Math.cos(argument)
    const sine = Math.sin(argument)
    for (let axis = 0; axis < 3; axis++) {
      velocity[axis] += coefficients[2 * axis] * cosine + coefficients[2 * axis + 1] * sine
      if (coefficients.length > 6) {
        velocity[axis] += t * (coefficients[6 + 2 * axis] * cosine + coefficients[7 + 2 * axis] * sine)
      }
    }
  }
  return [velocity[0], velocity[1], velocity[2]]
}
