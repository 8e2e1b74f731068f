import { describe, expect, it } from 'vitest'
import { MathError } from '../../math-error.ts'
import { seededRandom } from '../../seeded-random.reference.ts'
import { type ConvolverOptions, createConvolver } from '../convolver.ts'
import { relativeL2 } from '../gridder.reference.ts'
import { createGridder } from '../gridder.ts'
import { poolForTests } from './shared-pool.reference.ts'

const pool = poolForTests({ threads: 2, maximumBytes: 1 << 28 })

/** The convolution sum as its definition reads. */
function direct(image: ArrayLike<number>, options: ConvolverOptions): Float64Array {
  const { nx, ny, response, responseNx, responseNy } = options
  const { originX = Math.floor(responseNx / 2), originY = Math.floor(responseNy / 2) } = options
  const result = new Float64Array(nx * ny)
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      for (let v = 0; v < ny; v++) {
        const row = originY + y - v
        if (row < 0 || row >= responseNy) continue
        for (let u = 0; u < nx; u++) {
          const column = originX + x - u
          if (column < 0 || column >= responseNx) continue
          result[x + nx * y] += image[u + nx * v] * response[column + responseNx * row]
        }
      }
    }
  }
  return result
}

describe('convolver', () => {
  const shapes = [
    [24, 20, 48, 40, undefined, undefined],
    [24, 20, 24, 20, undefined, undefined],
    [17, 31, 9, 5, 0, 4],
    [30, 26, 60, 52, 3, 50],
    [1, 1, 2, 2, undefined, undefined],
  ] as const
  for (const [precision, bound] of [
    ['f32', 1e-6],
    ['f64', 1e-14],
  ] as const) {
    it(`equals the direct sum to ${bound} (${precision})`, async () => {
      for (const [nx, ny, responseNx, responseNy, originX, originY] of shapes) {
        const random = seededRandom(nx * responseNx)
        const numbers = (n: number) => {
          const values = Array.from({ length: n }, () => random() - 0.3)
          return precision === 'f32' ? Float32Array.from(values) : Float64Array.from(values)
        }
        const response = numbers(responseNx * responseNy)
        const options = { nx, ny, precision, response, responseNx, responseNy, originX, originY }
        const convolver = await createConvolver(pool(), options)
        const image = numbers(nx * ny)
        const error = relativeL2(await convolver.convolve(image), direct(image, options))
        expect(error, `${[nx, ny, responseNx, responseNy]}: ${error}`).toBeLessThan(bound)
        expect(await convolver.convolve(image, image)).toBe(image)
        convolver.dispose()
      }
    })
  }

  it('of a model with the PSF on the doubled grid is the dirty image of the model’s visibilities', async () => {
    const random = seededRandom(8)
    const [nx, ny, nRow] = [40, 36, 300]
    const uvwMetres = Float64Array.from({ length: 3 * nRow }, (_, k) => (k % 3 === 2 ? 0 : (random() - 0.5) * 12_000))
    const frequencyHz = Float64Array.of(1.4e9, 1.5e9)
    const weight = Float32Array.from({ length: 2 * nRow }, () => random())
    const geometry = { cellXRad: -1e-5, cellYRad: 1e-5, epsilon: 1e-11, precision: 'f64' as const, maxAbsWLambda: 0 }
    const gridder = await createGridder(pool(), { nx, ny, ...geometry })
    const wide = await createGridder(pool(), { nx: 2 * nx, ny: 2 * ny, ...geometry })
    const bins = await gridder.bin({ uvwMetres, frequencyHz })
    const wideBins = await wide.bin({ uvwMetres, frequencyHz })
    const model = Float64Array.from({ length: nx * ny }, () => (random() < 0.05 ? random() : 0))
    const predicted = new Float64Array(4 * nRow)
    await gridder.degrid(model, [{ bins, predicted }])
    const dirty = await gridder.grid([{ bins, visibility: predicted, weight }])
    const response = await wide.grid([{ bins: wideBins, visibility: null, weight }])
    const options = { nx, ny, precision: 'f64', response, responseNx: 2 * nx, responseNy: 2 * ny } as const
    const convolver = await createConvolver(pool(), options)
    expect(relativeL2(await convolver.convolve(model), dirty)).toBeLessThan(1e-10)
    convolver.dispose()
    for (const part of [bins, wideBins, gridder, wide]) part.dispose()
  })

  it('refuses shapes that do not fit', async () => {
    const good = { nx: 8, ny: 8, response: new Float32Array(256), responseNx: 16, responseNy: 16 }
    await expect(createConvolver(pool(), { ...good, responseNx: 17 })).rejects.toThrow(MathError)
    await expect(createConvolver(pool(), { ...good, originX: 16 })).rejects.toThrow(/origin/)
    const convolver = await createConvolver(pool(), good)
    await expect(convolver.convolve(new Float32Array(3))).rejects.toThrow(/8 × 8 pixels, got 3/)
    convolver.dispose()
    await expect(convolver.convolve(new Float32Array(64))).rejects.toThrow(/disposed/)
  })
})
