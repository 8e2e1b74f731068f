/** √(2π) */
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)
const MAX_TERMS = 2000
/** Bits of a double, and a few for the last steps of a bisection. */
const BISECTIONS = 200

/**
 * Cumulative distribution of the normal distribution.
 * *Accuracy:* 1e-15 relative; both tails
 * @see Abramowitz & Stegun, 26.2.10 (series) and 26.2.14 (continued fraction)
 */
export function normalCumulative(x: number): number {
  if (x > 0) return 1 - normalCumulative(-x)
  const density = Math.exp((-x * x) / 2) / ROOT_TWO_PI
  if (x < -4) {
    let fraction = 0
    for (let k = 100; k > 0; k--) fraction = k / (-x + fraction)
    return density / (-x + fraction)
  }
  let term = x
  let sum = x
  for (let k = 1; k < MAX_TERMS && Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (-x * x) / (2 * k)
    sum += term / (2 * k + 1)
  }
  return 0.5 + sum / ROOT_TWO_PI
}

/**
 * Where the normal distribution reaches a probability.
 * *Accuracy:* 1e-14
 */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability)
  return newton(probability, normalCumulative, x => Math.exp((-x * x) / 2) / ROOT_TWO_PI)
}

/**
 * Where Student's t distribution with `nu` degrees of freedom reaches a probability.
 * *Accuracy:* 1e-12 relative
 * @see Abramowitz & Stegun, 26.7.1 and 26.5.8
 */
export function studentTQuantile(probability: number, nu: number): number {
  if (probability > 0.5) return -studentTQuantile(1 - probability, nu)
  let [low, high] = [-1, 0]
  while (studentTCumulative(low, nu) > probability) low *= 2
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (studentTCumulative(middle, nu) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The lower tail (t ≤ 0) of Student's t distribution. */
function studentTCumulative(t: number, nu: number): number {
  return incompleteBeta(nu / (nu + t * t), (t * t) / (nu + t * t), nu / 2, 0.5) / 2
}

function newton(probability: number, cumulative: (x: number) => number, density: (x: number) => number): number {
  let x = 0
  for (let i = 0; i < BISECTIONS; i++) {
    const step = (cumulative(x) - probability) / density(x)
    // Steps are kept short: far out the density is tiny.
    x -= Math.max(-1, Math.min(1, step))
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(x))) break
  }
  return x
}

/**
 * Regularised incomplete beta function I_x(a, b), by the continued fraction of Abramowitz & Stegun, 26.5.8.
 * @param y - 1 − x, given apart so that it is exact where x is almost 1
 */
function incompleteBeta(x: number, y: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (y <= 0) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(y, x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) - logBeta(a, b)) / a
  let fraction = 1
  let [c, d] = [1, 0]
  for (let m = 0; m < MAX_TERMS; m++) {
    const k = m >> 1
    const numerator =
      m === 0
        ? 1
        : (m & 1) === 0
          ? (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k))
          : -((a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1))
    d = 1 / (1 + numerator * d)
    c = 1 + numerator / c
    fraction *= c * d
    if (m > 0 && Math.abs(1 - c * d) < 1e-16) break
  }
  return front * (fraction - 1)
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** Stirling's series after shifting the argument beyond 20 (Abramowitz & Stegun, 6.1.41). */
function logGamma(x: number): number {
  let shifted = x
  let product = 1
  while (shifted < 20) product *= shifted++
  const inverse = 1 / shifted
  const square = inverse * inverse
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
  return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
}
