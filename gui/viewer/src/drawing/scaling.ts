/** Names of the ways a value inside the clip range becomes a position in the colour table. */
export const SCALING_NAMES = ['linear', 'asinh', 'log', 'sqrt', 'squared', 'gamma', 'power', 'histogram'] as const

/** One of {@link SCALING_NAMES}. */
export type ScalingName = (typeof SCALING_NAMES)[number]

/** True for a name in {@link SCALING_NAMES}; for values from storage and the command line. */
export function isScalingName(name: unknown): name is ScalingName {
  return (SCALING_NAMES as readonly unknown[]).includes(name)
}

/**
 * A scaling with its parameters. With t = (value − low) / (high − low), clamped to 0 … 1:
 * linear t; asinh asinh(t/softening) / asinh(1/softening); log log(1 + αt) / log(1 + α); sqrt √t; squared t²;
 * gamma t^γ; power (αᵗ − 1) / (α − 1); histogram the cumulative fraction of pixels below the value.
 * The log and power forms with α = 1000 are those of SAOImage DS9 (https://ds9.si.edu/doc/ref/how.html).
 */
export interface Scaling {
  readonly name: ScalingName
  /** Of asinh: the fraction of the clip range below which the scale is linear. */
  readonly softening: number
  /** Of log and power. */
  readonly alpha: number
  /** Of gamma. */
  readonly gamma: number
  /** Of histogram: the cumulative fractions at equal steps of t, first 0, last 1; null otherwise. */
  readonly cumulative: Float32Array | null
}

/** Linear, with the other parameters at their usual values. */
export const LINEAR_SCALING: Scaling = {
  name: 'linear',
  softening: 0.02,
  alpha: 1000,
  gamma: 0.5,
  cumulative: null,
}

/** Position in the colour table, 0 … 1, of a normalised value t. @see Scaling */
export function scaleFraction(scaling: Scaling, t: number): number {
  const v = Math.min(1, Math.max(0, t))
  switch (scaling.name) {
    case 'linear':
      return v
    case 'asinh':
      return Math.asinh(v / scaling.softening) / Math.asinh(1 / scaling.softening)
    case 'log':
      return Math.log1p(scaling.alpha * v) / Math.log1p(scaling.alpha)
    case 'sqrt':
      return Math.sqrt(v)
    case 'squared':
      return v * v
    case 'gamma':
      return v ** scaling.gamma
    case 'power':
      return (scaling.alpha ** v - 1) / (scaling.alpha - 1)
    case 'histogram':
      return scaling.cumulative ? interpolateTable(scaling.cumulative, v) : v
  }
}

/** The normalised value at a position s (0 … 1) in the colour table: the inverse of {@link scaleFraction}. */
export function unscaleFraction(scaling: Scaling, s: number): number {
  const v = Math.min(1, Math.max(0, s))
  switch (scaling.name) {
    case 'linear':
      return v
    case 'asinh':
      return scaling.softening * Math.sinh(v * Math.asinh(1 / scaling.softening))
    case 'log':
      return Math.expm1(v * Math.log1p(scaling.alpha)) / scaling.alpha
    case 'sqrt':
      return v * v
    case 'squared':
      return Math.sqrt(v)
    case 'gamma':
      return v ** (1 / scaling.gamma)
    case 'power':
      return Math.log1p(v * (scaling.alpha - 1)) / Math.log(scaling.alpha)
    case 'histogram':
      return scaling.cumulative ? invertTable(scaling.cumulative, v) : v
  }
}

/** Shifts and stretches a position in the colour table about its middle: bias 0.5 and contrast 1 change nothing. */
export function applyBiasContrast(s: number, bias: number, contrast: number): number {
  return Math.min(1, Math.max(0, (s - bias) * contrast + 0.5))
}

function interpolateTable(table: Float32Array, t: number): number {
  const position = t * (table.length - 1)
  const i = Math.min(table.length - 2, Math.floor(position))
  return table[i] + (position - i) * (table[i + 1] - table[i])
}

function invertTable(table: Float32Array, s: number): number {
  let low = 0
  let high = table.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (table[middle] <= s) low = middle
    else high = middle
  }
  const rise = table[high] - table[low]
  return (low + (rise > 0 ? (s - table[low]) / rise : 0)) / (table.length - 1)
}
