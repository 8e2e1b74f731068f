import type { DirectionCoordinate, Projection } from '@cleanbeam/types'
import { MeasuresError } from './measures-error.ts'
import { planeProjection } from './projection.ts'

/** Pixel ↔ sky for one direction coordinate. Pixels count from 0 at the centre of the first one; angles are radians. */
export interface SkyTransform {
  /** Longitude and latitude in the coordinate's frame; null where the projection has no sky. */
  toWorld(x: number, y: number): [longitudeRad: number, latitudeRad: number] | null
  /** Pixel of a direction in the coordinate's frame; null where the projection cannot show it. */
  toPixel(longitudeRad: number, latitudeRad: number): [x: number, y: number] | null
}

/**
 * Prepares the transformation of a direction coordinate; make it once and use it for many points.
 *
 * *Convention:* longitudes come out in [0, 2π) when the reference longitude is not negative, in (−2π, 0] otherwise, as
 * CASA and wcslib give them.
 * *Accuracy:* 1e-12 rad against casatools, and back to the pixel within 1e-9 (wcs.test.ts).
 * @throws MeasuresError when increments or rotation cannot be inverted, or the poles fit no sphere
 * @see Calabretta & Greisen 2002, A&A 395, 1077, equations (2), (5) and (8) to (10)
 */
export function skyTransform(coordinate: DirectionCoordinate): SkyTransform {
  const projection = planeProjection(coordinate.projection, coordinate.projectionParameters, coordinate.referenceRad[1])
  const linear = linearPart(coordinate)
  const pole = findPole(coordinate, projection.thetaZeroRad)
  const sinPole = Math.sin(pole.latitudeRad)
  const cosPole = Math.cos(pole.latitudeRad)
  const isNegative = coordinate.referenceRad[0] < 0
  return {
    toWorld(px, py) {
      const [x, y] = linear.toPlane(px, py)
      const native = projection.toNative(x, y)
      if (native === null) return null
      const [longitude, latitude] = turn(native[0] - pole.phiRad, native[1], sinPole, cosPole)
      return [wrapLongitude(longitude + pole.longitudeRad, isNegative), latitude]
    },
    toPixel(longitudeRad, latitudeRad) {
      const [phi, theta] = turn(longitudeRad - pole.longitudeRad, latitudeRad, sinPole, cosPole)
      const plane = projection.toPlane(wrapHalfTurn(phi + pole.phiRad), theta)
      return plane === null ? null : linear.toPixel(plane[0], plane[1])
    },
  }
}

const ZENITHAL: ReadonlySet<Projection> = new Set(['SIN', 'TAN', 'ARC', 'STG', 'ZEA', 'NCP'])

/**
 * LONPOLE and LATPOLE where a header or a user gives none: LONPOLE is 0 where the reference lies north of the native
 * reference latitude, 180° elsewhere; LATPOLE is the reference latitude for zenithal projections (as CASA writes it) and
 * 90° for the others.
 * @see Calabretta & Greisen 2002, section 2.2
 */
export function defaultPoles(
  projection: Projection,
  referenceLatitudeRad: number,
): [longPoleRad: number, latPoleRad: number] {
  if (ZENITHAL.has(projection)) return [Math.PI, referenceLatitudeRad]
  return [referenceLatitudeRad >= 0 ? 0 : Math.PI, Math.PI / 2]
}

/** Sky coordinates of one pixel; use {@link skyTransform} for many. @throws MeasuresError */
export function pixelToWorld(coordinate: DirectionCoordinate, x: number, y: number): [number, number] | null {
  return skyTransform(coordinate).toWorld(x, y)
}

/** Pixel of one direction; use {@link skyTransform} for many. @throws MeasuresError */
export function worldToPixel(
  coordinate: DirectionCoordinate,
  longitudeRad: number,
  latitudeRad: number,
): [number, number] | null {
  return skyTransform(coordinate).toPixel(longitudeRad, latitudeRad)
}

/**
 * The turn between native and celestial sphere, longitudes counted from the respective pole; it is its own inverse.
 */
function turn(longitude: number, latitude: number, sinPole: number, cosPole: number): [number, number] {
  const sinLatitude = Math.sin(latitude)
  const cosLatitude = Math.cos(latitude)
  const along = cosLatitude * Math.cos(longitude)
  const x = sinLatitude * cosPole - along * sinPole
  const y = -cosLatitude * Math.sin(longitude)
  const z = sinLatitude * sinPole + along * cosPole
  return [Math.atan2(y, x), Math.atan2(z, Math.hypot(x, y))]
}

function wrapLongitude(longitude: number, isNegative: boolean): number {
  const turnRad = 2 * Math.PI
  const positive = longitude - turnRad * Math.floor(longitude / turnRad)
  return isNegative && positive > 0 ? positive - turnRad : positive
}

function wrapHalfTurn(angle: number): number {
  const wrapped = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI))
  return wrapped
}

interface LinearPart {
  toPlane(px: number, py: number): [number, number]
  toPixel(x: number, y: number): [number, number]
}

function linearPart(coordinate: DirectionCoordinate): LinearPart {
  const [rx, ry] = coordinate.referencePixel
  const [dx, dy] = coordinate.incrementRad
  const [pc11, pc12, pc21, pc22] = coordinate.pc
  const [a, b, c, d] = [dx * pc11, dx * pc12, dy * pc21, dy * pc22]
  const determinant = a * d - b * c
  if (!(Math.abs(determinant) > 0) || !Number.isFinite(determinant)) {
    throw new MeasuresError(
      `expected increments and a rotation that can be inverted, got increments ${dx}, ${dy} rad and matrix [${coordinate.pc.join(', ')}] (direction coordinate)`,
    )
  }
  return {
    toPlane: (px, py) => [a * (px - rx) + b * (py - ry), c * (px - rx) + d * (py - ry)],
    toPixel: (x, y) => [rx + (d * x - b * y) / determinant, ry + (a * y - c * x) / determinant],
  }
}

interface Pole {
  /** Celestial coordinates of the native pole. */
  readonly longitudeRad: number
  readonly latitudeRad: number
  /** Native longitude of the celestial pole (LONPOLE). */
  readonly phiRad: number
}

/** Equations (8) to (10): where the native pole stands on the sky. */
function findPole(coordinate: DirectionCoordinate, thetaZero: number): Pole {
  const [alpha0, delta0] = coordinate.referenceRad
  const phi = coordinate.longPoleRad
  if (thetaZero === Math.PI / 2) return { longitudeRad: alpha0, latitudeRad: delta0, phiRad: phi }
  const latitudeRad = poleLatitude(delta0, phi, coordinate.latPoleRad)
  return { longitudeRad: poleLongitude(alpha0, delta0, latitudeRad, phi), latitudeRad, phiRad: phi }
}

/** For θ0 = 0: δp = (0 or π) ± acos(sin δ0 / |cos φp|), the one in ±90° that is nearer to LATPOLE. */
function poleLatitude(delta0: number, phi: number, latPole: number): number {
  const slack = 1e-10
  const cosine = Math.cos(phi)
  if (Math.abs(cosine) < slack) {
    if (Math.abs(delta0) < slack) return latPole
    throw noPole(delta0, phi)
  }
  const ratio = Math.sin(delta0) / Math.abs(cosine)
  if (Math.abs(ratio) > 1 + slack) throw noPole(delta0, phi)
  const spread = Math.acos(Math.max(-1, Math.min(1, ratio)))
  const middle = cosine > 0 ? 0 : Math.PI
  const candidates = [middle + spread, middle - spread]
    .map(wrapHalfTurn)
    .filter(each => Math.abs(each) <= Math.PI / 2 + slack)
  if (candidates.length === 0) throw noPole(delta0, phi)
  candidates.sort((p, q) => Math.abs(p - latPole) - Math.abs(q - latPole))
  return candidates[0]
}

function poleLongitude(alpha0: number, delta0: number, deltaPole: number, phi: number): number {
  const slack = 1e-10
  if (Math.abs(Math.cos(delta0)) < slack) return alpha0
  if (Math.abs(Math.cos(deltaPole)) < slack) return deltaPole > 0 ? alpha0 + phi - Math.PI : alpha0 - phi
  const sine = Math.sin(phi) / Math.cos(delta0)
  const cosine = -Math.tan(deltaPole) * Math.tan(delta0)
  return alpha0 - Math.atan2(sine, cosine)
}

function noPole(delta0: number, phi: number): MeasuresError {
  const degrees = (rad: number) => ((rad * 180) / Math.PI).toFixed(6)
  return new MeasuresError(
    `expected LONPOLE and LATPOLE that fit the reference latitude, got LONPOLE ${degrees(phi)} deg with latitude ${degrees(delta0)} deg (direction coordinate): no such sphere exists; use LONPOLE 0`,
  )
}
