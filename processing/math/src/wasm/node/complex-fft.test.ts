import { describe, expect, it } from 'vitest'
import { createFftPlan, fftInPlace } from '../../fft-plan.ts'
import { MathError } from '../../math-error.ts'
import { seededRandom } from '../../seeded-random.reference.ts'
import { createComplexFft } from '../complex-fft.ts'
import type { Precision } from '../fft-tables.ts'
import { poolForTests } from './shared-pool.reference.ts'

const pool = poolForTests({ threads: 2, maximumBytes: 1 << 30 })
const single = poolForTests({ threads: 1, maximumBytes: 1 << 30 })

/** The 2-D transform by the plain double-precision reference, [ny, nx] interleaved. */
function reference(data: Float64Array, nx: number, ny: number, columns: boolean): Float64Array {
  const re = Float64Array.from({ length: nx * ny }, (_, k) => data[2 * k])
  const im = Float64Array.from({ length: nx * ny }, (_, k) => data[2 * k + 1])
  const rowPlan = createFftPlan(nx)
  for (let y = 0; y < ny; y++) fftInPlace(rowPlan, re, im, y * nx)
  if (columns) {
    const plan = createFftPlan(ny)
    const cr = new Float64Array(ny)
    const ci = new Float64Array(ny)
    for (let x = 0; x < nx; x++) {
      for (let y = 0; y < ny; y++) [cr[y], ci[y]] = [re[y * nx + x], im[y * nx + x]]
      fftInPlace(plan, cr, ci)
      for (let y = 0; y < ny; y++) [re[y * nx + x], im[y * nx + x]] = [cr[y], ci[y]]
    }
  }
  return Float64Array.from({ length: 2 * nx * ny }, (_, k) => (k % 2 ? im[k >> 1] : re[k >> 1]))
}

async function relativeError(nx: number, ny: number, precision: Precision, axes: 'x' | 'xy'): Promise<number> {
  const fft = createComplexFft(pool(), { nx, ny, precision, axes })
  const random = seededRandom(nx * 1000 + ny)
  const input = Float64Array.from({ length: 2 * nx * ny }, () => Math.fround(random() - 0.5))
  for (let y = 0; y < ny; y++) fft.data.set(input.subarray(2 * nx * y, 2 * nx * (y + 1)), 2 * fft.strideComplex * y)
  await fft.forward()
  const expected = reference(input, nx, ny, axes === 'xy')
  let error = 0
  let norm = 0
  for (let y = 0; y < ny; y++) {
    for (let k = 0; k < 2 * nx; k++) {
      error += (fft.data[2 * fft.strideComplex * y + k] - expected[2 * nx * y + k]) ** 2
      norm += expected[2 * nx * y + k] ** 2
    }
  }
  await fft.inverse()
  const scale = axes === 'xy' ? nx * ny : nx
  let back = 0
  for (let y = 0; y < ny; y++) {
    for (let k = 0; k < 2 * nx; k++) {
      back = Math.max(back, Math.abs(fft.data[2 * fft.strideComplex * y + k] / scale - input[2 * nx * y + k]))
    }
  }
  expect(back).toBeLessThan(precision === 'f32' ? 2e-6 : 3e-15)
  fft.dispose()
  return Math.sqrt(error / norm)
}

describe('complex FFT kernels', () => {
  const sizes = [
    [1, 1],
    [1, 7],
    [2, 3],
    [15, 5],
    [16, 10],
    [27, 25],
    [60, 72],
    [250, 48],
    [512, 96],
    [1536, 30],
  ]
  for (const precision of ['f32', 'f64'] as const) {
    const bound = precision === 'f32' ? 4e-7 : 1e-15
    it(`agree with the double-precision reference to ${bound} (${precision})`, async () => {
      for (const [nx, ny] of sizes) {
        const smooth = ny === 7 ? 'x' : 'xy'
        const error = await relativeError(nx, ny, precision, smooth)
        expect(error, `${nx} × ${ny}: ${error}`).toBeLessThan(bound)
      }
    })
  }

  it('transform rows alone when asked to, of any number', async () => {
    expect(await relativeError(90, 7, 'f32', 'x')).toBeLessThan(4e-7)
    expect(await relativeError(6144, 3, 'f32', 'x')).toBeLessThan(4e-7)
    expect(await relativeError(6144, 3, 'f64', 'x')).toBeLessThan(1e-15)
  })

  it('give the same bits with one worker and with two', async () => {
    const results: Float32Array[] = []
    for (const make of [pool, single]) {
      const fft = createComplexFft(make(), { nx: 240, ny: 162, precision: 'f32' })
      const random = seededRandom(5)
      for (let k = 0; k < fft.data.length; k++) fft.data[k] = random() - 0.5
      await fft.forward()
      results.push(Float32Array.from(fft.data))
      fft.dispose()
    }
    expect(results[0]).toEqual(results[1])
  })

  it('refuse sizes with other factors', () => {
    expect(() => createComplexFft(pool(), { nx: 14, ny: 4, precision: 'f32' })).toThrow(MathError)
    expect(() => createComplexFft(pool(), { nx: 4, ny: 0, precision: 'f32', axes: 'x' })).toThrow(/at least one row/)
  })
})
