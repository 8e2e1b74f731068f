import type { DyscoDistribution } from './dysco-layout.ts'
import { normalCumulative, normalQuantile, studentTQuantile } from './quantiles.ts'

/**
 * Levels are spread as the cube root of the assumed density, which for a Gaussian is one √3 wider; uniform values of unit
 * variance reach as far. Kept in single precision by the format's own software.
 */
const WIDENING = Math.fround(Math.sqrt(3))

/**
 * The values the symbols of Dysco stand for, before the normalisation is undone: the quantiles at (k + ½)/n of n = 2^bits − 1
 * levels; the last symbol stands for what is not finite.
 * @returns [2^bits]
 * *Accuracy:* equal to casacore's in single precision
 * @see Offringa (2016), Astronomy and Computing 18, 1, section 2.1
 */
export function dyscoLevels(
  distribution: DyscoDistribution,
  bits: number,
  parameters: { readonly studentTNu: number; readonly truncation: number },
): Float32Array {
  const n = 2 ** bits - 1
  const levels = new Float32Array(n + 1).fill(Number.NaN)
  const quantile = quantileOf(distribution, parameters)
  levels[(n - 1) / 2] = 0
  for (let k = (n + 1) / 2; k < n; k++) {
    levels[k] = quantile((k + 0.5) / n)
    levels[n - 1 - k] = -levels[k]
  }
  return levels
}

function quantileOf(
  distribution: DyscoDistribution,
  { studentTNu, truncation }: { readonly studentTNu: number; readonly truncation: number },
): (probability: number) => number {
  switch (distribution) {
    case 'uniform':
      return p => (2 * p - 1) * WIDENING
    case 'gaussian':
      return p => normalQuantile(p) * WIDENING
    case 'student-t':
      return p => studentTQuantile(p, studentTNu)
    case 'truncated-gaussian': {
      const below = normalCumulative(-truncation)
      return p => normalQuantile(below + (1 - 2 * below) * p)
    }
  }
}
