import type { Direction } from '@cleanbeam/types'
import { SECONDS_PER_DAY } from './constants.ts'
import { MeasuresError } from './measures-error.ts'
import { nutationMatrix, precessionMatrix } from './precession-nutation.ts'
import { greenwichApparentSiderealTime, utcToTt } from './time-scales.ts'
import { utcToUt1 } from './universal-time.ts'
import {
  addScaled,
  apply,
  applyTransposed,
  multiply,
  normalise,
  rotationZ,
  toAngles,
  toVector,
  type Vector3,
} from './vector.ts'

/** Positions of a body of the solar system at times in sequence. */
export interface Ephemeris {
  readonly frame: 'J2000' | 'ICRS'
  /** Modified Julian dates, TT (or TDB), ascending. */
  readonly mjdTt: Float64Array
  readonly longitudeRad: Float64Array
  readonly latitudeRad: Float64Array
  readonly distanceMetres: Float64Array
  /** True when directions and distances are from the centre of the Earth, false when from the observer. */
  readonly isGeocentric: boolean
}

/**
 * Direction of a moving body at a time, as seen from a place: interpolated between the two entries around it, then shifted by
 * the parallax of the place.
 * @param positionMetres - geocentric (ITRF); null leaves the parallax out
 * @throws MeasuresError for a time outside the ephemeris
 * *Accuracy:* 1e-3 arcsec against astropy (moving-source.test.ts)
 */
export function ephemerisDirection(
  ephemeris: Ephemeris,
  epochMjdSeconds: number,
  positionMetres: Vector3 | null,
): Direction {
  const mjdUtc = epochMjdSeconds / SECONDS_PER_DAY
  const mjdTt = utcToTt(mjdUtc)
  const { frame } = ephemeris
  const { direction, distance } = interpolate(ephemeris, mjdTt)
  const isShifted = ephemeris.isGeocentric && positionMetres !== null && distance > 0
  const seen = isShifted
    ? normalise(addScaled(direction, placeInJ2000(positionMetres, mjdUtc, mjdTt), -1 / distance))
    : direction
  const [longitudeRad, latitudeRad] = toAngles(seen)
  return { frame, longitudeRad, latitudeRad }
}

function interpolate(ephemeris: Ephemeris, mjdTt: number): { direction: Vector3; distance: number } {
  const { mjdTt: times, longitudeRad, latitudeRad, distanceMetres } = ephemeris
  const last = times.length - 1
  if (!(mjdTt >= times[0] && mjdTt <= times[last])) {
    throw new MeasuresError(
      `expected a time within the ephemeris, MJD ${times[0]} to ${times[last]}, got ${mjdTt}: give one that covers the observation`,
      { mjdTt },
    )
  }
  let after = 1
  while (after < last && times[after] < mjdTt) after++
  const before = after - 1
  const share = (mjdTt - times[before]) / (times[after] - times[before])
  const between = (values: Float64Array) => values[before] + share * (values[after] - values[before])
  // Longitudes may pass from 2π to 0 between two entries.
  const turn = longitudeRad[after] - longitudeRad[before]
  const longitude = longitudeRad[before] + share * (turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI)))
  return { direction: toVector(longitude, between(latitudeRad)), distance: between(distanceMetres) }
}

/** A place on Earth, metres from its centre, in the axes of J2000; polar motion (0.3 m per 10 mas) is left out. */
function placeInJ2000(positionMetres: Vector3, mjdUtc: number, mjdTt: number): Vector3 {
  const sidereal = greenwichApparentSiderealTime(utcToUt1(mjdUtc), mjdTt)
  const ofDate = apply(rotationZ(-sidereal), positionMetres)
  return applyTransposed(multiply(nutationMatrix(mjdTt), precessionMatrix(mjdTt)), ofDate)
}
