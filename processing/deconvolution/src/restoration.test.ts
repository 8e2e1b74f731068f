import { describe, expect, it } from 'vitest'
import { cycleThresholdJy } from './cycle-threshold.ts'
import { nsigmaThresholdJy, residualNoise } from './residual-noise.ts'
import { beamAreaPixels, restorePlane } from './restoration.ts'
import { repeatableRandom } from './test-plane.reference.ts'

const CELL: readonly [number, number] = [2e-6, 1e-6]

/** Σ model·Gaussian + residual, straight from the definition. */
function directRestoration(nx: number, ny: number, model: Float32Array, beam: Parameters<typeof beamAreaPixels>[0]) {
  const out = new Float64Array(nx * ny)
  for (let j = 0; j < model.length; j++) {
    if (model[j] === 0) continue
    for (let k = 0; k < out.length; k++) {
      const east = -((k % nx) - (j % nx)) * CELL[0]
      const north = (Math.floor(k / nx) - Math.floor(j / nx)) * CELL[1]
      const { majorRad, minorRad, positionAngleRad: pa } = beam
      const along = (east * Math.sin(pa) + north * Math.cos(pa)) / majorRad
      const across = (east * Math.cos(pa) - north * Math.sin(pa)) / minorRad
      out[k] += model[j] * Math.exp(-4 * Math.LN2 * (along * along + across * across))
    }
  }
  return out
}

describe('restorePlane', () => {
  it.each([
    [48, 40, 9e-6, 5e-6, 0.7],
    [33, 31, 3e-6, 2e-6, -0.4],
    [24, 24, 60e-6, 30e-6, 1.2],
  ])('convolves with the beam to rounding: %i × %i', async (nx, ny, majorRad, minorRad, positionAngleRad) => {
    const beam = { majorRad, minorRad, positionAngleRad }
    const model = new Float32Array(nx * ny)
    model[0] = 1
    model[nx * ny - 1] = -0.5
    model[5 + 7 * nx] = 2
    const random = repeatableRandom(2)
    const residual = Float32Array.from({ length: nx * ny }, () => random())
    const restored = await restorePlane({ nx, ny, cellRad: CELL, model, residual, beam })
    const want = directRestoration(nx, ny, model, beam)
    const worst = Math.max(...restored.map((value, j) => Math.abs(value - residual[j] - want[j])))
    expect(worst, `worst difference ${worst}`).toBeLessThan(1e-6)
  })

  it('returns a copy of the residual when the model is empty', async () => {
    const residual = Float32Array.of(1, Number.NaN, 3, 4)
    const beam = { majorRad: 1e-5, minorRad: 1e-5, positionAngleRad: 0 }
    const restored = await restorePlane({ nx: 2, ny: 2, cellRad: CELL, model: new Float32Array(4), residual, beam })
    expect(restored).toEqual(residual)
    expect(restored).not.toBe(residual)
  })

  it('knows the area of a beam', () => {
    const beam = { majorRad: 8e-6, minorRad: 4e-6, positionAngleRad: 0 }
    expect(beamAreaPixels(beam, [1e-6, 1e-6])).toBeCloseTo(1.1330900354567985 * 32, 9)
  })
})

describe('residualNoise', () => {
  const n = 20_000
  const random = repeatableRandom(8)
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const residual = Float32Array.from({ length: n }, () => 0.5 + 0.1 * gaussian())
  const mask = new Uint8Array(n)
  mask.fill(1, 0, 6000)
  for (let j = 0; j < 6000; j++) residual[j] += 3

  it('is not moved by bright pixels outside of which it is asked for', () => {
    const { rmsJy, medianJy } = residualNoise(residual, mask, null, false)
    expect(Math.abs(rmsJy / 0.1 - 1)).toBeLessThan(0.03)
    expect(medianJy).toBeCloseTo(0.5, 2)
    expect(residualNoise(residual, mask, null, true).rmsJy).toBeGreaterThan(0.12)
  })

  it('counts only valid pixels and survives masks that are full or planes that are blank', () => {
    const valid = new Uint8Array(n).fill(1)
    valid.fill(0, 6000)
    expect(residualNoise(residual, null, valid, true).medianJy).toBeCloseTo(3.5, 2)
    expect(residualNoise(residual, new Uint8Array(n).fill(1), null, false).rmsJy).toBeGreaterThan(0)
    expect(residualNoise(new Float32Array(9).fill(Number.NaN), null, null, true)).toEqual({ medianJy: 0, rmsJy: 0 })
  })

  it('turns nsigma into a limit', () => {
    expect(nsigmaThresholdJy(3, { rmsJy: 0.2, medianJy: 0.1 })).toBeCloseTo(0.6, 12)
    expect(nsigmaThresholdJy(0, { rmsJy: 0.2, medianJy: 0.1 })).toBe(0)
  })
})

describe('cycleThresholdJy', () => {
  const input = { peakResidualJy: 2, cycleFactor: 1, minPsfFraction: 0.05, maxPsfFraction: 0.8, thresholdJy: 0 }
  it.each([
    [0.2, 0, 0.4],
    [0.01, 0, 0.1],
    [0.95, 0, 1.6],
    [0.01, 0.3, 0.3],
  ])('side lobe %f and threshold %f Jy make %f Jy', (maxPsfSidelobe, thresholdJy, want) => {
    expect(cycleThresholdJy({ ...input, maxPsfSidelobe, thresholdJy })).toBeCloseTo(want, 12)
  })
})
