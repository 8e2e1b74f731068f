/** Nodes and weights of an n-point Gauss–Legendre rule on [−1, 1]. */
export interface QuadratureRule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/**
 * Computes the rule by Newton iteration on the Legendre polynomial; exact for polynomials of degree 2n − 1.
 * @see M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 25.4.29
 */
export function gaussLegendre(n: number): QuadratureRule {
  const nodes = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let j = 0; j < (n + 1) >> 1; j++) {
    let x = Math.cos((Math.PI * (j + 0.75)) / (n + 0.5))
    let slope = 1
    for (let step = 0; step < 50; step++) {
      const [value, derivative] = legendre(n, x)
      slope = derivative
      const change = value / derivative
      x -= change
      if (Math.abs(change) < 1e-16) break
    }
    nodes[j] = -x
    nodes[n - 1 - j] = x
    weights[j] = weights[n - 1 - j] = 2 / ((1 - x * x) * slope * slope)
  }
  return { nodes, weights }
}

function legendre(n: number, x: number): [value: number, derivative: number] {
  let previous = 1
  let current = x
  for (let k = 2; k <= n; k++) {
    const next = ((2 * k - 1) * x * current - (k - 1) * previous) / k
    previous = current
    current = next
  }
  return n === 0 ? [1, 0] : [current, (n * (x * current - previous)) / (x * x - 1)]
}
