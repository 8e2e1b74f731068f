import type { Correlation, ImageShape, VisibilityChunk } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { openMajorCycle } from './open-major-cycle.ts'
import { pointSourceObservation, type SimulationOptions } from './point-source-observation.reference.ts'
import { type PredictedImage, predictVisibilities } from './predict-visibilities.ts'

const CELL = 1.2e-5
const N = 64
const STOKES = ['I', 'Q', 'U', 'V'] as const
const FLUXES: [number, number, number, number] = [1, 0.3, -0.2, 0.1]

/** Predicts a point of the given fluxes on pixel (x, y) of each image; the last Taylor term carries the same flux. */
async function predict(
  simulation: SimulationOptions,
  nTerm = 1,
): Promise<{ chunk: VisibilityChunk; got: Float32Array }> {
  const observation = pointSourceObservation(simulation)
  const { coordinates } = await openMajorCycle([observation], [{}], {
    image: {
      nx: N,
      ny: N,
      cellRad: [CELL, CELL],
      phaseCentre: null,
      projection: 'SIN',
      stokes: STOKES,
      spectral: { mode: 'mfs', frame: 'LSRK', referenceHz: 1.4e9, restFrequencyHz: null },
    },
    weighting: { kind: 'natural' },
  })
  const shape: ImageShape = [N, N, STOKES.length, 1]
  const model = new Float32Array(nTerm * N * N * STOKES.length)
  for (let plane = 0; plane < nTerm * STOKES.length; plane++) model[plane * N * N + 20 + N * 45] = FLUXES[plane % 4]
  const image: PredictedImage = { coordinates, shape, model, wTerm: 'auto' }
  for await (const { chunk, visibility } of predictVisibilities([observation], [{}], [image], { epsilon: 1e-6 })) {
    return { chunk, got: visibility }
  }
  throw new Error('nothing was predicted')
}

const SOURCE = { l: -(20 - N / 2) * CELL, m: (45 - N / 2) * CELL, stokes: FLUXES }

function worstDifference(a: Float32Array, b: ArrayLike<number>): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0)
}

describe('predictVisibilities', () => {
  it.each<[string, Correlation[]]>([
    ['circular', ['RR', 'RL', 'LR', 'LL']],
    ['linear', ['XX', 'XY', 'YX', 'YY']],
    ['Stokes', ['I', 'Q', 'U', 'V']],
  ])('gives the visibilities of a point source in %s correlations, w included', async (_name, correlations) => {
    const { chunk, got } = await predict({ sources: [SOURCE], correlations })
    expect(worstDifference(got, chunk.visibility)).toBeLessThan(1e-5)
  })

  it('multiplies Taylor terms by powers of the distance from the reference frequency', async () => {
    const frequencyHz = [1.4e9, 1.54e9]
    const { chunk, got } = await predict({ sources: [SOURCE], frequencyHz }, 2)
    const wanted = chunk.visibility.map((value, i) => value * (Math.floor(i / 8) % 2 === 0 ? 1 : 1.1))
    expect(worstDifference(got, wanted)).toBeLessThan(1e-5)
  })

  it('leaves flagged samples at zero', async () => {
    const { chunk, got } = await predict({
      sources: [SOURCE],
      spoil: chunk => {
        chunk.flag[5] = 1
      },
    })
    expect([...got.subarray(8, 16)]).toEqual(new Array(8).fill(0))
    expect(worstDifference(got.subarray(16), chunk.visibility.subarray(16))).toBeLessThan(1e-5)
  })
})
