import { createPacer, type Pacer, type RunOptions } from '@cleanbeam/math'
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import {
  createGridder,
  createTapSpace,
  type Gridder,
  imageToSampleGrid,
  readSample,
  type SampleSource,
  samplesToImage,
} from './gridder.ts'
import { ImagingError } from './imaging-error.ts'
import type {
  PlacedSamples,
  PlaneTransforms,
  SampleMemory,
  SamplePositions,
  Samples,
  SamplesToGrid,
  SamplesToPredict,
} from './plane-transforms.ts'
import type { TransformGeometry } from './transform-geometry.ts'
import { createWStack, type WStack } from './w-stack.ts'

/** Ordinary memory; freeing is the garbage collector's. */
export const HEAP_MEMORY: SampleMemory = {
  float32: length => new Float32Array(length),
  float64: length => new Float64Array(length),
  free: () => {},
}

/**
 * Transforms in plain TypeScript and double precision, on the calling thread: what the kernels are held against, and what
 * runs without them. A plane of constant w is two real transforms, as Re[C·exp(−iφ)] = Re C·cos φ + Im C·sin φ.
 */
export function openReferenceTransforms(geometry: TransformGeometry): PlaneTransforms {
  const { nx, ny, cellRad, epsilon } = geometry
  const gridder = createGridder(nx, ny, cellRad, epsilon)
  const stack = createWStack(geometry)
  return {
    nx,
    ny,
    hasW: stack !== null,
    precision: 'f64',
    memory: HEAP_MEMORY,
    bytes: 0,
    place: async positions => new ReferenceSamples(positions),
    async grid(sets, image, run = {}) {
      const sum = new Float64Array(nx * ny)
      const pacer = createPacer(run)
      for (const [done, set] of sets.entries()) {
        await gridSet(gridder, stack, set, sum, pacer)
        run.onProgress?.({ what: run.what ?? 'gridding', done: done + 1, total: sets.length })
      }
      if (image === undefined || image === null) return sum
      image.set(sum)
      return image
    },
    degrid: (model, sets, run = {}) => degridSets(gridder, stack, model, sets, run),
    dispose() {},
  }
}

/** Positions in wavelengths. */
class ReferenceSamples implements PlacedSamples {
  readonly nRow: number
  readonly nChannel: number
  readonly nSample: number
  readonly uLambda: Float64Array
  readonly vLambda: Float64Array
  readonly wLambda: Float64Array
  readonly bytes: number

  constructor({ uvwMetres, frequencyHz }: SamplePositions) {
    this.nRow = uvwMetres.length / 3
    this.nChannel = frequencyHz.length
    this.nSample = this.nRow * this.nChannel
    const along = (axis: number) => {
      const lambda = new Float64Array(this.nSample)
      for (let s = 0; s < this.nSample; s++) {
        const row = Math.floor(s / this.nChannel)
        lambda[s] = (uvwMetres[3 * row + axis] / SPEED_OF_LIGHT) * frequencyHz[s - row * this.nChannel]
      }
      return lambda
    }
    this.uLambda = along(0)
    this.vLambda = along(1)
    this.wLambda = along(2)
    this.bytes = 24 * this.nSample
  }

  dispose(): void {}
}

function samplesOf(placed: PlacedSamples): ReferenceSamples {
  if (placed instanceof ReferenceSamples) return placed
  throw new ImagingError('expected samples placed by these transforms, got those of others')
}

async function gridSet(
  gridder: Gridder,
  stack: WStack | null,
  { placed, visibility, weight }: SamplesToGrid,
  image: Float64Array,
  pacer: Pacer,
): Promise<void> {
  const samples = samplesOf(placed)
  const value: SampleSource = (s, pair) => {
    pair[0] = visibility === null ? 1 : visibility[2 * s]
    pair[1] = visibility === null ? 0 : visibility[2 * s + 1]
  }
  if (stack === null) {
    const flat = await samplesToImage(gridder, { ...positionsOf(samples), weight }, value, pacer)
    for (let j = 0; j < image.length; j++) image[j] += flat[j]
    return
  }
  for (const plane of stack.planesOf(samples.wLambda)) {
    for (const turn of [0, 1]) {
      const part = await samplesToImage(
        gridder,
        { ...positionsOf(samples), weight },
        (s, pair) => {
          const tap = stack.tap(plane, samples.wLambda[s])
          if (tap === 0) {
            pair[0] = 0
            pair[1] = 0
            return
          }
          value(s, pair)
          const [re, im] = [pair[0] * tap, pair[1] * tap]
          // Re(−i·C) = Im C
          pair[0] = turn === 0 ? re : im
          pair[1] = turn === 0 ? im : -re
        },
        pacer,
      )
      stack.addPlane(plane, turn, part, image)
    }
  }
}

function positionsOf({ nSample, uLambda, vLambda }: ReferenceSamples) {
  return { nSample, uLambda, vLambda }
}

async function degridSets(
  gridder: Gridder,
  stack: WStack | null,
  model: Samples,
  sets: readonly SamplesToPredict[],
  run: RunOptions,
): Promise<void> {
  const pacer = createPacer(run)
  for (const [done, { placed, predicted, minuend }] of sets.entries()) {
    const samples = samplesOf(placed)
    const sum = new Float64Array(2 * samples.nSample)
    if (stack === null) await addPrediction(gridder, model, samples, pacer, sum, () => 1, 0)
    else {
      for (const plane of stack.planesOf(samples.wLambda)) {
        for (const turn of [0, 1]) {
          const turned = stack.turnedModel(plane, turn, model)
          await addPrediction(gridder, turned, samples, pacer, sum, s => stack.tap(plane, samples.wLambda[s]), turn)
        }
      }
    }
    for (let k = 0; k < sum.length; k++) predicted[k] = minuend === undefined ? sum[k] : minuend[k] - sum[k]
    run.onProgress?.({ what: run.what ?? 'degridding', done: done + 1, total: sets.length })
  }
}

/** Adds tap·(prediction of the image), times i when `turn` is 1. */
async function addPrediction(
  gridder: Gridder,
  image: ArrayLike<number>,
  samples: ReferenceSamples,
  pacer: Pacer,
  sum: Float64Array,
  tapOf: (s: number) => number,
  turn: number,
): Promise<void> {
  const grid = await imageToSampleGrid(gridder, image, pacer)
  const taps = createTapSpace(gridder)
  const pair = new Float64Array(2)
  for (let s = 0; s < samples.nSample; s++) {
    if (s % 4096 === 4095 && pacer.due()) await pacer.rest()
    const tap = tapOf(s)
    if (tap === 0) continue
    readSample(gridder, grid, samples.uLambda[s], samples.vLambda[s], taps, pair)
    sum[2 * s] += tap * (turn === 0 ? pair[0] : -pair[1])
    sum[2 * s + 1] += tap * (turn === 0 ? pair[1] : pair[0])
  }
}
