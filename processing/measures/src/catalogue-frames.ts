import type { Direction, DirectionFrame } from '@cleanbeam/types'
import {
  addScaled,
  apply,
  applyTransposed,
  dot,
  type Matrix3,
  normalise,
  toAngles,
  toVector,
  type Vector3,
} from './vector.ts'

/**
 * Frame bias: from the axes of the FK5 mean equator and equinox of J2000 to ICRS.
 * @see IAU 2000 resolution B1.6; IERS Conventions (2003), section 5: ξ0 = −16.6170 mas, η0 = −6.8192 mas, dα0 = −14.6 mas
 */
const J2000_TO_ICRS: Matrix3 = [
  [1, 7.078279477857338e-8, -8.056217398976e-8],
  [-7.078279744199198e-8, 1, -3.306040883980552e-8],
  [8.056217146976134e-8, 3.30604145422213e-8, 1],
]

/**
 * From J2000 to galactic axes. CASA's definition: the IAU 1958 pole and origin, precessed from B1950 without the
 * correction of the equinox between FK4 and FK5; 0.5 arcsec from the one Hipparcos uses.
 * @see casacore, module measures, MDirection::GALACTIC; Blaauw et al. 1960, MNRAS 121, 123
 */
export const J2000_TO_GALACTIC: Matrix3 = [
  [-0.0548777621, -0.8734369591, -0.4838350026],
  [0.4941083214, -0.444830861, 0.7469822433],
  [-0.8676666398, -0.1980741871, 0.4559837919],
]

/**
 * From FK5 J2000 to FK4 B1950, without E-terms, for a source at rest in FK5; the second matrix is the apparent motion in FK4
 * in radians per tropical century since 1950.
 * @see Aoki et al. 1983, A&A 128, 263; Explanatory Supplement 1992, section 3.59
 */
const J2000_TO_B1950: Matrix3 = [
  [0.9999256795, 0.0111814828, 0.0048590039],
  [-0.0111814828, 0.9999374849, -0.0000271771],
  [-0.004859004, -0.0000271557, 0.9999881946],
]
const ARCSEC = Math.PI / 648_000
const B1950_MOTION: Matrix3 = [
  [-0.000551 * ARCSEC, 0.238509 * ARCSEC, -0.435614 * ARCSEC],
  [-0.23856 * ARCSEC, -0.002667 * ARCSEC, 0.012254 * ARCSEC],
  [0.43573 * ARCSEC, -0.008541 * ARCSEC, 0.002117 * ARCSEC],
]
/** E-terms of aberration at B1950, radians, and their change in a tropical century (Explanatory Supplement, 3.591). */
const E_TERMS: Vector3 = [-1.62557e-6, -0.31919e-6, -0.13843e-6]
const E_TERMS_MOTION: Vector3 = [1.245e-3 * ARCSEC, -1.58e-3 * ARCSEC, -0.659e-3 * ARCSEC]
const MJD_B1950 = 33_281.923_459_05
const TROPICAL_CENTURY_DAYS = 36_524.219_878_1

/** Unit vector in J2000 axes of a direction in a catalogue frame. */
export function toJ2000Vector(direction: Direction, epochMjd?: number): Vector3 {
  const v = toVector(direction.longitudeRad, direction.latitudeRad)
  switch (direction.frame) {
    case 'J2000':
      return v
    case 'ICRS':
      return applyTransposed(J2000_TO_ICRS, v)
    case 'GALACTIC':
      return normalise(applyTransposed(J2000_TO_GALACTIC, v))
    case 'B1950':
      return fromB1950(v, epochMjd)
  }
}

/** Unit vector in the axes of a catalogue frame of a J2000 vector. */
export function fromJ2000Vector(v: Vector3, frame: DirectionFrame, epochMjd?: number): Vector3 {
  switch (frame) {
    case 'J2000':
      return v
    case 'ICRS':
      return apply(J2000_TO_ICRS, v)
    case 'GALACTIC':
      return normalise(apply(J2000_TO_GALACTIC, v))
    case 'B1950':
      return toB1950(v, epochMjd)
  }
}

function b1950Matrix(epochMjd: number): Matrix3 {
  const t = (epochMjd - MJD_B1950) / TROPICAL_CENTURY_DAYS
  return [
    addScaled(J2000_TO_B1950[0], B1950_MOTION[0], t),
    addScaled(J2000_TO_B1950[1], B1950_MOTION[1], t),
    addScaled(J2000_TO_B1950[2], B1950_MOTION[2], t),
  ]
}

function eTerms(epochMjd: number): Vector3 {
  return addScaled(E_TERMS, E_TERMS_MOTION, (epochMjd - MJD_B1950) / TROPICAL_CENTURY_DAYS)
}

function toB1950(v: Vector3, epochMjd = MJD_B1950): Vector3 {
  return normalise(addScaled(normalise(apply(b1950Matrix(epochMjd), v)), eTerms(epochMjd), 1))
}

function fromB1950(v: Vector3, epochMjd = MJD_B1950): Vector3 {
  const terms = eTerms(epochMjd)
  let mean = v
  // The E-terms are added to the direction without them; four rounds reach 1e-16.
  for (let round = 0; round < 4; round++) {
    const length = Math.sqrt(1 + 2 * dot(mean, terms) + dot(terms, terms))
    mean = normalise(addScaled([v[0] * length, v[1] * length, v[2] * length], terms, -1))
  }
  return normalise(applyTransposed(b1950Matrix(epochMjd), mean))
}

/**
 * Converts a direction between J2000, ICRS, B1950 and GALACTIC.
 *
 * *Accuracy:* 1e-4 arcsec against CASA (catalogue-frames.test.ts).
 * @param epochMjd - epoch of observation (modified Julian date); only B1950 depends on it, 0.006 arcsec per year: FK4
 * turns slowly against FK5. Without it the epoch is B1950.0.
 */
export function convertDirection(direction: Direction, frame: DirectionFrame, epochMjd?: number): Direction {
  if (direction.frame === frame) return direction
  const v = fromJ2000Vector(toJ2000Vector(direction, epochMjd), frame, epochMjd)
  const [longitudeRad, latitudeRad] = toAngles(v)
  return { frame, longitudeRad, latitudeRad }
}
