// Shapes of multi-scale components.

/** A circular component of unit sum: (2·reach + 1)² values around its centre. */
export interface ScaleKernel {
  readonly reach: number
  readonly values: Float64Array
}

/** Numerator and denominator for 0 ≤ ν < 0.75 and 0.75 ≤ ν ≤ 1 (m = 6, α = 1), and where each is centred. */
const SPHEROIDAL = [
  {
    edge: 0.75,
    top: [8.203343e-2, -3.644705e-1, 6.27866e-1, -5.335581e-1, 2.312756e-1],
    bottom: [1, 8.212018e-1, 2.078043e-1],
  },
  {
    edge: 1,
    top: [4.028559e-3, -3.697768e-2, 1.021332e-1, -1.201436e-1, 6.412774e-2],
    bottom: [1, 9.599102e-1, 2.918724e-1],
  },
] as const

/**
 * Prolate spheroidal wave function of order 0, m = 6, α = 1, as a rational approximation; 1 at ν = 0.
 * @param nu - 0 … 1
 * @see F. R. Schwab, Indirect Imaging (1984) 333, table of approximations for m = 6
 */
export function spheroidal(nu: number): number {
  const { edge, top, bottom } = SPHEROIDAL[nu < 0.75 ? 0 : 1]
  const t = nu * nu - edge * edge
  const numerator = top.reduceRight((sum, c) => sum * t + c, 0)
  return numerator / bottom.reduceRight((sum, c) => sum * t + c, 0)
}

/**
 * The component of a scale: (1 − (r/α)²)·Ψ(r/α) within r < α, of unit sum; one pixel for scales up to 1.
 * @param scalePixels - α, the radius at which the component ends
 * @see T. J. Cornwell, IEEE J. Sel. Top. Signal Process. 2 (2008) 793, equation 6
 */
export function scaleKernel(scalePixels: number): ScaleKernel {
  const reach = scalePixels > 1 ? Math.ceil(scalePixels) - 1 : 0
  const width = 2 * reach + 1
  const values = new Float64Array(width * width)
  let sum = 0
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const r = scalePixels > 1 ? Math.hypot(x, y) / scalePixels : 0
      if (r >= 1) continue
      const value = (1 - r * r) * spheroidal(r)
      values[x + reach + width * (y + reach)] = value
      sum += value
    }
  }
  for (let j = 0; j < values.length; j++) values[j] /= sum
  return { reach, values }
}

/** plane += amount·kernel around pixel (x, y), as far as it lies in the plane. */
export function addKernel(
  plane: Float32Array,
  nx: number,
  ny: number,
  kernel: ScaleKernel,
  x: number,
  y: number,
  amount: number,
): void {
  const { reach, values } = kernel
  const width = 2 * reach + 1
  for (let dy = Math.max(-reach, -y); dy <= Math.min(reach, ny - 1 - y); dy++) {
    for (let dx = Math.max(-reach, -x); dx <= Math.min(reach, nx - 1 - x); dx++) {
      plane[x + dx + nx * (y + dy)] += amount * values[dx + reach + width * (dy + reach)]
    }
  }
}
