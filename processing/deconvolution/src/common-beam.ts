import type { RestoringBeam } from '@cleanbeam/types'
import { DeconvolutionError } from './deconvolution-error.ts'

/** A beam encloses another when its quadratic form leaves this much of the other's uncovered at most (rounding). */
const ENCLOSING_SLACK = 1e-9
/** Steps of the barrier: each divides the distance from the optimum by BARRIER_GROWTH. */
const BARRIER_STEPS = 13
const BARRIER_GROWTH = 10
const NEWTON_STEPS = 40

/** [[a, b], [b, c]]. */
type Symmetric = readonly [a: number, b: number, c: number]

/**
 * The smallest Gaussian to which every beam of a set can be brought by convolution (restoringbeam='common').
 *
 * With beams as quadratic forms C (half-maximum ellipses), convolution can reach D from C exactly when D − C is positive
 * semidefinite. If the beam of largest area encloses all others it is the answer; otherwise the D of least determinant is
 * found by a barrier method: maximise log det K with Cᵢ⁻¹ − K positive definite, K = D⁻¹.
 *
 * *Difference from CASA:* where no beam encloses the others CASA's commonbeam adds 0.1 % to both axes, and with several
 * beams of different angles it can end up to a quarter larger, since it takes two at a time (measured on 20 sets; the
 * others agree to 1e-4, angles included).
 * *Accuracy:* axes to 1e-6 of the optimum.
 * @param beams - at least one
 * @throws DeconvolutionError without beams
 * @see S. Boyd & L. Vandenberghe, Convex Optimization (2004), sections 8.4 (ellipsoid of least volume) and 11.3
 */
export function commonBeam(beams: readonly RestoringBeam[]): RestoringBeam {
  if (beams.length === 0) throw new DeconvolutionError('expected at least one beam, got none', {})
  const largest = beams.reduce((a, b) => (b.majorRad * b.minorRad > a.majorRad * a.minorRad ? b : a))
  if (beams.every(beam => encloses(largest, beam))) return largest
  const unit = largest.majorRad
  const inverses = beams.map(beam => inverse(formOf(beam, unit)))
  return beamOf(inverse(largestBelow(inverses)), unit)
}

/** Whether convolution with some Gaussian (or none) leads from `beam` to `larger`. */
export function encloses(larger: RestoringBeam, beam: RestoringBeam): boolean {
  const unit = larger.majorRad
  const [a, b, c] = minus(formOf(larger, unit), formOf(beam, unit))
  const spread = Math.hypot(0.5 * (a - c), b)
  return 0.5 * (a + c) - spread >= -ENCLOSING_SLACK
}

/** Covariance-like form of a beam in (east, north), axes in `unit`. */
function formOf({ majorRad, minorRad, positionAngleRad }: RestoringBeam, unit: number): Symmetric {
  const sin = Math.sin(positionAngleRad)
  const cos = Math.cos(positionAngleRad)
  const major = (majorRad / unit) ** 2
  const minor = (minorRad / unit) ** 2
  return [major * sin * sin + minor * cos * cos, (major - minor) * sin * cos, major * cos * cos + minor * sin * sin]
}

function beamOf([a, b, c]: Symmetric, unit: number): RestoringBeam {
  const mean = 0.5 * (a + c)
  const spread = Math.hypot(0.5 * (a - c), b)
  return {
    majorRad: Math.sqrt(mean + spread) * unit,
    minorRad: Math.sqrt(mean - spread) * unit,
    positionAngleRad: spread === 0 ? 0 : 0.5 * Math.atan2(2 * b, c - a),
  }
}

function minus(p: Symmetric, q: Symmetric): Symmetric {
  return [p[0] - q[0], p[1] - q[1], p[2] - q[2]]
}

function determinant([a, b, c]: Symmetric): number {
  return a * c - b * b
}

function inverse(form: Symmetric): Symmetric {
  const det = determinant(form)
  return [form[2] / det, -form[1] / det, form[0] / det]
}

/** The K of largest determinant below all `limits`. */
function largestBelow(limits: readonly Symmetric[]): Symmetric {
  const smallest = Math.min(...limits.map(([a, b, c]) => 0.5 * (a + c) - Math.hypot(0.5 * (a - c), b)))
  let k: Symmetric = [0.5 * smallest, 0, 0.5 * smallest]
  let weight = 1
  for (let step = 0; step < BARRIER_STEPS; step++) {
    k = maximise(k, limits, weight)
    weight *= BARRIER_GROWTH
  }
  return k
}

/** weight·log det K + Σ log det(Lᵢ − K); −∞ outside. */
function objective(k: Symmetric, limits: readonly Symmetric[], weight: number): number {
  let sum = k[0] > 0 && determinant(k) > 0 ? weight * Math.log(determinant(k)) : Number.NEGATIVE_INFINITY
  for (const limit of limits) {
    const room = minus(limit, k)
    const det = determinant(room)
    sum += room[0] > 0 && det > 0 ? Math.log(det) : Number.NEGATIVE_INFINITY
  }
  return sum
}

function maximise(start: Symmetric, limits: readonly Symmetric[], weight: number): Symmetric {
  let k = start
  let value = objective(k, limits, weight)
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const slope = [0, 0, 0]
    const curvature = new Float64Array(9)
    addDerivatives(slope, curvature, inverse(k), weight, 1)
    for (const limit of limits) addDerivatives(slope, curvature, inverse(minus(limit, k)), 1, -1)
    const move = solve(curvature, slope)
    let length = 1
    let next: Symmetric = k
    let nextValue = Number.NEGATIVE_INFINITY
    for (; length > 1e-12; length *= 0.5) {
      next = [k[0] + length * move[0], k[1] + length * move[1], k[2] + length * move[2]]
      nextValue = objective(next, limits, weight)
      if (nextValue > value) break
    }
    if (!(nextValue > value)) return k
    k = next
    value = nextValue
  }
  return k
}

/** Of weight·log det M⁻¹ along (a, b, c), M the inverse; `curvature` gathers the negative second derivatives. */
function addDerivatives(slope: number[], curvature: Float64Array, m: Symmetric, weight: number, sign: number): void {
  const [a, b, c] = m
  slope[0] += sign * weight * a
  slope[1] += sign * weight * 2 * b
  slope[2] += sign * weight * c
  const entries = [a * a, 2 * a * b, b * b, 2 * a * b, 2 * (a * c + b * b), 2 * b * c, b * b, 2 * b * c, c * c]
  for (let j = 0; j < 9; j++) curvature[j] += weight * entries[j]
}

/** Solves a positive definite 3 × 3 system by elimination. */
function solve(matrix: Float64Array, right: readonly number[]): [number, number, number] {
  const m = Float64Array.from(matrix)
  const v = [...right]
  for (let i = 0; i < 3; i++) {
    for (let r = i + 1; r < 3; r++) {
      const factor = m[3 * r + i] / m[3 * i + i]
      for (let c = i; c < 3; c++) m[3 * r + c] -= factor * m[3 * i + c]
      v[r] -= factor * v[i]
    }
  }
  const x: [number, number, number] = [0, 0, 0]
  for (let i = 2; i >= 0; i--) {
    let sum = v[i]
    for (let c = i + 1; c < 3; c++) sum -= m[3 * i + c] * x[c]
    x[i] = sum / m[3 * i + i]
  }
  return x
}
