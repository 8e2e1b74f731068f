import type { KernelPool } from '@cleanbeam/math'
import { createWorkerPool } from '@cleanbeam/math/node'
import type { Observation } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DirectImage, directDirty, directPrediction, directSamples } from '../direct-major-cycle.reference.ts'
import type { ImageDefinition, SpectralDefinition } from '../image-definition.ts'
import type { MajorCycle, MajorCycleOptions } from '../major-cycle.ts'
import { openMajorCycle } from '../open-major-cycle.ts'
import { pointSourceObservation } from '../point-source-observation.reference.ts'

const N = 40
const MFS: SpectralDefinition = { mode: 'mfs', frame: 'LSRK', referenceHz: 1.43e9, restFrequencyHz: null }
const CHANNELS = Array.from({ length: 8 }, (_, c) => 1.4e9 + c * 1e7)

let pool: KernelPool
beforeAll(async () => {
  pool = await createWorkerPool({ threads: 2 })
})
afterAll(() => pool.close())

/** Deep in w: up to 30 radians at the corners, but for a `wFraction` of 0. */
function observe(wFraction = 3, nRow = 200): Observation {
  const sources = [
    { l: 12 * 4e-4, m: -7 * 4e-4, stokes: [1, 0, 0, 0.1] },
    { l: -15.3 * 4e-4, m: 16.6 * 4e-4, stokes: [0.6, 0, 0, 0] },
  ] as const
  return pointSourceObservation({ sources, nRow, frequencyHz: CHANNELS, maxBaselineMetres: 200, wFraction })
}

/** The same rows in small pieces, as a file would give them. */
function inPieces(observation: Observation, rows: number): Observation {
  return {
    ...observation,
    async *chunks(selection) {
      for await (const chunk of observation.chunks(selection)) {
        for (let first = 0; first < chunk.nRow; first += rows) {
          const n = Math.min(rows, chunk.nRow - first)
          const perRow = chunk.nChannel * chunk.nCorrelation
          yield {
            ...chunk,
            nRow: n,
            rowNumber: chunk.rowNumber.subarray(first, first + n),
            timeMjdSeconds: chunk.timeMjdSeconds.subarray(first, first + n),
            antenna1: chunk.antenna1.subarray(first, first + n),
            antenna2: chunk.antenna2.subarray(first, first + n),
            uvwMetres: chunk.uvwMetres.subarray(3 * first, 3 * (first + n)),
            visibility: chunk.visibility.subarray(2 * first * perRow, 2 * (first + n) * perRow),
            weight: chunk.weight.subarray(first * perRow, (first + n) * perRow),
            flag: chunk.flag.subarray(first * perRow, (first + n) * perRow),
          }
        }
      }
    },
  }
}

const CELL = 4e-4

function open(observation: Observation, options: Partial<MajorCycleOptions>, image: Partial<ImageDefinition> = {}) {
  return openMajorCycle([observation], [{}], {
    image: {
      nx: N,
      ny: N,
      cellRad: [CELL, CELL],
      phaseCentre: null,
      projection: 'SIN',
      stokes: ['I'],
      spectral: MFS,
      ...image,
    },
    weighting: { kind: 'natural' },
    ...options,
  })
}

function relativeL2(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0
  let norm = 0
  for (let j = 0; j < b.length; j++) {
    difference += (a[j] - b[j]) ** 2
    norm += b[j] ** 2
  }
  return Math.sqrt(difference / norm)
}

function someModel(scale = 1): Float32Array {
  const model = new Float32Array(N * N)
  model[28 + N * 13] = 0.9 * scale
  model[7 + N * 30] = -0.2 * scale
  model[20 + N * 20] = 0.3 * scale
  model[39 + N * 39] = 0.25 * scale
  return model
}

const direct = (withW: boolean): DirectImage => ({ n: N, cellRad: CELL, withW })

async function errorsOf(cycle: MajorCycle, observation: Observation, withW: boolean) {
  const samples = await directSamples(observation)
  const ones = samples.visibility.map((_, k) => 1 - (k % 2))
  const predicted = directPrediction(direct(withW), samples, someModel())
  const residual = samples.visibility.map((value, k) => value - predicted[k])
  return {
    psf: relativeL2(await cycle.makePsf(), directDirty(direct(withW), samples, ones)),
    dirty: relativeL2(await cycle.makeResidual(null), directDirty(direct(withW), samples, samples.visibility)),
    residual: relativeL2(await cycle.makeResidual(someModel()), directDirty(direct(withW), samples, residual)),
  }
}

describe('images against the direct sum', () => {
  const ways = [
    { way: 'kernels', wTerm: 'ignore' },
    { way: 'kernels', wTerm: 'auto' },
    { way: 'plain', wTerm: 'ignore' },
    { way: 'plain', wTerm: 'auto' },
  ] as const
  for (const { way, wTerm } of ways) {
    it.each([1e-3, 1e-4, 1e-5, 1e-6, 1e-7])(`${way}, w ${wTerm}: within epsilon %f`, async epsilon => {
      const observation = observe()
      const cycle = await open(observation, { epsilon, wTerm, pool: way === 'kernels' ? pool : undefined })
      const errors = await errorsOf(cycle, observation, wTerm === 'auto')
      cycle.dispose()
      const worst = Math.max(errors.psf, errors.dirty, errors.residual)
      // Images are float32: what is below 6e-8 of the peak is rounded off.
      expect(worst, JSON.stringify(errors)).toBeLessThan(epsilon + 1e-7)
    })
  }

  it('takes w along only where it matters', async () => {
    const flat = observe(1e-9)
    const cycle = await open(flat, { epsilon: 1e-5, wTerm: 'auto', pool })
    expect((await errorsOf(cycle, flat, false)).dirty).toBeLessThan(1e-5)
    cycle.dispose()
    const deep = observe()
    const ignoring = await open(deep, { epsilon: 1e-5, wTerm: 'ignore', pool })
    expect((await errorsOf(ignoring, deep, true)).dirty).toBeGreaterThan(0.1)
    ignoring.dispose()
  })
})

describe('Taylor terms', () => {
  it.each(['kernels', 'plain'])('weight by powers of (ν − ν0)/ν0, %s', async way => {
    const observation = observe(0)
    const cycle = await open(observation, { nTerm: 2, pool: way === 'kernels' ? pool : undefined })
    const samples = await directSamples(observation)
    const x = samples.frequencyHz.map(hz => (hz - 1.43e9) / 1.43e9)
    const image = direct(false)
    const ones = samples.visibility.map((_, k) => 1 - (k % 2))
    const psf = await cycle.makePsf()
    expect(psf.length).toBe(3 * N * N)
    for (let t = 0; t < 3; t++) {
      const want = directDirty(image, samples, ones, s => x[s] ** t)
      expect(relativeL2(psf.subarray(t * N * N, (t + 1) * N * N), want)).toBeLessThan(1e-5)
      const sum = samples.weight.reduce((all, weight, s) => all + weight * x[s] ** t, 0)
      expect(Math.abs(cycle.sumWeight[t] / (2 * sum) - 1)).toBeLessThan(1e-6)
    }
    const model = Float32Array.of(...someModel(), ...someModel(-0.7))
    const [first, second] = [someModel(), someModel(-0.7)].map(term => directPrediction(image, samples, term))
    const residual = samples.visibility.map((value, k) => value - first[k] - x[k >> 1] * second[k])
    const got = await cycle.makeResidual(model)
    for (let t = 0; t < 2; t++) {
      const want = directDirty(image, samples, residual, s => x[s] ** t)
      expect(relativeL2(got.subarray(t * N * N, (t + 1) * N * N), want)).toBeLessThan(2e-5)
    }
    cycle.dispose()
  })
})

describe('instant residuals', () => {
  const cube: SpectralDefinition = {
    mode: 'cubedata',
    frame: 'LSRK',
    start: null,
    width: { kind: 'channel', channel: 2 },
    nChannel: 4,
    velocityConvention: 'radio',
    restFrequencyHz: null,
    interpolation: 'nearest',
  }
  it.each([
    ['mfs', MFS, 1, 1e-5],
    ['mfs in double precision', MFS, 1, 1e-7],
    ['two Taylor terms', MFS, 2, 1e-5],
    ['cube', cube, 1, 1e-5],
  ] as const)('are the exact ones within epsilon: %s', async (_name, spectral, nTerm, epsilon) => {
    const options = { pool, instant: 'always', nTerm, epsilon } as const
    const cycle = await open(observe(), options, { spectral, stokes: ['I', 'V'] })
    const planes = 2 * nTerm * cycle.shape[3]
    const model = Float32Array.from({ length: planes * N * N }, (_, j) => someModel()[j % (N * N)] * (1 + (j >> 11)))
    const exact = await cycle.makeResidual(model)
    const instant = await cycle.makeInstantResidual(model)
    expect(instant).not.toBeNull()
    const error = relativeL2(instant ?? [], exact)
    expect(error, `${error}`).toBeLessThan(2 * epsilon + 1e-7)
    expect(await cycle.makeInstantResidual(model)).toEqual(instant)
    cycle.dispose()
  })

  it('are not made with a w term that matters, nor without kernels, nor where they save nothing', async () => {
    const model = someModel()
    for (const options of [{ pool, wTerm: 'auto', instant: 'always' }, { instant: 'always' }, { pool }] as const) {
      const cycle = await open(observe(3, 'instant' in options ? 200 : 20), options)
      expect(await cycle.makeInstantResidual(model)).toBeNull()
      cycle.dispose()
    }
  })
})

describe('memory and threads', () => {
  it('reads again what does not fit, to the same images within epsilon', async () => {
    const weighting = { kind: 'briggs', robust: 0 } as const
    const pieces = inPieces(observe(), 10)
    const whole = await open(pieces, { pool, weighting, wTerm: 'auto' })
    const logged: string[] = []
    const definition = { pool, weighting, wTerm: 'auto', memoryBytes: 6e4 } as const
    const streamed = await openMajorCycle(
      [pieces],
      [{}],
      {
        image: {
          nx: N,
          ny: N,
          cellRad: [CELL, CELL],
          phaseCentre: null,
          projection: 'SIN',
          stokes: ['I'],
          spectral: MFS,
        },
        ...definition,
      },
      { onLog: line => logged.push(line) },
    )
    expect([whole.isReadingAgain, streamed.isReadingAgain]).toEqual([false, true])
    expect(logged.join()).toMatch(/read again/)
    expect(streamed.census).toEqual(whole.census)
    expect(relativeL2(streamed.sumWeight, whole.sumWeight)).toBeLessThan(1e-12)
    const before = pool.arena.usedBytes
    expect(relativeL2(await streamed.makePsf(), await whole.makePsf())).toBeLessThan(2e-5)
    const model = someModel()
    expect(relativeL2(await streamed.makeResidual(model), await whole.makeResidual(model))).toBeLessThan(2e-5)
    expect(pool.arena.usedBytes).toBe(before)
    whole.dispose()
    streamed.dispose()
  })

  it('gives the same bits with any number of workers, and all memory back', async () => {
    const images: Float32Array[] = []
    for (const threads of [1, 2, 3]) {
      const own = await createWorkerPool({ threads })
      const empty = own.arena.usedBytes
      const cycle = await open(observe(), { pool: own, wTerm: 'auto' })
      images.push(Float32Array.of(...(await cycle.makePsf()), ...(await cycle.makeResidual(someModel()))))
      cycle.dispose()
      // The pool keeps the workers' scratch space.
      expect(own.arena.usedBytes - empty).toBeLessThan(2e6 * threads)
      await own.close()
    }
    expect(images[1]).toEqual(images[0])
    expect(images[2]).toEqual(images[0])
  })
})

describe('progress and cancellation', () => {
  const many = () => {
    const few = observe(3, 200)
    return {
      ...few,
      async *chunks(selection: Parameters<Observation['chunks']>[0]) {
        for (let k = 0; k < 200; k++) yield* few.chunks(selection)
      },
    }
  }

  it('stops within 200 ms of being asked to, reading or transforming, and goes on afterwards', async () => {
    const stops = async (start: (signal: AbortSignal) => Promise<unknown>): Promise<number> => {
      const controller = new AbortController()
      let asked = 0
      setTimeout(() => {
        asked = performance.now()
        controller.abort(new Error('enough'))
      }, 40)
      await expect(start(controller.signal)).rejects.toThrow('enough')
      return performance.now() - asked
    }
    const image = {
      nx: 800,
      ny: 800,
      cellRad: [CELL, CELL],
      phaseCentre: null,
      projection: 'SIN',
      stokes: ['I'],
      spectral: MFS,
    } as const
    const options = { image, weighting: { kind: 'briggs', robust: 0 }, pool, wTerm: 'auto' } as const
    const before = pool.arena.usedBytes
    expect(await stops(signal => openMajorCycle([many()], [{}], options, { signal }))).toBeLessThan(200)
    expect(pool.arena.usedBytes).toBeLessThanOrEqual(before)
    const seen: number[] = []
    const cycle = await openMajorCycle([many()], [{}], options)
    const held = pool.arena.usedBytes
    const model = new Float32Array(800 * 800).fill(1e-6)
    expect(await stops(signal => cycle.makePsf({ signal }))).toBeLessThan(200)
    expect(await stops(signal => cycle.makeResidual(model, { signal }))).toBeLessThan(200)
    await cycle.makeResidual(model, { onProgress: ({ done, total }) => seen.push(done / total) })
    expect(seen.length).toBeGreaterThan(2)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen[seen.length - 1]).toBe(1)
    // The pool's scratch space may have grown.
    expect(pool.arena.usedBytes - held).toBeLessThan(1e7)
    cycle.dispose()
  })
})

describe('several fields', () => {
  it.each(['kernels', 'plain'])('take the models of all of them off the data, %s', async way => {
    const [dl, dm] = [0.04, -0.025]
    const field = { frame: 'J2000', longitudeRad: 1.2, latitudeRad: 0.6 } as const
    const n = Math.sqrt(1 - dl * dl - dm * dm)
    const aside = {
      frame: 'J2000',
      longitudeRad: 1.2 + Math.atan2(dl, n * Math.cos(0.6) - dm * Math.sin(0.6)),
      latitudeRad: Math.asin(dm * Math.cos(0.6) + n * Math.sin(0.6)),
    } as const
    const sources = [
      { l: 0, m: 0, stokes: [1, 0, 0, 0] },
      { l: dl, m: dm, stokes: [0.7, 0, 0, 0] },
    ] as const
    const observation = pointSourceObservation({
      sources,
      nRow: 200,
      frequencyHz: CHANNELS,
      maxBaselineMetres: 150,
      phaseCentre: field,
    })
    const cubes: SpectralDefinition = {
      mode: 'cubedata',
      frame: 'LSRK',
      start: { kind: 'frequency', hz: 1.4035e9 },
      width: { kind: 'frequency', hz: 1.2e7 },
      nChannel: 5,
      velocityConvention: 'radio',
      restFrequencyHz: null,
      interpolation: 'nearest',
    }
    for (const spectral of [MFS, cubes]) {
      const options = { pool: way === 'kernels' ? pool : undefined } as const
      const main = await open(observation, options, { spectral })
      const outlier = await open(observation, options, { spectral, phaseCentre: aside, nx: 24, ny: 20 })
      const mainModel = new Float32Array(N * N * main.shape[3])
      const outlierModel = new Float32Array(24 * 20 * main.shape[3])
      for (let channel = 0; channel < main.shape[3]; channel++) {
        mainModel[20 + N * 20 + channel * N * N] = 1
        outlierModel[12 + 24 * 10 + channel * 480] = 0.7
      }
      const alone = await main.makeResidual(mainModel)
      const both = await main.makeResidual(mainModel, {}, [{ majorCycle: outlier, model: outlierModel }])
      const other = await outlier.makeResidual(outlierModel, {}, [{ majorCycle: main, model: mainModel }])
      const worst = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(worst(alone)).toBeGreaterThan(0.05)
      expect(Math.max(worst(both), worst(other)), `${worst(both)}, ${worst(other)}`).toBeLessThan(1e-5)
      main.dispose()
      outlier.dispose()
    }
  })

  it('refuses a field with other channels', async () => {
    const main = await open(observe(), { pool })
    const odd = await open(observe(), { pool }, { stokes: ['I', 'V'] })
    const others = [{ majorCycle: odd, model: new Float32Array(2 * N * N) }]
    await expect(main.makeResidual(null, {}, others)).rejects.toThrow(/1 Stokes planes.*got 1 and 2/)
    main.dispose()
    odd.dispose()
  })
})
