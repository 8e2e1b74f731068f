import { MJD_J2000, RAD_PER_ARCSEC } from './constants.ts'
import { type Matrix3, multiply, rotationX, rotationY, rotationZ } from './vector.ts'

/** Julian centuries since J2000.0. */
function centuries(mjdTt: number): number {
  return (mjdTt - MJD_J2000) / 36_525
}

/**
 * Rotation from the mean equator and equinox of J2000 to those of date, IAU 1976 precession.
 * @see Lieske et al. 1977, A&A 58, 1
 */
export function precessionMatrix(mjdTt: number): Matrix3 {
  const t = centuries(mjdTt)
  const zeta = (2306.2181 + (0.30188 + 0.017998 * t) * t) * t * RAD_PER_ARCSEC
  const z = (2306.2181 + (1.09468 + 0.018203 * t) * t) * t * RAD_PER_ARCSEC
  const theta = (2004.3109 - (0.42665 + 0.041833 * t) * t) * t * RAD_PER_ARCSEC
  return multiply(rotationZ(-z), multiply(rotationY(theta), rotationZ(-zeta)))
}

/** Mean obliquity of the ecliptic, radians, IAU 1976. */
export function meanObliquity(mjdTt: number): number {
  const t = centuries(mjdTt)
  return (84_381.448 - (46.815 + (0.00059 - 0.001813 * t) * t) * t) * RAD_PER_ARCSEC
}

/**
 * Leading terms of the IAU 1980 nutation: multipliers of [D, M, M', F, Ω], then the coefficients of the sine in longitude
 * and its rate, of the cosine in obliquity and its rate, all in 0.0001 arcsec (rates per Julian century).
 * @see Seidelmann 1982, Celestial Mechanics 27, 79, table I
 */
const NUTATION_TERMS: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 1, -171996, -174.2, 92025, 8.9],
  [-2, 0, 0, 2, 2, -13187, -1.6, 5736, -3.1],
  [0, 0, 0, 2, 2, -2274, -0.2, 977, -0.5],
  [0, 0, 0, 0, 2, 2062, 0.2, -895, 0.5],
  [0, 1, 0, 0, 0, 1426, -3.4, 54, -0.1],
  [0, 0, 1, 0, 0, 712, 0.1, -7, 0],
  [-2, 1, 0, 2, 2, -517, 1.2, 224, -0.6],
  [0, 0, 0, 2, 1, -386, -0.4, 200, 0],
  [0, 0, 1, 2, 2, -301, 0, 129, -0.1],
  [-2, -1, 0, 2, 2, 217, -0.5, -95, 0.3],
  [-2, 0, 1, 0, 0, -158, 0, -1, 0],
  [-2, 0, 0, 2, 1, 129, 0.1, -70, 0],
  [0, 0, -1, 2, 2, 123, 0, -53, 0],
  [2, 0, 0, 0, 0, 63, 0, -2, 0],
  [0, 0, 1, 0, 1, 63, 0.1, -33, 0],
  [2, 0, -1, 2, 2, -59, 0, 26, 0],
  [0, 0, -1, 0, 1, -58, -0.1, 32, 0],
  [0, 0, 1, 2, 1, -51, 0, 27, 0],
  [-2, 0, 2, 0, 0, 48, 0, 1, 0],
  [0, 0, -2, 2, 1, 46, 0, -24, 0],
  [2, 0, 0, 2, 2, -38, 0, 16, 0],
  [0, 0, 2, 2, 2, -31, 0, 13, 0],
  [0, 0, 2, 0, 0, 29, 0, -1, 0],
  [-2, 0, 1, 2, 2, 29, 0, -12, 0],
  [0, 0, 0, 2, 0, 26, 0, -1, 0],
  [-2, 0, 0, 2, 0, -22, 0, 0, 0],
  [0, 0, -1, 2, 1, 21, 0, -10, 0],
  [0, 2, 0, 0, 0, 17, -0.1, 0, 0],
  [2, 0, -1, 0, 1, 16, 0, -8, 0],
  [-2, 2, 0, 2, 2, -16, 0.1, 7, 0],
  [0, 1, 0, 0, 1, -15, 0, 9, 0],
]

/** Nutation in longitude and in obliquity, radians. */
export interface Nutation {
  readonly longitudeRad: number
  readonly obliquityRad: number
}

/**
 * Nutation of date.
 *
 * *Accuracy:* 0.02 arcsec; enough for horizon coordinates and diurnal velocities, not for astrometry.
 */
export function nutation(mjdTt: number): Nutation {
  const t = centuries(mjdTt)
  const degrees = [
    297.85036 + (445_267.11148 - 0.0019142 * t) * t,
    357.52772 + (35_999.05034 - 0.0001603 * t) * t,
    134.96298 + (477_198.867398 + 0.0086972 * t) * t,
    93.27191 + (483_202.017538 - 0.0036825 * t) * t,
    125.04452 + (-1934.136261 + 0.0020708 * t) * t,
  ]
  const phases = degrees.map(each => (each * Math.PI) / 180)
  let longitude = 0
  let obliquity = 0
  for (const [d, m, mPrime, f, omega, sine, sineRate, cosine, cosineRate] of NUTATION_TERMS) {
    const argument = d * phases[0] + m * phases[1] + mPrime * phases[2] + f * phases[3] + omega * phases[4]
    longitude += (sine + sineRate * t) * Math.sin(argument)
    obliquity += (cosine + cosineRate * t) * Math.cos(argument)
  }
  return { longitudeRad: longitude * 1e-4 * RAD_PER_ARCSEC, obliquityRad: obliquity * 1e-4 * RAD_PER_ARCSEC }
}

/** Rotation from mean equator and equinox of date to the true ones. */
export function nutationMatrix(mjdTt: number): Matrix3 {
  const { longitudeRad, obliquityRad } = nutation(mjdTt)
  const mean = meanObliquity(mjdTt)
  return multiply(rotationX(-(mean + obliquityRad)), multiply(rotationZ(-longitudeRad), rotationX(mean)))
}
