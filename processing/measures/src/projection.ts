import type { Projection } from '@cleanbeam/types'
import { MeasuresError } from './measures-error.ts'

/** A point of the projection plane, radians: x to the right of the native meridian, y towards the native pole. */
export type PlanePoint = readonly [x: number, y: number]
/** Native spherical coordinates, radians. */
export type NativePoint = readonly [phi: number, theta: number]

/** One projection, with its parameters bound. Points it cannot reach give null. */
export interface PlaneProjection {
  /** Native latitude of the reference point: π/2 for zenithal projections, 0 for the others. */
  readonly thetaZeroRad: number
  toPlane(phi: number, theta: number): PlanePoint | null
  toNative(x: number, y: number): NativePoint | null
}

const HALF_PI = Math.PI / 2

/**
 * The projection of a name and its parameters (PV2_1, PV2_2).
 *
 * Angles are radians, so the factor 180°/π of the papers is 1. GLS is computed as SFL, NCP as SIN with ξ = 0, η = cot δ0.
 * @param referenceLatitudeRad - δ0; only NCP needs it
 * @throws MeasuresError for an unknown name, or NCP on the equator
 * @see Calabretta & Greisen 2002, A&A 395, 1077, section 5
 */
export function planeProjection(
  name: Projection,
  parameters: readonly number[],
  referenceLatitudeRad: number,
): PlaneProjection {
  switch (name) {
    case 'SIN':
      return orthographic(parameters[0] ?? 0, parameters[1] ?? 0)
    case 'NCP':
      if (Math.abs(referenceLatitudeRad) < 1e-9) {
        throw new MeasuresError('expected a reference latitude off the equator for the projection NCP, got 0: use SIN')
      }
      return orthographic(0, 1 / Math.tan(referenceLatitudeRad))
    case 'TAN':
      return zenithal(
        theta => (theta > 0 ? 1 / Math.tan(theta) : null),
        radius => Math.atan2(1, radius),
      )
    case 'STG':
      return zenithal(
        theta => (theta > -HALF_PI ? 2 * Math.tan((HALF_PI - theta) / 2) : null),
        radius => HALF_PI - 2 * Math.atan(radius / 2),
      )
    case 'ARC':
      return zenithal(
        theta => HALF_PI - theta,
        radius => (radius <= Math.PI ? HALF_PI - radius : null),
      )
    case 'ZEA':
      return zenithal(
        theta => 2 * Math.sin((HALF_PI - theta) / 2),
        radius => (radius <= 2 ? HALF_PI - 2 * Math.asin(radius / 2) : null),
      )
    case 'CAR':
      return { thetaZeroRad: 0, toPlane: (phi, theta) => [phi, theta], toNative: (x, y) => onSphere(x, y) }
    case 'MER':
      return {
        thetaZeroRad: 0,
        toPlane: (phi, theta) => (Math.abs(theta) < HALF_PI ? [phi, Math.asinh(Math.tan(theta))] : null),
        toNative: (x, y) => onSphere(x, Math.atan(Math.sinh(y))),
      }
    case 'CEA':
      return equalAreaCylinder(parameters[0] || 1)
    case 'SFL':
    case 'GLS':
      return sinusoidal()
    case 'AIT':
      return hammerAitoff()
    case 'MOL':
      return mollweide()
    default:
      throw new MeasuresError(
        `expected a projection of SIN, TAN, ARC, STG, ZEA, NCP, CAR, AIT, MOL, SFL, GLS, MER, CEA, got ${String(name)}`,
        { projection: String(name) },
      )
  }
}

/** Points of the plane that lie off the map have a longitude beyond ±180° or a latitude beyond ±90°. */
function onSphere(phi: number, theta: number): NativePoint | null {
  const slack = 1e-12
  return Math.abs(phi) <= Math.PI + slack && Math.abs(theta) <= HALF_PI + slack ? [phi, theta] : null
}

/** Equations (12) to (15). */
function zenithal(
  radiusOf: (theta: number) => number | null,
  thetaOf: (radius: number) => number | null,
): PlaneProjection {
  return {
    thetaZeroRad: HALF_PI,
    toPlane(phi, theta) {
      const radius = radiusOf(theta)
      return radius === null ? null : [radius * Math.sin(phi), -radius * Math.cos(phi)]
    },
    toNative(x, y) {
      const theta = thetaOf(Math.hypot(x, y))
      return theta === null ? null : [x === 0 && y === 0 ? 0 : Math.atan2(x, -y), theta]
    },
  }
}

/**
 * Slant orthographic projection, equations (61) to (65). With u = 1 − sin θ the inverse is the smaller root of a quadratic
 * written without cancellation, so that it stays exact next to the reference point.
 */
function orthographic(xi: number, eta: number): PlaneProjection {
  const a = xi * xi + eta * eta + 1
  return {
    thetaZeroRad: HALF_PI,
    toPlane(phi, theta) {
      const cosTheta = Math.cos(theta)
      // 1 − sin θ without cancellation.
      const u = 2 * Math.sin((HALF_PI - theta) / 2) ** 2
      const x = cosTheta * Math.sin(phi)
      const y = -cosTheta * Math.cos(phi)
      // The visible side is where the line of sight meets the sphere first.
      if (1 - u - xi * x - eta * y < 0) return null
      return [x + xi * u, y + eta * u]
    },
    toNative(x, y) {
      const radiusSquared = x * x + y * y
      const b = 1 + xi * x + eta * y
      const discriminant = b * b - a * radiusSquared
      if (discriminant < 0 || b < 0) return null
      const u = radiusSquared / (b + Math.sqrt(discriminant))
      const theta = Math.atan2(1 - u, Math.sqrt(Math.max(0, u * (2 - u))))
      const dx = x - xi * u
      const dy = y - eta * u
      return [dx === 0 && dy === 0 ? 0 : Math.atan2(dx, -dy), theta]
    },
  }
}

function equalAreaCylinder(lambda: number): PlaneProjection {
  return {
    thetaZeroRad: 0,
    toPlane: (phi, theta) => [phi, Math.sin(theta) / lambda],
    toNative: (x, y) => (Math.abs(y * lambda) <= 1 ? onSphere(x, Math.asin(y * lambda)) : null),
  }
}

function sinusoidal(): PlaneProjection {
  return {
    thetaZeroRad: 0,
    toPlane: (phi, theta) => [phi * Math.cos(theta), theta],
    toNative(x, y) {
      const cosine = Math.cos(y)
      return onSphere(x === 0 ? 0 : x / cosine, y)
    },
  }
}

/** Equations (108) to (111). */
function hammerAitoff(): PlaneProjection {
  return {
    thetaZeroRad: 0,
    toPlane(phi, theta) {
      const cosTheta = Math.cos(theta)
      const gamma = Math.sqrt(2 / (1 + cosTheta * Math.cos(phi / 2)))
      return [2 * gamma * cosTheta * Math.sin(phi / 2), gamma * Math.sin(theta)]
    },
    toNative(x, y) {
      const zSquared = 1 - (x / 4) ** 2 - (y / 2) ** 2
      if (zSquared < 0.5 - 1e-12) return null
      const z = Math.sqrt(zSquared)
      return onSphere(2 * Math.atan2((z * x) / 2, 2 * zSquared - 1), Math.asin(Math.max(-1, Math.min(1, y * z))))
    },
  }
}

/** Equations (98) to (103). */
function mollweide(): PlaneProjection {
  return {
    thetaZeroRad: 0,
    toPlane(phi, theta) {
      const gamma = mollweideAngle(theta)
      return [((2 * Math.SQRT2) / Math.PI) * phi * Math.cos(gamma), Math.SQRT2 * Math.sin(gamma)]
    },
    toNative(x, y) {
      const sine = y / Math.SQRT2
      if (Math.abs(sine) > 1) return null
      const gamma = Math.asin(sine)
      const theta = Math.asin(Math.max(-1, Math.min(1, (2 * gamma + Math.sin(2 * gamma)) / Math.PI)))
      const scale = ((2 * Math.SQRT2) / Math.PI) * Math.cos(gamma)
      return onSphere(x === 0 ? 0 : x / scale, theta)
    },
  }
}

/** Solves 2γ + sin 2γ = π sin θ by bisection and Newton's method. */
function mollweideAngle(theta: number): number {
  const target = Math.PI * Math.sin(theta)
  let low = -HALF_PI
  let high = HALF_PI
  let gamma = theta
  for (let i = 0; i < 200; i++) {
    const excess = 2 * gamma + Math.sin(2 * gamma) - target
    if (Math.abs(excess) < 1e-16) break
    if (excess > 0) high = gamma
    else low = gamma
    const slope = 2 + 2 * Math.cos(2 * gamma)
    const next = gamma - excess / slope
    const inside = next > low && next < high
    const step = inside ? next : (low + high) / 2
    if (step === gamma) break
    gamma = step
  }
  return gamma
}
