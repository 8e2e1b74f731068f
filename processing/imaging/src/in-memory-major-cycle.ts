import { compensatedSum, createPacer, type HermitianGrid, type Pacer } from '@cleanbeam/math'
import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import {
  createGridder,
  createTapSpace,
  type Gridder,
  imageToSampleGrid,
  readSample,
  type SampleSource,
  samplesToImage,
} from './gridder.ts'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import type { MajorCycle, SampleCensus } from './major-cycle.ts'
import type { SampleStore } from './sample-store.ts'
import { sumWeightPerPlane } from './sum-weight.ts'

/** What an in-memory major cycle is made from; `samples` carry their final imaging weights. */
export interface InMemoryInput {
  readonly image: ImageDefinition
  /** One store per output channel. */
  readonly channels: readonly SampleStore[]
  readonly coordinates: ImageCoordinates
  readonly census: SampleCensus
  readonly epsilon: number
  readonly primaryBeam: () => Float32Array
}

/** A major cycle over samples that are all in memory. */
export function createInMemoryMajorCycle(input: InMemoryInput): MajorCycle {
  const { image, coordinates, census } = input
  const { nx, ny } = image
  const nStokes = image.stokes.length
  const shape: ImageShape = [nx, ny, nStokes, input.channels.length]
  const gridder = createGridder(nx, ny, image.cellRad, input.epsilon)
  const totalWeight = input.channels.map(samples => compensatedSum(samples.imagingWeight))
  let held: readonly SampleStore[] | null = input.channels

  function channels(): readonly SampleStore[] {
    if (held === null) throw new ImagingError('expected an open major cycle, got one that was disposed')
    return held
  }

  return {
    coordinates,
    shape,
    nTerm: 1,
    census,
    sumWeight: sumWeightPerPlane(totalWeight, image),
    async makePsf(call = {}) {
      call.signal?.throwIfAborted()
      const pacer = createPacer(call)
      const cube = new Float32Array(nx * ny * nStokes * shape[3])
      for (const [channel, samples] of channels().entries()) {
        if (totalWeight[channel] > 0) {
          const one = await samplesToImage(gridder, samples, unitSource, pacer)
          for (let plane = 0; plane < nStokes; plane++) {
            storePlane(one, totalWeight[channel], cube, (plane + nStokes * channel) * nx * ny)
          }
        }
        call.onProgress?.({ what: 'point spread function', done: channel + 1, total: shape[3] })
      }
      return cube
    },
    async makeResidual(model, call = {}) {
      call.signal?.throwIfAborted()
      const stores = channels()
      checkModel(model, shape)
      const pacer = createPacer(call)
      const cube = new Float32Array(nx * ny * nStokes * shape[3])
      for (let plane = 0; plane < nStokes * shape[3]; plane++) {
        const channel = Math.floor(plane / nStokes)
        if (totalWeight[channel] > 0) {
          const planeModel = model?.subarray(plane * nx * ny, (plane + 1) * nx * ny) ?? null
          const source = await residualSource(gridder, stores[channel], plane % nStokes, planeModel, pacer)
          const residual = await samplesToImage(gridder, stores[channel], source, pacer)
          storePlane(residual, totalWeight[channel], cube, plane * nx * ny)
        }
        call.onProgress?.({ what: 'residual', done: plane + 1, total: nStokes * shape[3] })
      }
      return cube
    },
    makeInstantResidual: async () => null,
    primaryBeam: input.primaryBeam,
    dispose() {
      held = null
    },
  }
}

const unitSource: SampleSource = (_s, pair) => {
  pair[0] = 1
  pair[1] = 0
}

function storePlane(plane: Float64Array, totalWeight: number, cube: Float32Array, at: number): void {
  for (let j = 0; j < plane.length; j++) cube[at + j] = plane[j] / totalWeight
}

function checkModel(model: Float32Array | null, shape: ImageShape): void {
  const wanted = shape[0] * shape[1] * shape[2] * shape[3]
  if (model !== null && model.length !== wanted) {
    throw new ImagingError(`expected a model of ${shape.join(' × ')} pixels, got ${model.length} values`, {
      wanted,
      got: model.length,
    })
  }
  if (model !== null && !isFinitePlane(model)) {
    throw new ImagingError('expected a model of finite numbers, got NaN or infinity: check the .model image')
  }
}

function isFinitePlane(model: Float32Array): boolean {
  for (let j = 0; j < model.length; j++) if (!Number.isFinite(model[j])) return false
  return true
}

function isEmptyPlane(model: Float32Array): boolean {
  for (let j = 0; j < model.length; j++) if (model[j] !== 0) return false
  return true
}

function maxAbsolute(values: Float64Array): number {
  let largest = 0
  for (let s = 0; s < values.length; s++) if (Math.abs(values[s]) > largest) largest = Math.abs(values[s])
  return largest
}

async function residualSource(
  gridder: Gridder,
  store: SampleStore,
  plane: number,
  model: Float32Array | null,
  pacer: Pacer,
): Promise<SampleSource> {
  const { visibility, nPlane } = store
  if (model === null || isEmptyPlane(model)) {
    return (s, pair) => {
      pair[0] = visibility[2 * (s * nPlane + plane)]
      pair[1] = visibility[2 * (s * nPlane + plane) + 1]
    }
  }
  const grid: HermitianGrid = await imageToSampleGrid(gridder, model, pacer, maxAbsolute(store.uLambda))
  const taps = createTapSpace(gridder)
  return (s, pair) => {
    readSample(gridder, grid, store.uLambda[s], store.vLambda[s], taps, pair)
    pair[0] = visibility[2 * (s * nPlane + plane)] - pair[0]
    pair[1] = visibility[2 * (s * nPlane + plane) + 1] - pair[1]
  }
}
