import { describe, expect, it } from 'vitest'
import { groupBeam, wideImage } from './mosaic-beams.ts'
import type { MosaicGroup } from './mosaic-pointings.ts'
import { mosaicTransforms } from './mosaic-transforms.ts'
import type { PlacedSamples } from './plane-transforms.ts'
import { openReferenceTransforms } from './reference-transforms.ts'

const SPEED_OF_LIGHT = 299_792_458
const N: readonly [number, number] = [20, 16]
const CELL: readonly [number, number] = [4e-5, 5e-5]
const CHANNELS = Float64Array.from([1.4e9, 1.45e9, 1.5e9])
const BAND = 1.45e9

/** A beam that falls to 0 at `radius` radians (at 1.45 GHz) from a pointing. */
function group(field: number, l: number, m: number, radius: number): MosaicGroup {
  const power = (offset: number, hz: number) => Math.max(0, 1 - ((offset * hz) / (radius * BAND)) ** 2) ** 2
  const reachRad = (hz: number) => (radius * BAND) / hz
  return { field, offset: [l, m], powers: [power, power], reachRad }
}

interface Pointing {
  readonly uvwMetres: Float64Array
  readonly frequencyHz: Float64Array
  readonly group: number
  readonly visibility: Float64Array
  readonly weight: Float32Array
}

function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296 - 0.5
  }
}

function pointing(number: number, seed: number): Pointing {
  const random = randomNumbers(seed)
  const nRow = 7
  const nSample = nRow * CHANNELS.length
  return {
    uvwMetres: Float64Array.from({ length: 3 * nRow }, (_, k) => (k % 3 === 2 ? 0 : 2400 * random())),
    frequencyHz: CHANNELS,
    group: number,
    visibility: Float64Array.from({ length: 2 * nSample }, random),
    weight: Float32Array.from({ length: nSample }, () => random() + 0.6),
  }
}

/** Σ_p beam_p·Σ weight·Re[V·exp(−2πi(ul + vm))] at a pixel of the wide image, each channel with the beam of its bin. */
function directPixel(groups: readonly MosaicGroup[], pointings: readonly Pointing[], l: number, m: number): number {
  let sum = 0
  for (const { uvwMetres, frequencyHz, group: number, visibility, weight } of pointings) {
    const { offset, powers } = groups[number]
    frequencyHz.forEach((hz, c) => {
      const beam = powers[0](Math.asin(Math.hypot(l - offset[0], m - offset[1])), hz)
      for (let row = 0; row * 3 < uvwMetres.length; row++) {
        const phase = (2 * Math.PI * hz * (uvwMetres[3 * row] * l + uvwMetres[3 * row + 1] * m)) / SPEED_OF_LIGHT
        const s = row * frequencyHz.length + c
        sum += beam * weight[s] * (visibility[2 * s] * Math.cos(phase) + visibility[2 * s + 1] * Math.sin(phase))
      }
    })
  }
  return sum
}

async function open(groups: readonly MosaicGroup[], pointings: readonly Pointing[]) {
  const wide = wideImage(groups, N, CELL, CHANNELS[0])
  const inside = openReferenceTransforms({
    nx: wide.nx,
    ny: wide.ny,
    cellRad: CELL,
    epsilon: 1e-10,
    wTerm: 'ignore',
    maxAbsWLambda: 0,
    maxAbsUvLambda: 2e4,
    nSample: 100,
    planeBytes: 1e9,
  })
  const transforms = mosaicTransforms(inside, wide, groups, BAND)
  const placed: PlacedSamples[] = []
  for (const each of pointings) placed.push(await transforms.place(each))
  return { wide, transforms, placed }
}

const inside = [group(0, 0, 0, 1.5e-4), group(1, 1e-4, -5e-5, 1.5e-4)]
const spilling = [group(0, 0, 0, 6e-4), group(1, 3e-4, -2e-4, 6e-4)]

describe('mosaicTransforms', () => {
  it('adds the dirty images of the pointings times their beams, each channel with its own', async () => {
    const pointings = [pointing(0, 1), pointing(1, 2)]
    const { wide, transforms, placed } = await open(inside, pointings)
    expect([wide.nx, wide.ny]).toEqual(N)
    const sets = pointings.map(({ visibility, weight }, k) => ({ placed: placed[k], visibility, weight }))
    const image = await transforms.grid(sets)
    let worst = 0
    let peak = 0
    for (let y = 0; y < N[1]; y++) {
      for (let x = 0; x < N[0]; x++) {
        const wanted = directPixel(inside, pointings, -(x - N[0] / 2) * CELL[0], (y - N[1] / 2) * CELL[1])
        worst = Math.max(worst, Math.abs(image[x + N[0] * y] - wanted))
        peak = Math.max(peak, Math.abs(wanted))
      }
    }
    console.info(`worst error ${(worst / peak).toPrecision(2)} of the peak`)
    expect(worst).toBeLessThan(1e-5 * peak)
  })

  it('folds what beams see around the image into it', async () => {
    const pointings = [pointing(0, 3), pointing(1, 4)]
    const { wide, transforms, placed } = await open(spilling, pointings)
    expect(wide.nx).toBeGreaterThan(N[0])
    const sets = pointings.map(({ visibility, weight }, k) => ({ placed: placed[k], visibility, weight }))
    const image = await transforms.grid(sets)
    let worst = 0
    let peak = 0
    for (const [x, y] of [
      [0, 0],
      [10, 8],
      [19, 3],
      [5, 15],
    ]) {
      let wanted = 0
      for (let i = -2; i <= 2; i++) {
        for (let j = -2; j <= 2; j++) {
          const [wx, wy] = [x - N[0] / 2 + i * N[0], y - N[1] / 2 + j * N[1]]
          const isInside =
            wx >= -(wide.nx >> 1) &&
            wx < wide.nx - (wide.nx >> 1) &&
            wy >= -(wide.ny >> 1) &&
            wy < wide.ny - (wide.ny >> 1)
          if (isInside) wanted += directPixel(spilling, pointings, -wx * CELL[0], wy * CELL[1])
        }
      }
      worst = Math.max(worst, Math.abs(image[x + N[0] * y] - wanted))
      peak = Math.max(peak, Math.abs(wanted))
    }
    expect(worst).toBeLessThan(1e-5 * peak)
  })

  it('predicts as the adjoint of gridding, where beams lie inside the image', async () => {
    const pointings = [pointing(0, 5), pointing(1, 6)]
    const { transforms, placed } = await open(inside, pointings)
    const random = randomNumbers(7)
    const model = Float64Array.from({ length: N[0] * N[1] }, random)
    const predicted = pointings.map(({ visibility }) => new Float64Array(visibility.length))
    await transforms.degrid(
      model,
      placed.map((each, k) => ({ placed: each, predicted: predicted[k] })),
    )
    const ones = pointings.map(({ weight }) => new Float32Array(weight.length).fill(1))
    const image = await transforms.grid(
      pointings.map(({ visibility }, k) => ({ placed: placed[k], visibility, weight: ones[k] })),
    )
    let left = 0
    let scale = 0
    pointings.forEach(({ visibility }, k) => {
      visibility.forEach((value, s) => {
        left += value * predicted[k][s]
        scale += Math.abs(value * predicted[k][s])
      })
    })
    const right = model.reduce((sum, value, j) => sum + value * image[j], 0)
    expect(Math.abs(left - right)).toBeLessThan(1e-12 * scale)
  })

  it('leaves the data in place of the prediction when asked for residuals', async () => {
    const pointings = [pointing(0, 8), pointing(1, 9)]
    const { transforms, placed } = await open(inside, pointings)
    const model = new Float64Array(N[0] * N[1])
    model[N[0] / 2 + N[0] * (N[1] / 2)] = 2
    const predicted = pointings.map(({ visibility }) => new Float64Array(visibility.length))
    await transforms.degrid(
      model,
      placed.map((each, k) => ({ placed: each, predicted: predicted[k], minuend: pointings[k].visibility })),
    )
    // A source in the middle is seen with the beam there, at phase 0.
    pointings.forEach(({ visibility, group: number }, k) => {
      for (let s = 0; s < visibility.length / 2; s++) {
        const hz = CHANNELS[s % CHANNELS.length]
        const [l, m] = inside[number].offset
        const flux = 2 * inside[number].powers[0](Math.asin(Math.hypot(l, m)), hz)
        expect(Math.abs(visibility[2 * s] - predicted[k][2 * s] - flux)).toBeLessThan(2e-4)
        expect(Math.abs(visibility[2 * s + 1] - predicted[k][2 * s + 1])).toBeLessThan(2e-4)
      }
    })
  })
})

describe('groupBeam', () => {
  it('is the product of the voltage patterns of both antennas', () => {
    const narrow = group(0, 0, 0, 1.5e-4)
    const broad = group(0, 0, 0, 3e-4)
    const mixed: MosaicGroup = { ...narrow, powers: [narrow.powers[0], broad.powers[0]] }
    const wide = wideImage([narrow], N, CELL, BAND)
    const [a, b, both] = [narrow, broad, mixed].map(each => groupBeam(each, BAND, BAND, wide))
    for (let j = 0; j < both.length; j++) expect(both[j]).toBeCloseTo(Math.sqrt(a[j] * b[j]), 3)
  })
})
