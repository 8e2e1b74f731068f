import { createPacer } from '@cleanbeam/math'
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { ImageShape } from '@cleanbeam/types'
import { type CoupledArrays, coupleResiduals } from './couple-residuals.ts'
import { ImagingError } from './imaging-error.ts'
import type { PlaneTransforms, Samples } from './plane-transforms.ts'
import type { PlacedBlock, SampleBatch } from './sample-batches.ts'
import { taylorPowers } from './taylor-powers.ts'

/** Residual visibilities of one Stokes plane. */
export interface ResidualSamples {
  /** Complex, interleaved, [row, channel], Jy. */
  of(block: PlacedBlock): Samples
  free(): void
}

/** Predictions of one Stokes plane of an image. */
export interface FieldPrediction {
  /** [output channel] */
  readonly channels: readonly (readonly PlacedBlock[])[]
  of(block: PlacedBlock): Samples | undefined
  free(): void
}

/** What predicts: a batch of samples and a model. */
export interface Prediction {
  readonly transforms: PlaneTransforms
  readonly batch: SampleBatch
  readonly shape: ImageShape
  readonly nTerm: number
  readonly referenceHz: number
  readonly model: Float32Array | null
  readonly stokes: number
  readonly signal: AbortSignal | undefined
}

/**
 * Data minus model for the samples of some channels; where there is no model the data themselves.
 * @param others - predictions of other images of the same samples, which are taken off, too
 * @param isCoupled - predictions of these channels are combined as the batch's couplings say
 */
export async function predictResiduals(
  work: Prediction,
  channels: readonly number[],
  others: readonly FieldPrediction[],
  isCoupled: boolean,
): Promise<ResidualSamples> {
  const made: MadeSamples = new Map()
  try {
    const isLater = isCoupled || others.length > 0
    for (const channel of channels) {
      const isEmpty = channelIsEmpty(work, channel)
      if (isLater || !isEmpty) await predictChannel(work, channel, made, !isLater)
      for (const other of others) addOtherField(work, channel, other, made)
      if (isLater && !isCoupled) subtractFromData(work, channel, made)
    }
    if (isCoupled) await coupleAll(work, made)
  } catch (error) {
    freeAll(work, made)
    throw error
  }
  return {
    of: block => made.get(block) ?? block.block.visibility[work.stokes],
    free: () => freeAll(work, made),
  }
}

/** Predictions of one Stokes plane of all channels of an image, in the phases of that image's centre. */
export async function predictField(work: Prediction): Promise<FieldPrediction> {
  const made: MadeSamples = new Map()
  try {
    for (const channel of work.batch.channels.keys()) await predictChannel(work, channel, made, false)
  } catch (error) {
    freeAll(work, made)
    throw error
  }
  return { channels: work.batch.channels, of: block => made.get(block), free: () => freeAll(work, made) }
}

type MadeSamples = Map<PlacedBlock, Samples>

function freeAll({ transforms }: Prediction, made: MadeSamples): void {
  for (const array of made.values()) transforms.memory.free(array)
  made.clear()
}

async function coupleAll({ batch, stokes, signal }: Prediction, made: MadeSamples): Promise<void> {
  const pacer = createPacer({ signal })
  for (const { blocks, spans } of batch.couplings) {
    const arrays: (CoupledArrays | null)[] = blocks.map(each => {
      const predicted = made.get(each)
      return predicted === undefined ? null : { predicted, data: each.block.visibility[stokes] }
    })
    await coupleResiduals(spans, arrays, pacer)
  }
}

/** Predictions of a channel, or what they leave of the data. */
async function predictChannel(
  work: Prediction,
  channel: number,
  made: MadeSamples,
  isSubtracted: boolean,
): Promise<void> {
  const { transforms, batch, stokes, nTerm } = work
  const blocks = batch.channels[channel]
  for (const each of blocks) made.set(each, newSamples(transforms, each))
  if (nTerm > 1) {
    await predictTerms(work, channel, made)
    if (isSubtracted) subtractFromData(work, channel, made)
    return
  }
  const model = planeOf(work, channel, 0)
  const sets = blocks.map(each => ({
    placed: each.placed,
    predicted: samplesOf(made, each),
    ...(isSubtracted ? { minuend: each.block.visibility[stokes] } : {}),
  }))
  if (sets.length > 0) await transforms.degrid(model, sets, { signal: work.signal })
}

/** Σ_t ((ν − ν0)/ν0)^t·(prediction of term t) */
async function predictTerms(work: Prediction, channel: number, made: MadeSamples): Promise<void> {
  const { transforms, batch, nTerm, referenceHz } = work
  const blocks = batch.channels[channel]
  for (const each of blocks) samplesOf(made, each).fill(0)
  const predicted = blocks.map(each => newSamples(transforms, each))
  try {
    for (let term = 0; term < nTerm; term++) {
      const model = planeOf(work, channel, term)
      if (isEmptyPlane(model)) continue
      const sets = blocks.map((each, k) => ({ placed: each.placed, predicted: predicted[k] }))
      await transforms.degrid(model, sets, { signal: work.signal })
      for (const [k, each] of blocks.entries()) {
        const sum = samplesOf(made, each)
        taylorPowers(each.block, referenceHz, term, (sample, power) => {
          sum[2 * sample] += power * predicted[k][2 * sample]
          sum[2 * sample + 1] += power * predicted[k][2 * sample + 1]
        })
      }
    }
  } finally {
    for (const array of predicted) transforms.memory.free(array)
  }
}

function subtractFromData({ batch, stokes }: Prediction, channel: number, made: MadeSamples): void {
  for (const each of batch.channels[channel]) {
    const array = samplesOf(made, each)
    const data = each.block.visibility[stokes]
    for (let k = 0; k < array.length; k++) array[k] = data[k] - array[k]
  }
}

/**
 * Adds the prediction of another image. Both images' phases differ from the recorded ones by the paths between the centres,
 * so the other's become ours by exp(2πi(w_other − w_ours)ν/c).
 */
function addOtherField({ batch }: Prediction, channel: number, other: FieldPrediction, made: MadeSamples): void {
  const blocks = batch.channels[channel]
  const theirs = other.channels[channel]
  for (const [k, each] of blocks.entries()) {
    const sum = samplesOf(made, each)
    const predicted = theirs[k] === undefined ? undefined : other.of(theirs[k])
    if (predicted?.length !== sum.length) {
      throw new ImagingError('expected an outlier field over the same samples as the image, got one over others')
    }
    const { nRow, nChannel, frequencyHz, uvwMetres } = each.block
    for (let row = 0; row < nRow; row++) {
      const path = (theirs[k].block.uvwMetres[3 * row + 2] - uvwMetres[3 * row + 2]) / SPEED_OF_LIGHT
      for (let c = 0; c < nChannel; c++) {
        const angle = 2 * Math.PI * path * frequencyHz[c]
        const cos = Math.cos(angle)
        const sin = Math.sin(angle)
        const at = 2 * (row * nChannel + c)
        sum[at] += predicted[at] * cos - predicted[at + 1] * sin
        sum[at + 1] += predicted[at] * sin + predicted[at + 1] * cos
      }
    }
  }
}

function samplesOf(made: MadeSamples, block: PlacedBlock): Samples {
  const samples = made.get(block)
  if (samples === undefined) throw new ImagingError('expected samples that were predicted, got others')
  return samples
}

function newSamples({ memory, precision }: PlaneTransforms, { block }: PlacedBlock): Samples {
  const length = 2 * block.nRow * block.nChannel
  return precision === 'f32' ? memory.float32(length) : memory.float64(length)
}

function planeOf({ model, shape, stokes }: Prediction, channel: number, term: number): Float32Array {
  const [nx, ny, nStokes, nChannel] = shape
  const at = nx * ny * (stokes + nStokes * (channel + nChannel * term))
  return model === null ? new Float32Array(nx * ny) : model.subarray(at, at + nx * ny)
}

function channelIsEmpty(work: Prediction, channel: number): boolean {
  if (work.model === null) return true
  for (let term = 0; term < work.nTerm; term++) if (!isEmptyPlane(planeOf(work, channel, term))) return false
  return true
}

function isEmptyPlane(plane: Float32Array): boolean {
  for (let j = 0; j < plane.length; j++) if (plane[j] !== 0) return false
  return true
}
