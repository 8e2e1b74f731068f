import { type Correlation, FLAGGED_BY_ROW, type Stokes } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import type { MajorCycle } from './major-cycle.ts'
import { openMajorCycle } from './open-major-cycle.ts'
import { pointSourceObservation, type SimulationOptions } from './point-source-observation.reference.ts'

const CELL = 1.2e-5
const N = 64

function definition(changes: Partial<ImageDefinition> = {}): ImageDefinition {
  return {
    nx: N,
    ny: N,
    cellRad: [CELL, CELL],
    phaseCentre: null,
    projection: 'SIN',
    stokes: ['I'],
    spectral: { mode: 'mfs', frame: 'LSRK', referenceHz: null, restFrequencyHz: null },
    ...changes,
  }
}

function open(simulation: SimulationOptions, changes: Partial<ImageDefinition> = {}): Promise<MajorCycle> {
  return openMajorCycle([pointSourceObservation(simulation)], [{}], {
    image: definition(changes),
    weighting: { kind: 'natural' },
  })
}

/** A source that stands on pixel (x, y). */
function onPixel(x: number, y: number, stokes: [number, number, number, number]) {
  return { l: -(x - N / 2) * CELL, m: (y - N / 2) * CELL, stokes }
}

describe('openMajorCycle', () => {
  it('puts a source at its pixel: x falls towards the east, y grows towards the north', async () => {
    const cycle = await open({ sources: [onPixel(20, 45, [2, 0, 0, 0])] })
    const dirty = await cycle.makeResidual(null)
    const peak = dirty.indexOf(Math.max(...dirty))
    expect([peak % N, Math.floor(peak / N)]).toEqual([20, 45])
    expect(dirty[peak]).toBeCloseTo(2, 4)
  })

  it('normalises the PSF to 1 at the reference pixel', async () => {
    const cycle = await open({ sources: [] })
    const psf = await cycle.makePsf()
    expect(psf[N / 2 + N * (N / 2)]).toBeCloseTo(1, 5)
    expect(Math.max(...psf)).toBe(psf[N / 2 + N * (N / 2)])
  })

  it.each<[string, Stokes[], Correlation[]]>([
    ['circular', ['I', 'Q', 'U', 'V'], ['RR', 'RL', 'LR', 'LL']],
    ['circular, in UVFITS order', ['I', 'Q', 'U', 'V'], ['RR', 'LL', 'RL', 'LR']],
    ['linear', ['I', 'Q', 'U', 'V'], ['XX', 'XY', 'YX', 'YY']],
    ['stokes', ['I', 'Q', 'U', 'V'], ['I', 'Q', 'U', 'V']],
    ['two hands', ['I', 'V'], ['RR', 'LL']],
  ])('recovers all Stokes parameters from %s feeds', async (_name, stokes, correlations) => {
    const truth = { I: 1, Q: 0.3, U: -0.2, V: 0.1 }
    const cycle = await open({ sources: [onPixel(N / 2, N / 2, [1, 0.3, -0.2, 0.1])], correlations }, { stokes })
    const dirty = await cycle.makeResidual(null)
    stokes.forEach((name, plane) => {
      expect(dirty[plane * N * N + N / 2 + N * (N / 2)]).toBeCloseTo(truth[name as 'I'], 4)
    })
  })

  it('images single correlations and refuses those that are not there', async () => {
    const sources = [onPixel(N / 2, N / 2, [1, 0, 0, 0.25])]
    const cycle = await open({ sources }, { stokes: ['RR', 'LL'] })
    const dirty = await cycle.makeResidual(null)
    expect(dirty[N / 2 + (N / 2) * N]).toBeCloseTo(1.25, 4)
    expect(dirty[N * N + N / 2 + (N / 2) * N]).toBeCloseTo(0.75, 4)
    await expect(open({ sources }, { stokes: ['XX'] })).rejects.toThrow(/Stokes XX.*RR, RL, LR, LL/)
    await expect(open({ sources, correlations: ['RR', 'LL'] }, { stokes: ['Q'] })).rejects.toThrow(/Stokes Q/)
  })

  it('leaves nothing when the model is the sky', async () => {
    const sources = [onPixel(30, 37, [1, 0, 0, 0]), onPixel(12, 50, [0.5, 0, 0, 0])]
    const cycle = await open({ sources, wFraction: 0 })
    const model = new Float32Array(N * N)
    model[30 + N * 37] = 1
    model[12 + N * 50] = 0.5
    const residual = await cycle.makeResidual(model)
    expect(Math.max(...residual.map(Math.abs))).toBeLessThan(1e-5)
  })

  it('follows another phase centre with baselines and phases', async () => {
    const [dl, dm] = [40 * CELL, -25 * CELL]
    const fieldCentre = { frame: 'J2000', longitudeRad: 1.2, latitudeRad: 0.6 } as const
    const n = Math.sqrt(1 - dl * dl - dm * dm)
    const latitudeRad = Math.asin(dm * Math.cos(0.6) + n * Math.sin(0.6))
    const longitudeRad = 1.2 + Math.atan2(dl, n * Math.cos(0.6) - dm * Math.sin(0.6))
    const cycle = await open(
      { sources: [{ l: dl, m: dm, stokes: [1, 0, 0, 0] }], phaseCentre: fieldCentre },
      { phaseCentre: { frame: 'J2000', longitudeRad, latitudeRad } },
    )
    const dirty = await cycle.makeResidual(null)
    expect(dirty[N / 2 + N * (N / 2)]).toBeCloseTo(1, 4)
    expect(cycle.coordinates.direction.referenceRad).toEqual([longitudeRad, latitudeRad])
  })

  it('spans all channels with one in mfs, and takes rest and reference frequencies when given', async () => {
    const { spectral } = (await open({ sources: [] })).coordinates
    expect(spectral).toMatchObject({ referenceHz: 1.405e9, incrementHz: 2e7, restFrequencyHz: 1.405e9 })
    const given = { mode: 'mfs', frame: 'LSRK', referenceHz: 1.5e9, restFrequencyHz: 1.42e9 } as const
    const other = (await open({ sources: [] }, { spectral: given })).coordinates.spectral
    expect(other).toMatchObject({ referenceHz: 1.5e9, incrementHz: 2.1e8, restFrequencyHz: 1.42e9 })
  })

  it('gives bit-equal images from run to run', async () => {
    const simulation = { sources: [onPixel(20, 45, [2, 0, 0, 0])] }
    const first = await (await open(simulation)).makeResidual(null)
    const second = await (await open(simulation)).makeResidual(null)
    expect(second).toEqual(first)
  })
})

describe('weights and flags', () => {
  const sources = [onPixel(N / 2, N / 2, [1, 0, 0, 0.5])]
  const sum = (weights: ArrayLike<number>) => Array.from(weights).reduce((total, w) => total + w, 0)

  it('counts (first + last)/2 in every plane, twice for Stokes I alone', async () => {
    const spoil: SimulationOptions['spoil'] = chunk => {
      for (let j = 0; j < chunk.weight.length; j += 4) chunk.weight.set([1, 100, 100, 3], j)
    }
    const nSample = 600
    expect(sum((await open({ sources, spoil })).sumWeight)).toBeCloseTo(2 * 2 * nSample, 6)
    const four = (await open({ sources, spoil }, { stokes: ['I', 'Q', 'U', 'V'] })).sumWeight
    expect(Array.from(four)).toEqual([2 * nSample, 2 * nSample, 2 * nSample, 2 * nSample])
    expect(Array.from((await open({ sources, spoil }, { stokes: ['RR'] })).sumWeight)).toEqual([2 * nSample])
  })

  it('drops a sample with any flagged correlation; pseudoI uses the other hand', async () => {
    const spoil: SimulationOptions['spoil'] = chunk => {
      chunk.weight.fill(1)
      for (let j = 0; j < chunk.flag.length / 2; j += 4) chunk.flag[j] = 1
      for (let j = 0; j < chunk.flag.length / 2; j += 4) chunk.visibility.fill(Number.NaN, 2 * j, 2 * j + 2)
    }
    const strict = await open({ sources, spoil })
    expect(strict.census).toMatchObject({ nRead: 600, nUsed: 300, nFlagged: 300 })
    expect((await strict.makeResidual(null))[N / 2 + N * (N / 2)]).toBeCloseTo(1, 4)
    const pseudo = await open({ sources, spoil }, { pseudoI: true })
    expect(pseudo.census.nUsed).toBe(600)
    const wanted = (300 * 1 + 300 * 0.5 * 0.5) / (300 + 150)
    expect((await pseudo.makeResidual(null))[N / 2 + N * (N / 2)]).toBeCloseTo(wanted, 4)
  })

  it('counts samples of flagged rows in the uv density, though it never grids them', async () => {
    const weighting = { kind: 'uniform' } as const
    const twin =
      (flag: number): SimulationOptions['spoil'] =>
      chunk => {
        chunk.uvwMetres.copyWithin(3, 0, 3)
        chunk.weight.fill(1)
        chunk.flag.fill(flag, 4)
      }
    const options = { nRow: 2, frequencyHz: [1.4e9], sources }
    const weights = async (flag: number) => {
      const observation = pointSourceObservation({ ...options, spoil: twin(flag) })
      return (await openMajorCycle([observation], [{}], { image: definition({ stokes: ['V'] }), weighting })).sumWeight
    }
    expect((await weights(1))[0]).toBeCloseTo(1, 12)
    expect((await weights(FLAGGED_BY_ROW))[0]).toBeCloseTo(1 / 2, 12)
  })

  it('leaves out samples beyond the uv grid and says so', async () => {
    const cycle = await open({ sources }, { cellRad: [1.6e-4, 2.6e-5] })
    expect(cycle.census.nOffGrid).toBeGreaterThan(0)
    expect(cycle.census.nUsed + cycle.census.nOffGrid).toBe(600)
  })

  it('refuses pixels too coarse for every sample', async () => {
    await expect(open({ sources }, { cellRad: [0.1, 0.1] })).rejects.toThrow(/all 600 lie outside/)
  })

  it('refuses data of which nothing is left', async () => {
    await expect(open({ sources, spoil: chunk => chunk.flag.fill(1) })).rejects.toThrow(/600 are flagged/)
    await expect(open({ sources, nRow: 0 })).rejects.toThrow(ImagingError)
  })
})

describe('refusals and interruption', () => {
  it.each<[Partial<ImageDefinition>, RegExp]>([
    [{ nx: 0 }, /at least 1 pixel, got 0 \(nx\)/],
    [{ ny: 2.5 }, /got 2.5 \(ny\)/],
    [{ cellRad: [0, 1] }, /positive pixel sizes/],
    [{ stokes: [] }, /at least one Stokes/],
    [{ projection: 'TAN' }, /projection SIN, got TAN/],
  ])('refuses %o', async (changes, message) => {
    await expect(open({ sources: [] }, changes)).rejects.toThrow(message)
  })

  it('refuses a model with NaN or of another size, and any call after dispose', async () => {
    const cycle = await open({ sources: [onPixel(3, 3, [1, 0, 0, 0])] })
    await expect(cycle.makeResidual(new Float32Array(5))).rejects.toThrow(/got 5 values/)
    await expect(cycle.makeResidual(new Float32Array(N * N).fill(Number.NaN))).rejects.toThrow(/NaN/)
    cycle.dispose()
    await expect(cycle.makePsf()).rejects.toThrow(/disposed/)
  })

  it('stops when asked to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('enough'))
    const cycle = await open({ sources: [onPixel(3, 3, [1, 0, 0, 0])] })
    await expect(cycle.makePsf({ signal: stop.signal })).rejects.toThrow('enough')
  })

  it('images few pixels', async () => {
    const cycle = await open({ sources: [{ l: 0, m: 0, stokes: [1, 0, 0, 0] }] }, { nx: 12, ny: 10 })
    const dirty = await cycle.makeResidual(null)
    expect(dirty).toHaveLength(120)
    expect(dirty[6 + 12 * 5]).toBeCloseTo(1, 5)
  })

  it('warns when the w term matters and is silent when not', async () => {
    const lines: string[] = []
    const observation = pointSourceObservation({ sources: [], maxBaselineMetres: 1000 })
    const weighting = { kind: 'natural' } as const
    const onLog = (line: string) => lines.push(line)
    await openMajorCycle([observation], [{}], { image: definition(), weighting }, { onLog })
    expect(lines.join()).not.toMatch(/w term/)
    const wide = definition({ nx: 2000, ny: 2000 })
    await openMajorCycle([observation], [{}], { image: wide, weighting }, { onLog })
    expect(lines.join()).toMatch(/w term neglected, up to .* rad/)
  })
})
