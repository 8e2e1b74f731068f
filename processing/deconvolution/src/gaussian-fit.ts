/** exp(−(a·e² + b·e·n + c·n²)): an elliptical Gaussian of height 1 at the origin. */
export interface GaussianShape {
  readonly a: number
  readonly b: number
  readonly c: number
}

/** Points to fit: offsets towards east and north, in any unit, and values. */
export interface GaussianPoints {
  readonly east: Float64Array
  readonly north: Float64Array
  readonly value: Float64Array
}

const MAX_STEPS = 60

/**
 * Least-squares fit of the three shape parameters with height and position held; unweighted, Levenberg–Marquardt.
 * @returns null when the points do not fix a closed ellipse (all on a line, or growing outwards)
 * @see D. W. Marquardt, J. SIAM 11 (1963) 431
 */
export function fitGaussian(points: GaussianPoints): GaussianShape | null {
  let shape = logarithmicStart(points)
  if (shape === null) return null
  let damping = 1e-3
  let cost = sumOfSquares(points, shape)
  for (let step = 0; step < MAX_STEPS; step++) {
    const change: [number, number, number] | null = marquardtStep(points, shape, damping)
    if (change === null) return null
    const next: GaussianShape = { a: shape.a + change[0], b: shape.b + change[1], c: shape.c + change[2] }
    const nextCost = sumOfSquares(points, next)
    if (nextCost > cost) {
      damping *= 10
      if (damping > 1e12) break
      continue
    }
    const settled = Math.max(...change.map(Math.abs)) < 1e-13 * (Math.abs(next.a) + Math.abs(next.c))
    shape = next
    cost = nextCost
    damping = Math.max(damping / 10, 1e-15)
    if (settled) break
  }
  return isClosed(shape) ? shape : null
}

function isClosed({ a, b, c }: GaussianShape): boolean {
  return a > 0 && c > 0 && 4 * a * c > b * b * (1 + 1e-9)
}

/** −ln(value) = a·e² + b·e·n + c·n² is linear in the parameters; weighted by value² it is close to the answer. */
function logarithmicStart(points: GaussianPoints): GaussianShape | null {
  const normal = new Float64Array(9)
  const right = new Float64Array(3)
  for (let j = 0; j < points.value.length; j++) {
    const value = points.value[j]
    if (!(value > 0)) continue
    const row = quadratics(points, j)
    accumulate(normal, right, row, -Math.log(value), value * value)
  }
  const solution = solve3(normal, right)
  if (solution === null) return null
  const shape = { a: solution[0], b: solution[1], c: solution[2] }
  return isClosed(shape) ? shape : roundStart(points)
}

/** A circle from the mean curvature, for lobes whose logarithm is no closed ellipse. */
function roundStart(points: GaussianPoints): GaussianShape | null {
  let above = 0
  let below = 0
  for (let j = 0; j < points.value.length; j++) {
    const r2 = points.east[j] ** 2 + points.north[j] ** 2
    if (r2 === 0 || !(points.value[j] > 0)) continue
    above -= Math.log(points.value[j]) * points.value[j]
    below += r2 * points.value[j]
  }
  return below > 0 && above > 0 ? { a: above / below, b: 0, c: above / below } : null
}

function quadratics(points: GaussianPoints, j: number): [number, number, number] {
  const e = points.east[j]
  const n = points.north[j]
  return [e * e, e * n, n * n]
}

function accumulate(normal: Float64Array, right: Float64Array, row: readonly number[], value: number, weight: number) {
  for (let r = 0; r < 3; r++) {
    right[r] += weight * row[r] * value
    for (let c = 0; c < 3; c++) normal[3 * r + c] += weight * row[r] * row[c]
  }
}

function gaussianAt(shape: GaussianShape, row: readonly number[]): number {
  return Math.exp(-(shape.a * row[0] + shape.b * row[1] + shape.c * row[2]))
}

function sumOfSquares(points: GaussianPoints, shape: GaussianShape): number {
  let sum = 0
  for (let j = 0; j < points.value.length; j++) sum += (points.value[j] - gaussianAt(shape, quadratics(points, j))) ** 2
  return Number.isFinite(sum) ? sum : Number.POSITIVE_INFINITY
}

function marquardtStep(points: GaussianPoints, shape: GaussianShape, damping: number): [number, number, number] | null {
  const normal = new Float64Array(9)
  const right = new Float64Array(3)
  for (let j = 0; j < points.value.length; j++) {
    const row = quadratics(points, j)
    const model = gaussianAt(shape, row)
    const slope = row.map(q => -q * model)
    accumulate(normal, right, slope, points.value[j] - model, 1)
  }
  for (let d = 0; d < 3; d++) normal[4 * d] *= 1 + damping
  return solve3(normal, right)
}

/** Solves a 3 × 3 system by Cramer's rule, scaled; null when singular. */
function solve3(m: Float64Array, v: Float64Array): [number, number, number] | null {
  const det = determinant(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8])
  const scale = Math.abs(m[0] * m[4] * m[8])
  if (!(Math.abs(det) > 1e-12 * scale)) return null
  return [
    determinant(v[0], m[1], m[2], v[1], m[4], m[5], v[2], m[7], m[8]) / det,
    determinant(m[0], v[0], m[2], m[3], v[1], m[5], m[6], v[2], m[8]) / det,
    determinant(m[0], m[1], v[0], m[3], m[4], v[1], m[6], m[7], v[2]) / det,
  ]
}

function determinant(
  a: number,
  b: number,
  c: number,
  d: number,
  e: number,
  f: number,
  g: number,
  h: number,
  i: number,
): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
}
