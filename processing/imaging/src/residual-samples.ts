import { createPacer } from '@cleanbeam/math'
import type { ImageShape } from '@cleanbeam/types'
import { type CoupledArrays, coupleResiduals } from './couple-residuals.ts'
import type { PlaneTransforms, Samples } from './plane-transforms.ts'
import type { PlacedBlock, SampleBatch } from './sample-batches.ts'
import { taylorPowers } from './taylor-powers.ts'

/** Residual visibilities of one Stokes plane. */
export interface ResidualSamples {
  /** Complex, interleaved, [row, channel], Jy. */
  of(block: PlacedBlock): Samples
  free(): void
}

interface Prediction {
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
 * @param isCoupled - predictions of these channels are combined as the batch's couplings say
 */
export async function predictResiduals(
  work: Prediction,
  channels: readonly number[],
  isCoupled: boolean,
): Promise<ResidualSamples> {
  const { transforms, stokes } = work
  const made = new Map<PlacedBlock, Samples>()
  const free = (): void => {
    for (const array of made.values()) transforms.memory.free(array)
    made.clear()
  }
  try {
    for (const channel of channels) {
      if (isCoupled || !channelIsEmpty(work, channel)) await predictChannel(work, channel, made, isCoupled)
    }
    if (isCoupled) await coupleAll(work, made)
  } catch (error) {
    free()
    throw error
  }
  return { of: block => made.get(block) ?? block.block.visibility[stokes], free }
}

async function coupleAll({ batch, stokes, signal }: Prediction, made: Map<PlacedBlock, Samples>): Promise<void> {
  const pacer = createPacer({ signal })
  for (const { blocks, spans } of batch.couplings) {
    const arrays: (CoupledArrays | null)[] = blocks.map(each => {
      const predicted = made.get(each)
      return predicted === undefined ? null : { predicted, data: each.block.visibility[stokes] }
    })
    await coupleResiduals(spans, arrays, pacer)
  }
}

/** Predictions of a channel, or (unless they are still to be combined) what they leave of the data. */
async function predictChannel(
  work: Prediction,
  channel: number,
  made: Map<PlacedBlock, Samples>,
  isCoupled: boolean,
): Promise<void> {
  const { transforms, batch, stokes, nTerm } = work
  const blocks = batch.channels[channel]
  for (const each of blocks) made.set(each, newSamples(transforms, each))
  if (nTerm > 1) return predictTerms(work, channel, made)
  const model = planeOf(work, channel, 0)
  const sets = blocks.map(each => ({
    placed: each.placed,
    predicted: made.get(each) ?? newSamples(transforms, each),
    ...(isCoupled ? {} : { minuend: each.block.visibility[stokes] }),
  }))
  await transforms.degrid(model, sets, { signal: work.signal })
}

/** data − Σ_t ((ν − ν0)/ν0)^t·(prediction of term t) */
async function predictTerms(work: Prediction, channel: number, made: Map<PlacedBlock, Samples>): Promise<void> {
  const { transforms, batch, stokes, nTerm, referenceHz } = work
  const blocks = batch.channels[channel]
  for (const each of blocks) made.get(each)?.set(each.block.visibility[stokes])
  const predicted = blocks.map(each => newSamples(transforms, each))
  try {
    for (let term = 0; term < nTerm; term++) {
      const model = planeOf(work, channel, term)
      if (isEmptyPlane(model)) continue
      const sets = blocks.map((each, k) => ({ placed: each.placed, predicted: predicted[k] }))
      await transforms.degrid(model, sets, { signal: work.signal })
      for (const [k, each] of blocks.entries()) {
        const residual = made.get(each) ?? predicted[k]
        taylorPowers(each.block, referenceHz, term, (sample, power) => {
          residual[2 * sample] -= power * predicted[k][2 * sample]
          residual[2 * sample + 1] -= power * predicted[k][2 * sample + 1]
        })
      }
    }
  } finally {
    for (const array of predicted) transforms.memory.free(array)
  }
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
