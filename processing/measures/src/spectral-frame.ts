import type { Direction, SpectralFrame } from '@cleanbeam/types'
import { toJ2000Vector } from './catalogue-frames.ts'
import { SECONDS_PER_DAY, SPEED_OF_LIGHT } from './constants.ts'
import { earthBarycentricVelocity } from './earth-velocity.ts'
import { MeasuresError } from './measures-error.ts'
import { meanObliquity, nutation, nutationMatrix, precessionMatrix } from './precession-nutation.ts'
import { greenwichApparentSiderealTime, greenwichMeanSiderealTime, utcToTt } from './time-scales.ts'
import { ut1MinusUtcSeconds, utcToUt1 } from './universal-time.ts'
import { apply, applyTransposed, dot, multiply, type Vector3 } from './vector.ts'

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
 * `observatoryPosition(telescope)`. CRVAL = (low + high)/2 and CDELT = high − low: within 1.5e-10 of all mfs references but
 * M87 (1e-9). `reffreq` sets CRVAL, and CDELT becomes 2·(high − reffreq).
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
 * *Accuracy:* 0.3 m/s (1e-9) against CASA, where polar motion is neglected.
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

/**
 * The factor as a function of time, for one place and direction: much faster than {@link spectralFrameFactor} for the many
 * times of an observation.
 *
 * The motion of the Earth is evaluated every six hours and interpolated, sidereal time exactly.
 * *Accuracy:* 1e-13 relative to `spectralFrameFactor`. *Cost:* 0.2 µs per time, and 100 µs per six hours of data.
 * @returns a function of the modified Julian date in seconds, UTC
 * @throws MeasuresError for REST and Undefined
 */
export function spectralFrameTrack(
  from: SpectralFrame,
  to: SpectralFrame,
  positionMetres: Vector3,
  direction: Direction,
): (epochMjdSeconds: number) => number {
  if (from === to) return () => 1
  const toBarycentre = barycentreTrack(from, positionMetres, direction)
  const ofTarget = barycentreTrack(to, positionMetres, direction)
  return epochMjdSeconds => toBarycentre(epochMjdSeconds) / ofTarget(epochMjdSeconds)
}

const NODE_DAYS = 0.25

/** What varies slowly with time, at one node. */
interface Node {
  /** Velocity of the Earth towards the source, in units of c. */
  readonly orbitalBeta: number
  /** Equatorial components of the source's direction, true equator of date. */
  readonly x: number
  readonly y: number
  readonly ut1MinusUtcDays: number
  /** Apparent minus mean sidereal time, radians. */
  readonly equationOfEquinoxes: number
}

function barycentreTrack(
  frame: SpectralFrame,
  positionMetres: Vector3,
  direction: Direction,
): (epochMjdSeconds: number) => number {
  if (frame !== 'TOPO' && frame !== 'GEO') {
    const factor = factorToBarycentre(frame, { epochMjdSeconds: 0, positionMetres, direction })
    return () => factor
  }
  const nodes = new Map<number, Node>()
  const nodeAt = (index: number): Node => {
    const known = nodes.get(index) ?? makeNode(index * NODE_DAYS, direction)
    nodes.set(index, known)
    return known
  }
  const [px, py] = positionMetres
  const isTopocentric = frame === 'TOPO'
  return epochMjdSeconds => {
    const days = epochMjdSeconds / SECONDS_PER_DAY
    const index = Math.floor(days / NODE_DAYS)
    const t = days / NODE_DAYS - index
    const [a, b, c, d] = [nodeAt(index - 1), nodeAt(index), nodeAt(index + 1), nodeAt(index + 2)]
    // Cubic through four nodes, at −1, 0, 1 and 2.
    const beta =
      (-a.orbitalBeta * t * (t - 1) * (t - 2)) / 6 +
      (b.orbitalBeta * (t + 1) * (t - 1) * (t - 2)) / 2 -
      (c.orbitalBeta * (t + 1) * t * (t - 2)) / 2 +
      (d.orbitalBeta * (t + 1) * t * (t - 1)) / 6
    const orbital = Math.sqrt((1 - beta) / (1 + beta))
    if (!isTopocentric) return orbital
    const x = b.x + t * (c.x - b.x)
    const y = b.y + t * (c.y - b.y)
    const equinoxes = b.equationOfEquinoxes + t * (c.equationOfEquinoxes - b.equationOfEquinoxes)
    const sidereal = greenwichMeanSiderealTime(days + b.ut1MinusUtcDays) + equinoxes
    const [sine, cosine] = [Math.sin(sidereal), Math.cos(sidereal)]
    // The place moves towards (−sin, cos) of its own hour angle of the equinox.
    const speed = EARTH_ROTATION_RAD_PER_SECOND * ((px * cosine - py * sine) * y - (px * sine + py * cosine) * x)
    const diurnal = speed / SPEED_OF_LIGHT
    return orbital * Math.sqrt((1 - diurnal) / (1 + diurnal))
  }
}

function makeNode(mjdUtc: number, direction: Direction): Node {
  const mjdTt = utcToTt(mjdUtc)
  const source = toJ2000Vector(direction, mjdUtc)
  const [x, y] = apply(multiply(nutationMatrix(mjdTt), precessionMatrix(mjdTt)), source)
  const { longitudeRad, obliquityRad } = nutation(mjdTt)
  return {
    orbitalBeta: dot(earthBarycentricVelocity(mjdTt), source) / SPEED_OF_LIGHT,
    x,
    y,
    ut1MinusUtcDays: ut1MinusUtcSeconds(mjdUtc) / SECONDS_PER_DAY,
    equationOfEquinoxes: longitudeRad * Math.cos(meanObliquity(mjdTt) + obliquityRad),
  }
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
  const sidereal = greenwichApparentSiderealTime(utcToUt1(mjdUtc), mjdTt) + Math.atan2(y, x)
  const speed = EARTH_ROTATION_RAD_PER_SECOND * Math.hypot(x, y)
  const ofDate: Vector3 = [-Math.sin(sidereal) * speed, Math.cos(sidereal) * speed, 0]
  return applyTransposed(multiply(nutationMatrix(mjdTt), precessionMatrix(mjdTt)), ofDate)
}
