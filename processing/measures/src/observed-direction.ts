import type { Direction, DirectionFrame } from '@cleanbeam/types'
import { fromJ2000Vector, toJ2000Vector } from './catalogue-frames.ts'
import { MJD_J2000, RAD_PER_DEG, SECONDS_PER_DAY, SPEED_OF_LIGHT } from './constants.ts'
import { earthBarycentricVelocity } from './earth-velocity.ts'
import { meanObliquity, nutationMatrix, precessionMatrix } from './precession-nutation.ts'
import { greenwichApparentSiderealTime, utcToTt } from './time-scales.ts'
import { utcToUt1 } from './universal-time.ts'
import {
  addScaled,
  apply,
  applyTransposed,
  dot,
  type Matrix3,
  multiply,
  normalise,
  rotationX,
  rotationZ,
  toAngles,
  toVector,
  type Vector3,
} from './vector.ts'

/**
 * Frames beyond those of catalogues. JMEAN and JTRUE: mean and true equator and equinox of date. APP: apparent place (light
 * deflection, aberration, precession, nutation). HADEC: hour angle and declination. AZEL: azimuth from north through east
 * and elevation above the plane normal to the geocentric radius (CASA's AZEL); AZELGEO: above the ellipsoid's horizon.
 * ECLIPTIC: of J2000. SUPERGAL: supergalactic.
 */
export type MeasuredFrame =
  | DirectionFrame
  | 'SUPERGAL'
  | 'ECLIPTIC'
  | 'JMEAN'
  | 'JTRUE'
  | 'APP'
  | 'HADEC'
  | 'AZEL'
  | 'AZELGEO'

/** A direction in any frame, radians. */
export interface MeasuredDirection {
  readonly frame: MeasuredFrame
  readonly longitudeRad: number
  readonly latitudeRad: number
}

/** When and where; the position is needed for HADEC, AZEL and AZELGEO. */
export interface ObserverContext {
  /** Modified Julian date in seconds, UTC. */
  readonly epochMjdSeconds: number
  /** Geocentric (ITRF), metres. */
  readonly positionMetres: Vector3
}

/** From galactic to supergalactic axes: pole at l = 47.37°, b = 6.32°, origin at l = 137.37°, b = 0 (de Vaucouleurs 1976). */
const GALACTIC_TO_SUPERGALACTIC = multiply(rotationX((90 - 6.32) * RAD_PER_DEG), rotationZ(137.37 * RAD_PER_DEG))

/**
 * Converts a direction between any two frames.
 *
 * *Accuracy:* against casatools 1e-4 arcsec between catalogue frames, SUPERGAL and ECLIPTIC, 0.05 arcsec for JMEAN, JTRUE and
 * APP, 1 arcsec for HADEC and AZEL, where polar motion and diurnal aberration are neglected.
 */
export function convertMeasuredDirection(
  direction: MeasuredDirection,
  frame: MeasuredFrame,
  context: ObserverContext,
): MeasuredDirection {
  if (direction.frame === frame) return direction
  const place = new ObserverFrames(context)
  const [longitudeRad, latitudeRad] = toAngles(place.fromJ2000(place.toJ2000(direction), frame))
  return { frame, longitudeRad, latitudeRad }
}

/** The rotations of one time and place. */
class ObserverFrames {
  readonly #mjdUtc: number
  readonly #mjdTt: number
  readonly #positionMetres: Vector3

  constructor(context: ObserverContext) {
    this.#mjdUtc = context.epochMjdSeconds / SECONDS_PER_DAY
    this.#mjdTt = utcToTt(this.#mjdUtc)
    this.#positionMetres = context.positionMetres
  }

  fromJ2000(v: Vector3, frame: MeasuredFrame): Vector3 {
    switch (frame) {
      case 'SUPERGAL':
        return apply(GALACTIC_TO_SUPERGALACTIC, fromJ2000Vector(v, 'GALACTIC'))
      case 'ECLIPTIC':
        return apply(rotationX(meanObliquity(MJD_J2000)), v)
      case 'JMEAN':
        return apply(precessionMatrix(this.#mjdTt), v)
      case 'JTRUE':
        return apply(this.#trueOfDate(), v)
      case 'APP':
        return apply(this.#trueOfDate(), this.#aberrate(v))
      case 'HADEC':
      case 'AZEL':
      case 'AZELGEO':
        return this.#mirror(apply(this.#horizon(frame), this.fromJ2000(v, 'APP')))
      default:
        return fromJ2000Vector(v, frame, this.#mjdUtc)
    }
  }

  toJ2000(direction: MeasuredDirection): Vector3 {
    const { frame } = direction
    const v = toVector(direction.longitudeRad, direction.latitudeRad)
    switch (frame) {
      case 'SUPERGAL':
        return toJ2000Vector(asDirection('GALACTIC', applyTransposed(GALACTIC_TO_SUPERGALACTIC, v)))
      case 'ECLIPTIC':
        return applyTransposed(rotationX(meanObliquity(MJD_J2000)), v)
      case 'JMEAN':
        return applyTransposed(precessionMatrix(this.#mjdTt), v)
      case 'JTRUE':
        return applyTransposed(this.#trueOfDate(), v)
      case 'APP':
        return this.#removeAberration(applyTransposed(this.#trueOfDate(), v))
      case 'HADEC':
      case 'AZEL':
      case 'AZELGEO': {
        const apparent = applyTransposed(this.#horizon(frame), this.#mirror(v))
        return this.#removeAberration(applyTransposed(this.#trueOfDate(), apparent))
      }
      default:
        return toJ2000Vector(
          { frame, longitudeRad: direction.longitudeRad, latitudeRad: direction.latitudeRad },
          this.#mjdUtc,
        )
    }
  }

  #trueOfDate(): Matrix3 {
    return multiply(nutationMatrix(this.#mjdTt), precessionMatrix(this.#mjdTt))
  }

  /** Hour angles and azimuths run the other way than longitudes. */
  #mirror(v: Vector3): Vector3 {
    return [v[0], -v[1], v[2]]
  }

  /** Equator of date to the meridian (HADEC) or to the horizon, still running counter-clockwise. */
  #horizon(frame: 'HADEC' | 'AZEL' | 'AZELGEO'): Matrix3 {
    const [x, y, z] = this.#positionMetres
    const sidereal = greenwichApparentSiderealTime(utcToUt1(this.#mjdUtc), this.#mjdTt) + Math.atan2(y, x)
    const meridian = rotationZ(sidereal)
    if (frame === 'HADEC') return meridian
    const latitude = frame === 'AZEL' ? Math.atan2(z, Math.hypot(x, y)) : geodeticLatitude(this.#positionMetres)
    const [c, s] = [Math.cos(latitude), Math.sin(latitude)]
    // North is the opposite of the meridian's south point; the zenith stands at declination = latitude.
    const tilt: Matrix3 = [
      [-s, 0, c],
      [0, -1, 0],
      [c, 0, s],
    ]
    return multiply(tilt, meridian)
  }

  /** Natural to proper direction: deflection by the Sun, then aberration. */
  #aberrate(v: Vector3): Vector3 {
    return aberration(solarDeflection(v, this.#mjdTt), this.#earthVelocity())
  }

  #removeAberration(v: Vector3): Vector3 {
    let natural = v
    for (let round = 0; round < 4; round++) {
      natural = normalise(addScaled(natural, addScaled(v, this.#aberrate(natural), -1), 1))
    }
    return natural
  }

  #earthVelocity(): Vector3 {
    const [x, y, z] = earthBarycentricVelocity(this.#mjdTt)
    return [x / SPEED_OF_LIGHT, y / SPEED_OF_LIGHT, z / SPEED_OF_LIGHT]
  }
}

function asDirection(frame: DirectionFrame, v: Vector3): Direction {
  const [longitudeRad, latitudeRad] = toAngles(v)
  return { frame, longitudeRad, latitudeRad }
}

/** Relativistic aberration. @see Explanatory Supplement 1992, equation 3.252-3 */
function aberration(v: Vector3, beta: Vector3): Vector3 {
  const along = dot(v, beta)
  const inverseGamma = Math.sqrt(1 - dot(beta, beta))
  return normalise(
    addScaled([v[0] * inverseGamma, v[1] * inverseGamma, v[2] * inverseGamma], beta, 1 + along / (1 + inverseGamma)),
  )
}

/** 2GM/(c²·1 au) of the Sun. */
const SOLAR_DEFLECTION = 1.974_125_74e-8

/** Light deflection by the Sun; within 9 arcmin of its centre it is reduced instead of growing. */
function solarDeflection(v: Vector3, mjdTt: number): Vector3 {
  const fromSun = sunToEarth(mjdTt)
  const along = dot(v, fromSun)
  const strength = SOLAR_DEFLECTION / Math.max(1 + along, 3.4e-6)
  return normalise(addScaled(v, addScaled(fromSun, v, -along), strength))
}

/** Unit vector from the Sun to the Earth, J2000 axes, to 0.01°. @see The Astronomical Almanac, section C, low-precision Sun */
function sunToEarth(mjdTt: number): Vector3 {
  const n = mjdTt - MJD_J2000
  const anomaly = (357.528 + 0.985_600_3 * n) * RAD_PER_DEG
  const longitude = (280.46 + 0.985_647_4 * n + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RAD_PER_DEG
  const obliquity = meanObliquity(mjdTt)
  const ofDate: Vector3 = [
    -Math.cos(longitude),
    -Math.cos(obliquity) * Math.sin(longitude),
    -Math.sin(obliquity) * Math.sin(longitude),
  ]
  return applyTransposed(precessionMatrix(mjdTt), ofDate)
}

/** Latitude of the normal to the WGS84 ellipsoid, radians, by Bowring's formula. */
export function geodeticLatitude(positionMetres: Vector3): number {
  const equatorialRadius = 6_378_137
  const flattening = 1 / 298.257_223_563
  const [x, y, z] = positionMetres
  const distance = Math.hypot(x, y)
  const eccentricitySquared = flattening * (2 - flattening)
  let latitude = Math.atan2(z, distance * (1 - eccentricitySquared))
  for (let round = 0; round < 4; round++) {
    const sine = Math.sin(latitude)
    const normal = equatorialRadius / Math.sqrt(1 - eccentricitySquared * sine * sine)
    latitude = Math.atan2(z + eccentricitySquared * normal * sine, distance)
  }
  return latitude
}
