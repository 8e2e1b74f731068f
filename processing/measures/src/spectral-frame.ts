import type { Direction, SpectralFrame } from '@cleanbeam/types'
import { toJ2000Vector } from './catalogue-frames.ts'
import { SECONDS_PER_DAY, SPEED_OF_LIGHT } from './constants.ts'
import { earthBarycentricVelocity } from './earth-velocity.ts'
import { MeasuresError } from './measures-error.ts'
import { nutationMatrix, precessionMatrix } from './precession-nutation.ts'
import { greenwichApparentSiderealTime, utcToTt } from './time-scales.ts'
import { applyTransposed, dot, multiply, type Vector3 } from './vector.ts'

/**
 * Frequencies in the rest frames of observer, Earth, Sun and Galaxy.
 *
 * Frames are linked TOPO – GEO – BARY – {LSRK, LSRD – GALACTO, LGROUP, CMB}; each link multiplies frequencies by
 * √((1 − β)/(1 + β)), β the velocity of the first frame relative to the second towards the source, in units of c. That is
 * how CASA does it (each link by the radial velocity alone); against casatools the result stays within 0.3 m/s.
 *
 * *CASA's frequency axis of an mfs image* (measured against the reference runs): with f and w the centre and width of
 * the selected channels, low = min over rows of LSRK(f_low − w/2), high = max over rows of LSRK(f_high + w/2), where rows
 * are those of the selected spectral windows, the direction is the field's phase centre, and the position is
 * `observatoryPosition(telescope)`. CRVAL = (low + high)/2 and CDELT = high − low, unless `reffreq` sets CRVAL.
 * @see Lindegren & Dravins 2003, A&A 401, 1185 for what such shifts mean; CASA documentation, "Spectral frames"
 */
export interface SpectralContext {
  /** Modified Julian date in seconds, UTC. */
  readonly epochMjdSeconds: number
  /** Geocentric (ITRF), metres. */
  readonly positionMetres: Vector3
  readonly direction: Direction
}

/** Angular velocity of the Earth, rad/s (IERS Conventions 2010, table 1.2). */
const EARTH_ROTATION_RAD_PER_SECOND = 7.292_115e-5

/**
 * Velocity of the barycentre relative to each galactic frame, m/s, J2000 axes; GALACTO is relative to LSRD.
 *
 * LSRK: 20 km/s towards 18h +30° (B1900). LSRD: 9, 12, 7 km/s along the galactic axes. GALACTO: 220 km/s towards l = 90°,
 * b = 0°. LGROUP: 308 km/s towards l = 105°, b = −7°. CMB: 369.5 km/s towards l = 264.4°, b = 48.4°.
 * @see CASA documentation, "Spectral frames", for the values CASA uses
 */
const LSRK_VELOCITY = scale([0.0145021, -0.865863, 0.500071], 20_000)
const LSRD_VELOCITY = scale([-0.0385568, -0.881138, 0.471285], 16_552.945)
const GALACTO_VELOCITY = scale([0.494109, -0.44483, 0.746982], 220_000)
const LGROUP_VELOCITY = galactic(105, -7, 308_000)
const CMB_VELOCITY = galactic(264.4, 48.4, 369_500)

function scale(v: Vector3, factor: number): Vector3 {
  return [v[0] * factor, v[1] * factor, v[2] * factor]
}

function galactic(longitudeDeg: number, latitudeDeg: number, speed: number): Vector3 {
  const direction: Direction = {
    frame: 'GALACTIC',
    longitudeRad: (longitudeDeg * Math.PI) / 180,
    latitudeRad: (latitudeDeg * Math.PI) / 180,
  }
  return scale(toJ2000Vector(direction), speed)
}

/**
 * The factor that turns a frequency in one frame into the frequency in another.
 *
 * *Accuracy:* 0.3 m/s (1e-9) against CASA, where UT1 − UTC and polar motion are neglected.
 * *Cost:* about 10 µs; reuse the factor for all frequencies of one time and direction.
 * @throws MeasuresError for REST and Undefined, which no velocity of the observer leads to
 */
export function spectralFrameFactor(from: SpectralFrame, to: SpectralFrame, context: SpectralContext): number {
  if (from === to) return 1
  return factorToBarycentre(from, context) / factorToBarycentre(to, context)
}

/**
 * Converts a frequency between spectral frames.
 * @throws MeasuresError for REST and Undefined
 */
export function convertFrequencyHz(
  hz: number,
  from: SpectralFrame,
  to: SpectralFrame,
  context: SpectralContext,
): number {
  return hz * spectralFrameFactor(from, to, context)
}

/** Frequency in BARY divided by frequency in the frame. */
function factorToBarycentre(frame: SpectralFrame, context: SpectralContext): number {
  const source = toJ2000Vector(context.direction, context.epochMjdSeconds / SECONDS_PER_DAY)
  switch (frame) {
    case 'BARY':
      return 1
    case 'GEO':
      return linkFactor(earthBarycentricVelocity(ttOf(context)), source)
    case 'TOPO':
      return linkFactor(diurnalVelocity(context), source) * factorToBarycentre('GEO', context)
    case 'LSRK':
      return 1 / linkFactor(LSRK_VELOCITY, source)
    case 'LSRD':
      return 1 / linkFactor(LSRD_VELOCITY, source)
    case 'GALACTO':
      return 1 / (linkFactor(LSRD_VELOCITY, source) * linkFactor(GALACTO_VELOCITY, source))
    case 'LGROUP':
      return 1 / linkFactor(LGROUP_VELOCITY, source)
    case 'CMB':
      return 1 / linkFactor(CMB_VELOCITY, source)
    default:
      throw new MeasuresError(
        `expected one of the frames TOPO, GEO, BARY, LSRK, LSRD, GALACTO, LGROUP, CMB, got ${frame}: no motion of the observer leads to it`,
        { frame },
      )
  }
}

/** Frequency for an observer at rest, divided by the frequency for one who moves with this velocity. */
function linkFactor(velocity: Vector3, source: Vector3): number {
  const beta = dot(velocity, source) / SPEED_OF_LIGHT
  return Math.sqrt((1 - beta) / (1 + beta))
}

function ttOf(context: SpectralContext): number {
  return utcToTt(context.epochMjdSeconds / SECONDS_PER_DAY)
}

/** Velocity of the place by the rotation of the Earth, m/s, J2000 axes. */
function diurnalVelocity(context: SpectralContext): Vector3 {
  const [x, y] = context.positionMetres
  const mjdUtc = context.epochMjdSeconds / SECONDS_PER_DAY
  const mjdTt = utcToTt(mjdUtc)
  const sidereal = greenwichApparentSiderealTime(mjdUtc, mjdTt) + Math.atan2(y, x)
  const speed = EARTH_ROTATION_RAD_PER_SECOND * Math.hypot(x, y)
  const ofDate: Vector3 = [-Math.sin(sidereal) * speed, Math.cos(sidereal) * speed, 0]
  return applyTransposed(multiply(nutationMatrix(mjdTt), precessionMatrix(mjdTt)), ofDate)
}
