import { setFlagsFromString } from 'node:v8'
import { expect, it } from 'vitest'
import { seededRandom } from '../../seeded-random.reference.ts'
import { createComplexFft } from '../complex-fft.ts'
import { hogbomComponents } from '../component-loops.ts'
import { directDegrid, directGrid, relativeL2 } from '../gridder.reference.ts'
import { createGridder } from '../gridder.ts'
import { createWorkerPool } from './worker-pool.ts'

// Node 20 keeps the feature behind a flag; this file tests the binary that newer ones choose by themselves.
if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd')

it('the kernels with fused multiply-add keep the stated accuracies', async () => {
  const pool = await createWorkerPool({ threads: 2, maximumBytes: 1 << 28 })
  expect(pool.relaxedSimd).toBe(true)
  const random = seededRandom(21)
  const [nx, ny, nRow] = [44, 36, 120]
  const frequencyHz = Float64Array.of(1.3e9, 1.35e9, 1.4e9)
  for (const wLambda of [0, 8000]) {
    const uvwMetres = Float64Array.from({ length: 3 * nRow }, (_, k) =>
      k % 3 === 2 ? (random() - 0.5) * 0.4 * wLambda : (random() - 0.5) * 600,
    )
    const visibility = Float64Array.from({ length: 6 * nRow }, () => Math.fround(random() - 0.5))
    const model = Float64Array.from({ length: nx * ny }, () => Math.fround(random() - 0.5))
    const geometry = { nx, ny, cellXRad: -2.5e-4, cellYRad: 2.5e-4, centreX: 22, centreY: 18 }
    const image = directGrid(geometry, true, uvwMetres, frequencyHz, visibility, null)
    const predictions = directDegrid(geometry, true, uvwMetres, frequencyHz, model)
    for (const [precision, epsilon] of [
      ['f32', 1e-3],
      ['f32', 1e-4],
      ['f32', 1e-5],
      ['f64', 1e-7],
      ['f64', 1e-11],
    ] as const) {
      const numbers = (values: Float64Array) => (precision === 'f32' ? Float32Array.from(values) : values.slice())
      const gridder = await createGridder(pool, { ...geometry, epsilon, precision, maxAbsWLambda: wLambda })
      const bins = await gridder.bin({ uvwMetres, frequencyHz })
      const gridded = await gridder.grid([{ bins, visibility: numbers(visibility), weight: null }])
      expect(relativeL2(gridded, image)).toBeLessThan(epsilon)
      const predicted = numbers(predictions).fill(0)
      await gridder.degrid(numbers(model), [{ bins, predicted }])
      expect(relativeL2(predicted, predictions)).toBeLessThan(epsilon)
      bins.dispose()
      gridder.dispose()
    }
  }
  const fft = createComplexFft(pool, { nx: 64, ny: 90, precision: 'f64' })
  const input = fft.data.map(() => random() - 0.5)
  fft.data.set(input)
  await fft.forward()
  await fft.inverse()
  expect(
    relativeL2(
      fft.data.map(value => value / 5760),
      input,
    ),
  ).toBeLessThan(1e-15)
  const psf = Float32Array.from({ length: 900 }, (_, k) =>
    Math.exp(-0.1 * ((k % 30) - 15) ** 2 - 0.1 * (Math.floor(k / 30) - 15) ** 2),
  )
  const residual = psf.map((value, k) => value + 0.5 * (psf[k + 63] ?? 0))
  const plane = {
    nx: 30,
    ny: 30,
    residual,
    psf,
    mask: null,
    gain: 0.2,
    limit: 0.01,
    maxIterations: 500,
  }
  const [found] = await hogbomComponents(pool, [plane])
  expect(Math.abs(found.lastValue)).toBeLessThanOrEqual(0.01)
  expect(found.values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1.5, 1)
  await pool.close()
})
