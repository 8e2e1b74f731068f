import { describe, expect, it } from 'vitest'
import { MathError } from '../../math-error.ts'
import { seededRandom } from '../../seeded-random.reference.ts'
import type { Precision } from '../fft-tables.ts'
import { directDegrid, directGrid, relativeL2 } from '../gridder.reference.ts'
import { createGridder } from '../gridder.ts'
import type { GridderOptions } from '../gridder-plan.ts'
import { poolForTests } from './shared-pool.reference.ts'
import { createWorkerPool } from './worker-pool.ts'

const pool = poolForTests({ threads: 2, maximumBytes: 1 << 30 })
const single = poolForTests({ threads: 1, maximumBytes: 1 << 30 })

const SPEED_OF_LIGHT = 299792458

interface Case {
  readonly options: GridderOptions
  readonly uvwMetres: Float64Array
  readonly frequencyHz: Float64Array
  readonly visibility: Float64Array
  readonly weight: Float32Array
  readonly model: Float64Array
}

interface CaseWish {
  readonly nx: number
  readonly ny: number
  readonly cellRad: number
  readonly wLambda: number
  readonly epsilon: number
  readonly precision: Precision
  /** Largest |u·cell|; 0.5 is the pixels' limit. */
  readonly reach?: number
  readonly nRow?: number
  readonly nChannel?: number
  readonly more?: Partial<GridderOptions>
}

/** Random samples over the uv disc, random data; every sixth weight is 0 and its visibility NaN. */
function makeCase(wish: CaseWish): Case {
  const { nx, ny, cellRad, wLambda, epsilon, precision, reach = 0.42, nRow = 90, nChannel = 5 } = wish
  const random = seededRandom(nx * 7 + ny + Math.round(wLambda))
  const frequencyHz = Float64Array.from({ length: nChannel }, (_, k) => 1.4e9 * (0.9 + (0.1 * (k + 1)) / nChannel))
  const metres = SPEED_OF_LIGHT / 1.4e9
  const uvwMetres = new Float64Array(nRow * 3)
  for (let row = 0; row < nRow; row++) {
    uvwMetres[3 * row] = ((2 * random() - 1) * reach * metres) / cellRad
    uvwMetres[3 * row + 1] = ((2 * random() - 1) * reach * metres) / cellRad
    uvwMetres[3 * row + 2] = (2 * random() - 1) * wLambda * metres
  }
  const visibility = Float64Array.from({ length: 2 * nRow * nChannel }, () => Math.fround(random() - 0.5))
  const weight = Float32Array.from({ length: nRow * nChannel }, (_, k) => (k % 6 === 3 ? 0 : 0.1 + random()))
  for (let k = 3; k < nRow * nChannel; k += 6) visibility[2 * k] = Number.NaN
  const model = Float64Array.from({ length: nx * ny }, () => Math.fround(random() - 0.5))
  const options: GridderOptions = {
    nx,
    ny,
    cellXRad: -cellRad,
    cellYRad: cellRad,
    epsilon,
    precision,
    maxAbsWLambda: wLambda,
    ...wish.more,
  }
  return { options, uvwMetres, frequencyHz, visibility, weight, model }
}

function geometryOf(options: GridderOptions) {
  const { nx, ny, centreX = Math.floor(nx / 2), centreY = Math.floor(ny / 2) } = options
  return { ...options, centreX, centreY }
}

const numbers = (precision: Precision, values: ArrayLike<number>) =>
  precision === 'f32' ? Float32Array.from(values) : Float64Array.from(values)

/** Gridding and degridding errors of one case against the direct sums. */
async function errorsOf(input: Case): Promise<{ grid: number; psf: number; degrid: number; planes: number }> {
  const precision = input.options.precision ?? 'f32'
  const gridder = await createGridder(pool(), input.options)
  const bins = await gridder.bin(input)
  const withW = gridder.plan.w !== null
  const geometry = geometryOf(input.options)
  const visibility = numbers(precision, input.visibility)
  const image = await gridder.grid([{ bins, visibility, weight: input.weight }])
  const psf = await gridder.grid([{ bins, visibility: null, weight: input.weight }])
  const predicted = numbers(precision, new Float64Array(input.visibility.length))
  await gridder.degrid(numbers(precision, input.model), [{ bins, predicted }])
  const direct = (v: Float64Array | null) =>
    directGrid(geometry, true, input.uvwMetres, input.frequencyHz, v, input.weight)
  const result = {
    grid: relativeL2(image, direct(input.visibility)),
    psf: relativeL2(psf, direct(null)),
    degrid: relativeL2(predicted, directDegrid(geometry, true, input.uvwMetres, input.frequencyHz, input.model)),
    planes: withW ? gridder.plan.w!.count : 0,
  }
  bins.dispose()
  gridder.dispose()
  return result
}

async function expectWithin(input: Case, epsilon: number): Promise<void> {
  const errors = await errorsOf(input)
  const report = `${JSON.stringify(input.options)}: ${JSON.stringify(errors)}`
  expect(errors.grid, report).toBeLessThan(epsilon)
  expect(errors.psf, report).toBeLessThan(epsilon)
  expect(errors.degrid, report).toBeLessThan(epsilon)
  // An error far below epsilon would mean that the choice of kernel wastes time.
  expect(Math.max(errors.grid, errors.degrid), report).toBeGreaterThan(epsilon / 400)
}

describe('gridder accuracy against the direct sum', () => {
  const sweep: [Precision, number][] = [
    ['f32', 1e-3],
    ['f32', 1e-4],
    ['f32', 1e-5],
    ['f64', 1e-3],
    ['f64', 1e-5],
    ['f64', 1e-7],
    ['f64', 1e-9],
    ['f64', 1e-11],
  ]
  for (const [precision, epsilon] of sweep) {
    it(`2-D: ${precision}, epsilon ${epsilon}`, async () => {
      await expectWithin(makeCase({ nx: 48, ny: 40, cellRad: 5e-6, wLambda: 0, epsilon, precision }), epsilon)
    })
    it(`w planes: ${precision}, epsilon ${epsilon}`, async () => {
      await expectWithin(makeCase({ nx: 48, ny: 40, cellRad: 4e-4, wLambda: 30_000, epsilon, precision }), epsilon)
    })
  }

  it('holds for odd, small and lopsided images and phase centres off the middle', async () => {
    const shapes = [
      { nx: 31, ny: 45 },
      { nx: 5, ny: 64 },
      { nx: 1, ny: 1 },
      { nx: 33, ny: 26, more: { centreX: 0, centreY: 20 } },
    ]
    for (const shape of shapes) {
      for (const wLambda of [0, 20_000]) {
        const errors = await errorsOf(makeCase({ ...shape, cellRad: 3e-4, wLambda, epsilon: 1e-5, precision: 'f32' }))
        expect(Math.max(errors.grid, errors.psf, errors.degrid), JSON.stringify([shape, errors])).toBeLessThan(1e-5)
      }
    }
  })

  it('holds for samples beyond the pixels’ limit, where the transform is periodic', async () => {
    for (const wLambda of [0, 20_000]) {
      for (const precision of ['f32', 'f64'] as const) {
        const epsilon = precision === 'f32' ? 1e-5 : 1e-9
        const wish = { nx: 40, ny: 36, cellRad: 3e-4, wLambda, epsilon, precision, reach: 1.7 }
        const errors = await errorsOf(makeCase(wish))
        expect(Math.max(errors.grid, errors.psf, errors.degrid), JSON.stringify(errors)).toBeLessThan(epsilon)
      }
    }
  })

  it('holds up to the horizon, leaves out what is beyond, and takes |w| of many cycles', async () => {
    for (const [precision, epsilon] of [
      ['f32', 1e-5],
      ['f64', 1e-9],
    ] as const) {
      const errors = await errorsOf(makeCase({ nx: 32, ny: 32, cellRad: 0.07, wLambda: 900, epsilon, precision }))
      expect(Math.max(errors.grid, errors.psf, errors.degrid), JSON.stringify(errors)).toBeLessThan(epsilon)
      const wide = await errorsOf(makeCase({ nx: 32, ny: 32, cellRad: 0.005, wLambda: 400_000, epsilon, precision }))
      expect(wide.planes).toBeGreaterThan(1000)
      expect(Math.max(wide.grid, wide.psf, wide.degrid), JSON.stringify(wide)).toBeLessThan(epsilon)
    }
  })

  it('goes without planes exactly when the neglected phase is below epsilon', async () => {
    const wish = { nx: 48, ny: 40, cellRad: 1e-4, epsilon: 1e-4, precision: 'f32' as const }
    const near = await errorsOf(makeCase({ ...wish, wLambda: 0.9 }))
    expect(near.planes).toBe(0)
    expect(Math.max(near.grid, near.psf, near.degrid)).toBeLessThan(1e-4)
    expect((await errorsOf(makeCase({ ...wish, wLambda: 2 }))).planes).toBeGreaterThan(0)
    expect((await errorsOf(makeCase({ ...wish, wLambda: 2, more: { wTerm: 'ignore' } }))).planes).toBe(0)
  })
})

describe('gridder properties', () => {
  for (const [precision, bound] of [
    ['f32', 1e-5],
    ['f64', 1e-12],
  ] as const) {
    for (const wLambda of [0, 20_000]) {
      it(`degridding is the adjoint of gridding to ${bound} (${precision}, |w| ≤ ${wLambda})`, async () => {
        const wish = { nx: 60, ny: 50, cellRad: 3e-4, wLambda, epsilon: 1e-4, precision, nRow: 400 }
        const { options, uvwMetres, frequencyHz, ...data } = makeCase(wish)
        const gridder = await createGridder(pool(), options)
        const bins = await gridder.bin({ uvwMetres, frequencyHz })
        const visibility = numbers(
          precision,
          data.visibility.map(v => (Number.isNaN(v) ? 0.25 : v)),
        )
        const model = numbers(precision, data.model)
        const image = await gridder.grid([{ bins, visibility, weight: null }])
        const predicted = numbers(precision, new Float64Array(visibility.length))
        await gridder.degrid(model, [{ bins, predicted }])
        const inner = (a: ArrayLike<number>, b: ArrayLike<number>) => {
          let sum = 0
          for (let k = 0; k < a.length; k++) sum += a[k] * b[k]
          return sum
        }
        const scale = Math.sqrt(inner(model, model) * inner(image, image))
        const difference = (inner(image, model) - inner(visibility, predicted)) / scale
        expect(Math.abs(difference), `${difference}`).toBeLessThan(bound)
        bins.dispose()
        gridder.dispose()
      })
    }
  }

  it('is linear, adds up sets of samples, and takes residuals', async () => {
    for (const wLambda of [0, 20_000]) {
      const input = makeCase({ nx: 40, ny: 40, cellRad: 3e-4, wLambda, epsilon: 1e-5, precision: 'f64' })
      const gridder = await createGridder(pool(), input.options)
      const bins = await gridder.bin(input)
      const visibility = input.visibility.map(v => (Number.isNaN(v) ? 0 : v))
      const other = visibility.map((_, k) => Math.sin(k))
      const grid = (v: Float64Array) => gridder.grid([{ bins, visibility: v, weight: input.weight }])
      const sum = await grid(visibility.map((v, k) => 2 * v - 3 * other[k]))
      const [a, b] = [await grid(visibility), await grid(other)]
      expect(
        relativeL2(
          sum,
          a.map((value, k) => 2 * value - 3 * b[k]),
        ),
      ).toBeLessThan(1e-13)
      const both = await gridder.grid([
        { bins, visibility, weight: input.weight },
        { bins, visibility: other, weight: input.weight },
      ])
      expect(
        relativeL2(
          both,
          a.map((value, k) => value + b[k]),
        ),
      ).toBeLessThan(1e-13)
      const predicted = new Float64Array(visibility.length)
      const residual = Float64Array.from(visibility)
      await gridder.degrid(input.model, [{ bins, predicted }])
      await gridder.degrid(input.model, [{ bins, predicted: residual, minuend: residual }])
      expect(
        relativeL2(
          residual,
          visibility.map((v, k) => v - predicted[k]),
        ),
      ).toBeLessThan(1e-14)
      bins.dispose()
      gridder.dispose()
    }
  })

  it('gives the same bits with one worker, with two, and again', async () => {
    for (const wLambda of [0, 20_000]) {
      const wish = { nx: 200, ny: 160, cellRad: 3e-4, wLambda, epsilon: 1e-4, precision: 'f32' as const }
      const input = makeCase({ ...wish, nRow: 4000, nChannel: 16 })
      const images: (Float32Array | Float64Array)[] = []
      const predictions: Float32Array[] = []
      for (const make of [pool, single, pool]) {
        const gridder = await createGridder(make(), input.options)
        const bins = await gridder.bin(input)
        const visibility = Float32Array.from(input.visibility)
        images.push(await gridder.grid([{ bins, visibility, weight: input.weight }]))
        const predicted = new Float32Array(visibility.length)
        await gridder.degrid(Float32Array.from(input.model), [{ bins, predicted }])
        predictions.push(predicted)
        bins.dispose()
        gridder.dispose()
      }
      expect(images[0].some(value => value !== 0)).toBe(true)
      for (const k of [1, 2]) {
        expect(images[k]).toEqual(images[0])
        expect(predictions[k]).toEqual(predictions[0])
      }
    }
  })

  it('does not depend on how many planes fit into memory at once', async () => {
    const input = makeCase({ nx: 64, ny: 64, cellRad: 3e-4, wLambda: 20_000, epsilon: 1e-5, precision: 'f64' })
    const images: (Float32Array | Float64Array)[] = []
    for (const planeBytes of [1, 1e7]) {
      const gridder = await createGridder(pool(), { ...input.options, planeBytes })
      expect(gridder.plan.planesAtOnce === 1).toBe(planeBytes === 1)
      const bins = await gridder.bin(input)
      images.push(await gridder.grid([{ bins, visibility: input.visibility, weight: input.weight }]))
      bins.dispose()
      gridder.dispose()
    }
    expect(relativeL2(images[0], images[1])).toBeLessThan(1e-14)
  })

  it('does not depend on what was in memory before, nor on how near it is to 4 GiB', async () => {
    const high = await createWorkerPool({ threads: 2 })
    const images = new Map<string, Float32Array | Float64Array>()
    try {
      // Reserved but never touched, so it costs address space alone: planes come to lie beyond 3.9 GiB.
      const below = high.arena.uint8(3990 * 2 ** 20)
      for (const junk of [0, Number.NaN]) {
        const block = high.arena.float32(1 << 22).fill(junk)
        expect(block.byteOffset).toBeGreaterThan(3990 * 2 ** 20)
        high.arena.free(block)
        for (const precision of ['f32', 'f64'] as const) {
          for (const wLambda of [0, 20_000]) {
            const input = makeCase({ nx: 61, ny: 50, cellRad: 3e-4, wLambda, epsilon: 1e-4, precision })
            const gridder = await createGridder(high, input.options)
            const bins = await gridder.bin(input)
            const visibility = numbers(precision, input.visibility)
            const image = await gridder.grid([{ bins, visibility, weight: input.weight }])
            const predicted = numbers(precision, new Float64Array(visibility.length))
            await gridder.degrid(numbers(precision, input.model), [{ bins, predicted }])
            const name = `${precision} ${wLambda}`
            if (!images.has(name)) images.set(name, Float64Array.of(...image, ...predicted))
            expect(Float64Array.of(...image, ...predicted), `${name} after ${junk}`).toEqual(images.get(name))
            bins.dispose()
            gridder.dispose()
          }
        }
      }
      await expect(
        createGridder(
          high,
          makeCase({ nx: 8192, ny: 8192, cellRad: 1e-6, wLambda: 0, epsilon: 1e-4, precision: 'f32' }).options,
        ),
      ).rejects.toThrow(/at most 4294967296 bytes/)
      high.arena.free(below)
      expect(high.arena.usedBytes).toBeLessThan(1e7)
    } finally {
      await high.close()
    }
  })

  it('cancels within 200 ms, reports progress, and works again afterwards', async () => {
    const wish = { nx: 700, ny: 700, cellRad: 3e-4, wLambda: 700, epsilon: 1e-5, precision: 'f32' as const }
    const input = makeCase({ ...wish, nRow: 20_000, nChannel: 8 })
    const gridder = await createGridder(pool(), input.options)
    const bins = await gridder.bin(input)
    const samples = [{ bins, visibility: Float32Array.from(input.visibility), weight: input.weight }]
    const seen: number[] = []
    await gridder.grid(samples, null, {
      onProgress: ({ what, done, total }) => seen.push(what === 'gridding' ? done / total : -1),
    })
    expect(seen.length).toBeGreaterThan(1)
    expect(seen.every((value, k) => value >= 0 && value <= 1 && value >= (seen[k - 1] ?? 0))).toBe(true)
    const before = pool().arena.usedBytes
    const controller = new AbortController()
    let aborted = 0
    const abort = () => {
      aborted = performance.now()
      controller.abort(new Error('enough'))
    }
    setTimeout(abort, 60)
    await expect(gridder.grid(samples, null, { signal: controller.signal })).rejects.toThrow('enough')
    expect(performance.now() - aborted).toBeLessThan(200)
    expect(pool().arena.usedBytes).toBe(before)
    await gridder.grid(samples)
    bins.dispose()
    gridder.dispose()
  })

  it('answers zero where there is nothing, and keeps infinities to themselves', async () => {
    const input = makeCase({ nx: 32, ny: 32, cellRad: 3e-4, wLambda: 20_000, epsilon: 1e-5, precision: 'f32' })
    const gridder = await createGridder(pool(), input.options)
    const empty = await gridder.bin({ uvwMetres: new Float64Array(0), frequencyHz: input.frequencyHz })
    const nothing = await gridder.grid([{ bins: empty, visibility: new Float32Array(0), weight: null }])
    expect(nothing.every(value => value === 0)).toBe(true)
    expect((await gridder.grid([])).every(value => value === 0)).toBe(true)
    const bins = await gridder.bin(input)
    const visibility = Float32Array.from(input.visibility)
    const flagged = await gridder.grid([{ bins, visibility, weight: new Float32Array(input.weight.length) }])
    expect(flagged.every(value => value === 0)).toBe(true)
    const poisoned = visibility.map(() => Number.POSITIVE_INFINITY)
    await gridder.grid([{ bins, visibility: poisoned, weight: null }])
    const predicted = new Float32Array(visibility.length)
    await gridder.degrid(Float32Array.from(input.model), [{ bins, predicted }])
    expect(predicted.every(Number.isFinite)).toBe(true)
    await gridder.degrid(new Float32Array(32 * 32), [{ bins, predicted }])
    expect(predicted.every(value => value === 0)).toBe(true)
    bins.dispose()
    gridder.dispose()
  })

  it('refuses what does not fit, by name', async () => {
    const input = makeCase({ nx: 32, ny: 32, cellRad: 3e-4, wLambda: 100, epsilon: 1e-4, precision: 'f32' })
    const gridder = await createGridder(pool(), input.options)
    const bins = await gridder.bin(input)
    const short = new Float32Array(3)
    await expect(gridder.grid([{ bins, visibility: short, weight: null }])).rejects.toThrow(/shape \[90, 5, 2\], got 3/)
    await expect(gridder.grid([{ bins, visibility: null, weight: short }])).rejects.toThrow(/shape \[90, 5\], got 3/)
    await expect(gridder.grid([{ bins, visibility: null, weight: null }], short)).rejects.toThrow(/1024 pixels, got 3/)
    const far = input.uvwMetres.map(x => 400 * x)
    await expect(gridder.bin({ ...input, uvwMetres: far })).rejects.toThrow(/larger maxAbsWLambda/)
    await expect(gridder.bin({ ...input, uvwMetres: new Float64Array(4) })).rejects.toThrow(/\[row, 3\]/)
    await expect(gridder.bin({ ...input, uvwMetres: Float64Array.of(1, 2, Number.NaN) })).rejects.toThrow(/finite uvw/)
    await expect(createGridder(pool(), { ...input.options, epsilon: 1e-6 })).rejects.toThrow(/between 0.00001 and 0.01/)
    await expect(createGridder(pool(), { ...input.options, nx: 0 })).rejects.toThrow(MathError)
    const other = await createGridder(pool(), input.options)
    await expect(other.grid([{ bins, visibility: null, weight: null }])).rejects.toThrow(/bins of this gridder/)
    other.dispose()
    bins.dispose()
    bins.dispose()
    await expect(gridder.grid([{ bins, visibility: null, weight: null }])).rejects.toThrow(/disposed ones/)
    gridder.dispose()
    await expect(gridder.grid([])).rejects.toThrow(/disposed/)
  })
})
