import { MJD_J2000, SECONDS_PER_DAY } from './constants.ts'
import { taiMinusUtcSeconds } from './leap-seconds.ts'
import { meanObliquity, nutation } from './precession-nutation.ts'

/** TT − TAI, seconds (exact by definition). */
const TT_MINUS_TAI_SECONDS = 32.184

/** International atomic time from coordinated universal time, modified Julian dates in days. */
export function utcToTai(mjdUtc: number): number {
  return mjdUtc + taiMinusUtcSeconds(mjdUtc) / SECONDS_PER_DAY
}

/** Terrestrial time from coordinated universal time, modified Julian dates in days. */
export function utcToTt(mjdUtc: number): number {
  return mjdUtc + (taiMinusUtcSeconds(mjdUtc) + TT_MINUS_TAI_SECONDS) / SECONDS_PER_DAY
}

/** Coordinated universal time from atomic time; a second that is leapt over maps to the one before. */
export function taiToUtc(mjdTai: number): number {
  const guess = mjdTai - taiMinusUtcSeconds(mjdTai) / SECONDS_PER_DAY
  return mjdTai - taiMinusUtcSeconds(guess) / SECONDS_PER_DAY
}

/**
 * Barycentric dynamical time from terrestrial time.
 *
 * *Accuracy:* 50 µs: the two largest terms.
 * @see The Astronomical Almanac, section B ("TDB and TT")
 */
export function ttToTdb(mjdTt: number): number {
  const anomaly = ((357.53 + 0.985_600_28 * (mjdTt - MJD_J2000)) * Math.PI) / 180
  return mjdTt + (0.001657 * Math.sin(anomaly) + 0.000014 * Math.sin(2 * anomaly)) / SECONDS_PER_DAY
}

/**
 * Greenwich mean sidereal time, radians, not reduced to one turn.
 * @param mjdUt1 - UT1; UTC does where 15 arcsec of rotation do not matter
 * @see Aoki et al. 1982, A&A 105, 359
 */
export function greenwichMeanSiderealTime(mjdUt1: number): number {
  const midnight = Math.floor(mjdUt1)
  const t = (midnight - MJD_J2000) / 36_525
  const seconds = 24_110.548_41 + (8_640_184.812_866 + (0.093_104 - 6.2e-6 * t) * t) * t
  const rate = 1.002_737_909_350_795 + (5.9006e-11 - 5.9e-15 * t) * t
  return ((seconds / SECONDS_PER_DAY + (mjdUt1 - midnight) * rate) % 1) * 2 * Math.PI
}

/** Greenwich apparent sidereal time, radians: mean sidereal time plus the equation of the equinoxes. */
export function greenwichApparentSiderealTime(mjdUt1: number, mjdTt: number): number {
  const { longitudeRad, obliquityRad } = nutation(mjdTt)
  return greenwichMeanSiderealTime(mjdUt1) + longitudeRad * Math.cos(meanObliquity(mjdTt) + obliquityRad)
}
