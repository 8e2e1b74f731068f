import { createPacer } from '@cleanbeam/math'
import { describe, expect, it } from 'vitest'
import { directImage, directVisibilities } from './fourier-sum.reference.ts'
import { createGridder, createTapSpace, imageToSampleGrid, readSample, samplesToImage } from './gridder.ts'
import { type RandomSamples, randomSamples } from './random-samples.reference.ts'

const CELL: readonly [number, number] = [2e-5, 1.5e-5]

function plane0(samples: RandomSamples): (s: number, pair: Float64Array) => void {
  return (s, pair) => {
    pair[0] = samples.visibility[2 * samples.nPlane * s]
    pair[1] = samples.visibility[2 * samples.nPlane * s + 1]
  }
}

async function visibilitiesOf(image: Float64Array, nx: number, ny: number, samples: RandomSamples, epsilon: number) {
  const gridder = createGridder(nx, ny, CELL, epsilon)
  const grid = await imageToSampleGrid(gridder, image, createPacer())
  const taps = createTapSpace(gridder)
  const out = new Float64Array(2 * samples.nSample)
  const pair = new Float64Array(2)
  for (let s = 0; s < samples.nSample; s++) {
    readSample(gridder, grid, samples.uLambda[s], samples.vLambda[s], taps, pair)
    out.set(pair, 2 * s)
  }
  return out
}

/** As the gridder takes them. */
function weighted(samples: RandomSamples) {
  return { ...samples, weight: samples.imagingWeight }
}

const SHAPES = [
  { nx: 32, ny: 32 },
  { nx: 48, ny: 30 },
  { nx: 33, ny: 35 },
  { nx: 1, ny: 1 },
]

describe.each(SHAPES)('gridding onto $nx × $ny pixels', ({ nx, ny }) => {
  const samples = randomSamples({ count: 200, cellRad: CELL, seed: nx })

  it.each([1e-3, 1e-5, 1e-7, 1e-9])('keeps within epsilon %f of the direct sum', async epsilon => {
    const gridder = createGridder(nx, ny, CELL, epsilon)
    const image = await samplesToImage(gridder, weighted(samples), plane0(samples), createPacer())
    const want = directImage(samples, nx, ny, CELL)
    const sumWeight = samples.imagingWeight.reduce((sum, w) => sum + w, 0)
    let worst = 0
    image.forEach((value, j) => {
      worst = Math.max(worst, Math.abs(value - want[j]) / sumWeight)
    })
    expect(worst, `worst ${worst} of the peak of a point source`).toBeLessThan(epsilon)
  })

  it.each([1e-3, 1e-5, 1e-7, 1e-9])('degrids within epsilon %f of the direct sum', async epsilon => {
    const model = randomModel(nx, ny)
    const got = await visibilitiesOf(model, nx, ny, samples, epsilon)
    const want = directVisibilities(model, nx, ny, CELL, samples.uLambda, samples.vLambda)
    const flux = model.reduce((sum, value) => sum + Math.abs(value), 0)
    const worst = Math.max(...got.map((value, j) => Math.abs(value - want[j]))) / flux
    expect(worst, `worst ${worst} of the total flux`).toBeLessThan(epsilon)
  })

  it('has degridding as the adjoint of gridding', async () => {
    const model = randomModel(nx, ny)
    const gridder = createGridder(nx, ny, CELL, 1e-5)
    const visibilities = await visibilitiesOf(model, nx, ny, samples, 1e-5)
    const image = await samplesToImage(gridder, weighted(samples), plane0(samples), createPacer())
    let inImage = 0
    let inVisibilities = 0
    image.forEach((value, j) => {
      inImage += value * model[j]
    })
    for (let s = 0; s < samples.nSample; s++) {
      const re = samples.visibility[2 * s * samples.nPlane]
      const im = samples.visibility[2 * s * samples.nPlane + 1]
      inVisibilities += samples.imagingWeight[s] * (re * visibilities[2 * s] + im * visibilities[2 * s + 1])
    }
    const scale = Math.sqrt(image.reduce((t, v) => t + v * v, 0) * model.reduce((t, v) => t + v * v, 0))
    expect(Math.abs(inImage - inVisibilities) / scale).toBeLessThan(1e-12)
  })
})

function randomModel(nx: number, ny: number): Float64Array {
  const model = new Float64Array(nx * ny)
  model[0] = 0.5
  model[nx * ny - 1] = -0.25
  model[(nx >> 1) + nx * (ny >> 1)] = 1
  model[Math.floor(nx * ny * 0.3)] = 0.7
  return model
}

describe('gridding of odd input', () => {
  it('makes an image of zeros from no samples', async () => {
    const none = randomSamples({ count: 0, cellRad: CELL, seed: 1 })
    const image = await samplesToImage(createGridder(16, 16, CELL, 1e-5), weighted(none), plane0(none), createPacer())
    expect(image.every(value => value === 0)).toBe(true)
  })

  it('is linear and bit-equal from run to run', async () => {
    const samples = randomSamples({ count: 300, cellRad: CELL, seed: 5 })
    const gridder = createGridder(24, 24, CELL, 1e-5)
    const once = await samplesToImage(gridder, weighted(samples), plane0(samples), createPacer())
    const again = await samplesToImage(gridder, weighted(samples), plane0(samples), createPacer())
    expect(again).toEqual(once)
    const source = plane0(samples)
    const tripled = await samplesToImage(
      gridder,
      weighted(samples),
      (s, pair) => {
        source(s, pair)
        pair[0] *= 3
        pair[1] *= 3
      },
      createPacer(),
    )
    const peak = Math.max(...once.map(Math.abs))
    const worst = Math.max(...tripled.map((value, j) => Math.abs(value - 3 * once[j]))) / peak
    expect(worst).toBeLessThan(1e-14)
  })
})
