import { describe, expect, it } from 'vitest'
import { applyUvTaper } from './uv-taper.ts'

/** Weight left at (u, v). */
function taperAt(u: number, v: number, taper: Parameters<typeof applyUvTaper>[1]): number {
  const imagingWeight = Float64Array.of(1)
  applyUvTaper({ nSample: 1, uLambda: Float64Array.of(u), vLambda: Float64Array.of(v), imagingWeight }, taper)
  return imagingWeight[0]
}

describe('applyUvTaper', () => {
  it('is the transform of a Gaussian of the size given', () => {
    const size = 1e-4
    const taper = { majorRad: size, minorRad: size, positionAngleRad: 0 }
    // Summed over the sky: ∫ exp(−4 ln2 x²/θ²) cos(2πux) dx over the same at u = 0.
    for (const u of [0, 1000, 4000, 9000]) {
      let sum = 0
      let norm = 0
      for (let x = -5 * size; x <= 5 * size; x += size / 200) {
        const value = Math.exp((-4 * Math.LN2 * x * x) / size ** 2)
        sum += value * Math.cos(2 * Math.PI * u * x)
        norm += value
      }
      expect(taperAt(u, 0, taper)).toBeCloseTo(sum / norm, 8)
      expect(taperAt(0, -u, taper)).toBeCloseTo(sum / norm, 8)
    }
  })

  it('is narrowest in the uv plane along the major axis, north through east', () => {
    const taper = { majorRad: 2e-4, minorRad: 1e-4, positionAngleRad: Math.PI / 6 }
    const r = 3000
    const along = taperAt(r * Math.sin(Math.PI / 6), r * Math.cos(Math.PI / 6), taper)
    const across = taperAt(r * Math.cos(Math.PI / 6), -r * Math.sin(Math.PI / 6), taper)
    expect(Math.log(along) / Math.log(across)).toBeCloseTo(4, 10)
  })
})
