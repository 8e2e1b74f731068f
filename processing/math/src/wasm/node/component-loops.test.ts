import { describe, expect, it } from 'vitest'
import { MathError } from '../../math-error.ts'
import { seededRandom } from '../../seeded-random.reference.ts'
import { naiveHogbomComponents } from '../component-loops.reference.ts'
import { clarkComponents, type HogbomPlane, hogbomComponents } from '../component-loops.ts'
import { poolForTests } from './shared-pool.reference.ts'

const pool = poolForTests({ threads: 2, maximumBytes: 1 << 28, relaxedSimd: 'never' })
const single = poolForTests({ threads: 1, maximumBytes: 1 << 28, relaxedSimd: 'never' })

/** A few sources seen through a ringed beam, with noise. */
function makePlane(nx: number, ny: number, masked: boolean): HogbomPlane {
  const random = seededRandom(nx + 31 * ny)
  const psf = Float32Array.from({ length: nx * ny }, (_, k) => {
    const r = Math.hypot((k % nx) - (nx >> 1), Math.floor(k / nx) - (ny >> 1))
    return Math.exp(-r * r * 0.12) * 0.8 + (0.2 * Math.cos(0.7 * r)) / (1 + 0.2 * r)
  })
  const residual = new Float32Array(nx * ny)
  for (let source = 0; source < 6; source++) {
    const x0 = Math.floor(random() * nx)
    const y0 = Math.floor(random() * ny)
    const flux = (random() - 0.3) * 2
    for (let k = 0; k < nx * ny; k++) {
      const x = (k % nx) - x0 + (nx >> 1)
      const y = Math.floor(k / nx) - y0 + (ny >> 1)
      if (x >= 0 && x < nx && y >= 0 && y < ny) residual[k] += flux * psf[x + nx * y]
    }
  }
  for (let k = 0; k < nx * ny; k++) residual[k] += (random() - 0.5) * 0.02
  const mask = Float32Array.from({ length: nx * ny }, () => (random() < 0.7 ? 1 : 0))
  return { nx, ny, residual, psf, mask: masked ? mask : null, gain: 0.1, limit: 0.05, maxIterations: 300 }
}

describe('Hogbom loop', () => {
  it('finds what the plain loop finds, bit for bit', async () => {
    for (const [nx, ny, masked] of [
      [64, 64, false],
      [61, 47, true],
      [5, 90, true],
      [1, 1, false],
    ] as const) {
      const plane = makePlane(nx, ny, masked)
      const expected = Float32Array.from(plane.residual)
      const peaks = naiveHogbomComponents(plane, expected)
      const found = (await hogbomComponents(pool(), [plane]))[0]
      expect([...found.indices]).toEqual(peaks)
      expect(plane.residual).toEqual(expected)
      expect(found.lastValue).toBe(found.lastIndex < 0 ? 0 : plane.residual[found.lastIndex])
    }
  })

  it('touches and searches the box alone, and skips NaN', async () => {
    const plane = { ...makePlane(70, 50, true), box: { x0: 7, x1: 64, y0: 3, y1: 41 } }
    plane.residual[10 * 70 + 20] = Number.NaN
    plane.residual[0] = 100
    const expected = Float32Array.from(plane.residual)
    const peaks = naiveHogbomComponents(plane, expected)
    const found = (await hogbomComponents(pool(), [plane]))[0]
    expect(peaks.length).toBeGreaterThan(10)
    expect([...found.indices]).toEqual(peaks)
    expect(plane.residual).toEqual(expected)
  })

  it('gives the same bits with one worker and with two sharing the plane', async () => {
    const found = []
    const residuals = []
    for (const make of [pool, single]) {
      const plane = { ...makePlane(800, 700, true), limit: 0, maxIterations: 60 }
      found.push(...(await hogbomComponents(make(), [plane])))
      residuals.push(plane.residual)
    }
    expect(found[0].indices.length).toBe(60)
    expect(found[0]).toEqual(found[1])
    expect(residuals[0]).toEqual(residuals[1])
  })

  it('stops at the limit, at the count, and before it begins', async () => {
    const plane = makePlane(48, 48, false)
    expect((await hogbomComponents(pool(), [{ ...plane, maxIterations: 7 }]))[0].indices.length).toBe(7)
    expect((await hogbomComponents(pool(), [{ ...plane, maxIterations: 0 }]))[0].indices.length).toBe(0)
    expect((await hogbomComponents(pool(), [{ ...plane, limit: 1e9 }]))[0].indices.length).toBe(0)
    const [rest] = await hogbomComponents(pool(), [{ ...plane, maxIterations: 5000 }])
    expect(Math.abs(rest.lastValue)).toBeLessThanOrEqual(plane.limit)
    const [dark] = await hogbomComponents(pool(), [{ ...plane, mask: new Float32Array(48 * 48) }])
    expect([dark.indices.length, dark.lastIndex]).toEqual([0, -1])
  })

  it('cleans several planes as it does each alone', async () => {
    const shapes = [
      [64, 64, false],
      [61, 47, true],
      [90, 5, false],
      [33, 80, true],
    ] as const
    const alone = shapes.map(([nx, ny, masked]) => makePlane(nx, ny, masked))
    const together = shapes.map(([nx, ny, masked]) => makePlane(nx, ny, masked))
    const expected = []
    for (const plane of alone) expected.push(...(await hogbomComponents(single(), [plane])))
    expect(await hogbomComponents(pool(), together)).toEqual(expected)
    expect(together.map(plane => plane.residual)).toEqual(alone.map(plane => plane.residual))
    expect(expected[0].indices.length).toBeGreaterThan(10)
  })

  it('cancels within 200 ms', async () => {
    const plane = { ...makePlane(600, 600, false), limit: 0, maxIterations: 100_000_000, gain: 1e-6 }
    const controller = new AbortController()
    setTimeout(() => controller.abort(new Error('enough')), 50)
    const before = performance.now()
    await expect(hogbomComponents(pool(), [plane], { signal: controller.signal })).rejects.toThrow('enough')
    expect(performance.now() - before).toBeLessThan(250)
  })

  it('refuses shapes that do not fit', async () => {
    const plane = makePlane(16, 16, false)
    await expect(hogbomComponents(pool(), [{ ...plane, psf: new Float32Array(3) }])).rejects.toThrow(/psf of 16 × 16/)
    const box = { x0: 0, x1: 17, y0: 0, y1: 4 }
    await expect(hogbomComponents(pool(), [{ ...plane, box }])).rejects.toThrow(MathError)
  })
})

describe('Clark loop', () => {
  it('equals Hogbom’s on the active pixels when the patch covers the PSF', async () => {
    const plane = makePlane(41, 33, true)
    const active = [...plane.mask!.keys()].filter(k => plane.mask![k] > 0)
    const values = Float32Array.from(active, k => plane.residual[k])
    const positions = Int32Array.from(active.flatMap(k => [k % 41, Math.floor(k / 41)]))
    const { nx, ny, psf, gain } = plane
    const list = { values, positions, psf, nx, ny, reachX: 20, reachY: 16, gain, limit: 0.05, maxIterations: 200 }
    const twin = { ...list, values: Float32Array.from(values) }
    const [found, again] = await clarkComponents(pool(), [list, twin])
    // The PSF has odd sizes here, so a reach of half of it covers all shifts that overlap.
    const expected = Float32Array.from(plane.residual)
    expect(Array.from(found.indices, k => active[k])).toEqual(
      naiveHogbomComponents({ ...plane, maxIterations: 200 }, expected),
    )
    expect(values).toEqual(Float32Array.from(active, k => expected[k]))
    expect(again).toEqual(found)
  })
})
