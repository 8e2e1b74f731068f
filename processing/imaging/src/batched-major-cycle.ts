import type { KernelPool, RunOptions } from '@cleanbeam/math'
import type { CallOptions, ImageCoordinates, ImageShape } from '@cleanbeam/types'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { type InstantResidual, openInstantResidual } from './instant-residual.ts'
import type { MajorCycle, OtherField, SampleCensus } from './major-cycle.ts'
import type { PlaneTransforms, Samples } from './plane-transforms.ts'
import { type FieldPrediction, predictField, predictResiduals } from './residual-samples.ts'
import type { PlacedBlock, SampleBatch, SampleBatches } from './sample-batches.ts'
import { sumWeightPerPlane } from './sum-weight.ts'
import { taylorPowers } from './taylor-powers.ts'

/** What a major cycle is made from; samples carry their final imaging weights. */
export interface BatchedInput {
  readonly image: ImageDefinition
  readonly coordinates: ImageCoordinates
  readonly census: SampleCensus
  readonly nChannel: number
  readonly nTerm: number
  /** Σ weight·((ν − ν0)/ν0)^t, [term][output channel], t = 0 … 2n − 2. */
  readonly totalWeight: readonly Float64Array[]
  readonly transforms: PlaneTransforms
  readonly batches: SampleBatches
  readonly primaryBeam: () => Float32Array
  /** null where instant residuals are not to be had; `wider` opens the same samples for twice as many pixels a side. */
  readonly instant: {
    readonly pool: KernelPool
    readonly wider: (call: CallOptions) => Promise<WiderTransforms>
  } | null
  /** What to do besides when the major cycle is disposed. */
  readonly release: () => void
}

/** Transforms of the same samples to another image. */
export interface WiderTransforms {
  readonly transforms: PlaneTransforms
  readonly batches: SampleBatches
}

/** What a major cycle over batches can do for others over the same samples. */
interface BatchedMajorCycle extends MajorCycle {
  /** Predictions of a model, all terms together, in the phases of this image's centre; the caller frees them. */
  predict(model: Float32Array, stokes: number, signal: AbortSignal | undefined): Promise<FieldPrediction>
}

interface OtherBatched {
  readonly majorCycle: BatchedMajorCycle
  readonly model: Float32Array
}

function asBatched(shape: ImageShape): (other: OtherField) => OtherBatched {
  return ({ majorCycle, model }) => {
    const fits = majorCycle.shape[2] === shape[2] && majorCycle.shape[3] === shape[3]
    if (fits && 'predict' in majorCycle) return { majorCycle: majorCycle as BatchedMajorCycle, model }
    throw new ImagingError(
      `expected outlier fields with ${shape[3]} channels and ${shape[2]} Stokes planes like the image, got ${majorCycle.shape[3]} and ${majorCycle.shape[2]}`,
      { shape: [...majorCycle.shape] },
    )
  }
}

/** A major cycle over batches of samples, in memory or read anew for every transform. */
export function createBatchedMajorCycle(input: BatchedInput): BatchedMajorCycle {
  const { image, coordinates, census, nChannel, nTerm } = input
  const nStokes = image.stokes.length
  const shape: ImageShape = [image.nx, image.ny, nStokes, nChannel]
  let isOpen = true
  let instant: Promise<InstantResidual> | null = null

  function requireOpen(call: CallOptions): void {
    if (!isOpen) throw new ImagingError('expected an open major cycle, got one that was disposed')
    call.signal?.throwIfAborted()
  }

  return {
    coordinates,
    shape,
    census,
    isReadingAgain: !input.batches.isResident,
    nTerm,
    sumWeight: Float64Array.from(input.totalWeight.flatMap(total => [...sumWeightPerPlane([...total], image)])),
    async makePsf(call = {}) {
      requireOpen(call)
      return makePsf(input, shape, call)
    },
    async makeResidual(model, call = {}, others = []) {
      requireOpen(call)
      checkModel(model, shape, nTerm)
      return makeResidual(input, shape, model, call, others.map(asBatched(shape)))
    },
    async predict(own, stokes, signal) {
      requireOpen({ signal })
      checkModel(own, shape, nTerm)
      let predicted: FieldPrediction | null = null
      await input.batches.visit(
        async batch => {
          const prediction = { ...input, batch, shape, referenceHz: referenceHz(input), model: own, stokes, signal }
          predicted = await predictField(prediction)
        },
        { signal },
      )
      if (predicted !== null && input.batches.isResident) return predicted
      throw new ImagingError('expected visibilities in memory for outlier fields, got too many: allow more memory')
    },
    async makeInstantResidual(model, call = {}) {
      requireOpen(call)
      checkModel(model, shape, nTerm)
      if (input.instant === null) return null
      const opening = instant ?? prepareInstant(input, shape, call)
      // One that was cancelled is prepared anew the next time.
      instant = opening.catch(error => {
        instant = null
        throw error
      })
      return (await instant).residual(model, call)
    },
    primaryBeam: input.primaryBeam,
    dispose() {
      if (!isOpen) return
      isOpen = false
      instant?.then(
        made => made.dispose(),
        () => {},
      )
      input.batches.dispose()
      input.transforms.dispose()
      input.release()
    },
  }
}

/** Progress of a call as a whole, and the options of each transform within. */
interface Steps {
  readonly signal: AbortSignal | undefined
  next(): RunOptions
}

function countSteps(what: string, total: number, call: CallOptions): Steps {
  let done = 0
  return {
    signal: call.signal,
    next() {
      call.signal?.throwIfAborted()
      const before = Math.min(done++, total - 1)
      call.onProgress?.({ what, done: before, total })
      return {
        signal: call.signal,
        onProgress: part => call.onProgress?.({ what, done: before + part.done / Math.max(1, part.total), total }),
      }
    },
  }
}

async function makePsf(input: BatchedInput, shape: ImageShape, call: CallOptions): Promise<Float32Array> {
  const [nx, ny, nStokes, nChannel] = shape
  const { transforms, nTerm } = input
  const nPsf = 2 * nTerm - 1
  const cube = new Float32Array(nx * ny * nStokes * nChannel * nPsf)
  const steps = countSteps('point spread function', nPsf * nChannel, call)
  const scratch = newImage(transforms)
  try {
    await input.batches.visit(async ({ channels }) => {
      for (const [channel, blocks] of channels.entries()) {
        if (blocks.length === 0 || !(input.totalWeight[0][channel] > 0)) continue
        for (let term = 0; term < nPsf; term++) {
          await gridPsf(input, blocks, term, scratch, steps.next())
          const at = planeStart(shape, term, channel, 0)
          addScaled(scratch, 1 / input.totalWeight[0][channel], cube, at)
        }
      }
    }, call)
  } finally {
    transforms.memory.free(scratch)
  }
  for (let term = 0; term < nPsf; term++) {
    for (let channel = 0; channel < nChannel; channel++) repeatPlane(cube, shape, term, channel)
  }
  call.onProgress?.({ what: 'point spread function', done: nPsf * nChannel, total: nPsf * nChannel })
  return cube
}

/** The dirty image, and PSFs on the doubled grid. */
async function prepareInstant(input: BatchedInput, shape: ImageShape, call: CallOptions): Promise<InstantResidual> {
  if (input.instant === null) throw new ImagingError('expected a major cycle with instant residuals, got one without')
  const { pool, wider } = input.instant
  const dirty = await makeResidual(input, shape, null, call)
  const { transforms, batches } = await wider(call)
  const wide = { ...input, transforms, batches }
  try {
    return await openInstantResidual({
      pool,
      shape,
      nTerm: input.nTerm,
      precision: transforms.precision,
      dirty,
      async widePsfs(take) {
        const scratch = newImage(transforms)
        const steps = countSteps('point spread function', (2 * input.nTerm - 1) * shape[3], call)
        try {
          await batches.visit(async ({ channels }) => {
            for (const [channel, blocks] of channels.entries()) {
              const total = input.totalWeight[0][channel]
              if (blocks.length === 0 || !(total > 0)) continue
              for (let term = 0; term < 2 * input.nTerm - 1; term++) {
                await gridPsf(wide, blocks, term, scratch, steps.next())
                for (let j = 0; j < scratch.length; j++) scratch[j] /= total
                await take(channel, term, scratch)
              }
            }
          }, call)
        } finally {
          transforms.memory.free(scratch)
        }
      },
    })
  } finally {
    batches.dispose()
    transforms.dispose()
  }
}

/** Transforms ((ν − ν0)/ν0)^term, not normalised. */
async function gridPsf(
  input: BatchedInput,
  blocks: readonly PlacedBlock[],
  term: number,
  image: Samples,
  run: RunOptions,
): Promise<void> {
  const powers = blocks.map(each => (term === 0 ? null : taylorVisibilities(input, each, term)))
  try {
    const sets = blocks.map((each, k) => ({ ...gridded(each), visibility: powers[k] }))
    await input.transforms.grid(sets, image, run)
  } finally {
    for (const power of powers) if (power !== null) input.transforms.memory.free(power)
  }
}

/** The PSF does not depend on the Stokes plane. */
function repeatPlane(cube: Float32Array, shape: ImageShape, term: number, channel: number): void {
  const first = planeStart(shape, term, channel, 0)
  const length = shape[0] * shape[1]
  for (let stokes = 1; stokes < shape[2]; stokes++) {
    cube.copyWithin(planeStart(shape, term, channel, stokes), first, first + length)
  }
}

async function makeResidual(
  input: BatchedInput,
  shape: ImageShape,
  model: Float32Array | null,
  call: CallOptions,
  others: readonly OtherBatched[] = [],
): Promise<Float32Array> {
  const [nx, ny, nStokes, nChannel] = shape
  const { nTerm, transforms } = input
  const cube = new Float32Array(nx * ny * nStokes * nChannel * nTerm)
  const steps = countSteps('residual', nStokes * nChannel * nTerm, call)
  const scratch = newImage(transforms)
  try {
    await input.batches.visit(async batch => {
      const isEmptySky = (model === null || isEmpty(model)) && others.length === 0
      const isCoupled = batch.couplings.length > 0 && !isEmptySky
      for (let stokes = 0; stokes < nStokes; stokes++) {
        const foreign = await predictOthers(others, stokes, call.signal)
        const work = { input, shape, model, batch, stokes, cube, scratch, steps, foreign }
        try {
          if (isCoupled) {
            const all = batch.channels.map((_, channel) => channel)
            await residualOfChannels(work, all, true)
          } else for (let channel = 0; channel < nChannel; channel++) await residualOfChannels(work, [channel], false)
        } finally {
          for (const each of foreign) each.free()
        }
      }
    }, call)
  } finally {
    transforms.memory.free(scratch)
  }
  const total = nStokes * nChannel * nTerm
  call.onProgress?.({ what: 'residual', done: total, total })
  return cube
}

async function predictOthers(
  others: readonly OtherBatched[],
  stokes: number,
  signal: AbortSignal | undefined,
): Promise<FieldPrediction[]> {
  const made: FieldPrediction[] = []
  try {
    for (const { majorCycle, model } of others) made.push(await majorCycle.predict(model, stokes, signal))
    return made
  } catch (error) {
    for (const each of made) each.free()
    throw error
  }
}

interface ResidualWork {
  readonly input: BatchedInput
  readonly shape: ImageShape
  readonly model: Float32Array | null
  readonly batch: SampleBatch
  readonly stokes: number
  readonly cube: Float32Array
  readonly scratch: Samples
  readonly steps: Steps
  readonly foreign: readonly FieldPrediction[]
}

/** Adds the residual images of one Stokes plane of some channels, whose predictions may depend on one another. */
async function residualOfChannels(work: ResidualWork, wanted: readonly number[], isCoupled: boolean): Promise<void> {
  const { input, shape, stokes, batch, scratch, cube, steps } = work
  const { transforms, nTerm } = input
  const channels = wanted.filter(channel => batch.channels[channel].length > 0 && input.totalWeight[0][channel] > 0)
  if (channels.length === 0) return
  const prediction = { ...work, transforms, nTerm, referenceHz: referenceHz(input), signal: steps.signal }
  const residuals = await predictResiduals(prediction, channels, work.foreign, isCoupled)
  try {
    for (const channel of channels) {
      const blocks = batch.channels[channel]
      for (let term = 0; term < nTerm; term++) {
        const visibility = blocks.map(each => residuals.of(each))
        const turned = term === 0 ? visibility : blocks.map((each, k) => timesPower(input, each, term, visibility[k]))
        try {
          const sets = blocks.map((each, k) => ({ ...gridded(each), visibility: turned[k] }))
          await transforms.grid(sets, scratch, steps.next())
        } finally {
          if (term > 0) for (const array of turned) transforms.memory.free(array)
        }
        addScaled(scratch, 1 / input.totalWeight[0][channel], cube, planeStart(shape, term, channel, stokes))
      }
    }
  } finally {
    residuals.free()
  }
}

function gridded({ placed, block }: PlacedBlock) {
  return { placed, weight: block.imagingWeight }
}

function referenceHz(input: BatchedInput): number {
  return input.coordinates.spectral.referenceHz
}

/** ((ν − ν0)/ν0)^term as visibilities; the caller frees them. */
function taylorVisibilities(input: BatchedInput, { block }: PlacedBlock, term: number): Samples {
  const { transforms } = input
  const length = 2 * block.nRow * block.nChannel
  const array = newArray(transforms, length)
  taylorPowers(block, referenceHz(input), term, (sample, power) => {
    array[2 * sample] = power
    array[2 * sample + 1] = 0
  })
  return array
}

/** Visibilities times ((ν − ν0)/ν0)^term; the caller frees them. */
function timesPower(input: BatchedInput, { block }: PlacedBlock, term: number, from: Samples): Samples {
  const array = newArray(input.transforms, from.length)
  taylorPowers(block, referenceHz(input), term, (sample, power) => {
    array[2 * sample] = from[2 * sample] * power
    array[2 * sample + 1] = from[2 * sample + 1] * power
  })
  return array
}

function newImage(transforms: PlaneTransforms): Samples {
  return newArray(transforms, transforms.nx * transforms.ny)
}

function newArray({ memory, precision }: PlaneTransforms, length: number): Samples {
  return precision === 'f32' ? memory.float32(length) : memory.float64(length)
}

function planeStart([nx, ny, nStokes, nChannel]: ImageShape, term: number, channel: number, stokes: number): number {
  return nx * ny * (stokes + nStokes * (channel + nChannel * term))
}

function addScaled(plane: Samples, factor: number, cube: Float32Array, at: number): void {
  for (let j = 0; j < plane.length; j++) cube[at + j] += plane[j] * factor
}

function checkModel(model: Float32Array | null, shape: ImageShape, nTerm: number): void {
  const wanted = shape[0] * shape[1] * shape[2] * shape[3] * nTerm
  if (model !== null && model.length !== wanted) {
    const terms = nTerm > 1 ? ` and ${nTerm} terms` : ''
    throw new ImagingError(`expected a model of ${shape.join(' × ')} pixels${terms}, got ${model.length} values`, {
      wanted,
      got: model.length,
    })
  }
  if (model !== null && !isFiniteModel(model)) {
    throw new ImagingError('expected a model of finite numbers, got NaN or infinity: check the .model image')
  }
}

function isFiniteModel(model: Float32Array): boolean {
  for (let j = 0; j < model.length; j++) if (!Number.isFinite(model[j])) return false
  return true
}

function isEmpty(model: Float32Array): boolean {
  for (let j = 0; j < model.length; j++) if (model[j] !== 0) return false
  return true
}
