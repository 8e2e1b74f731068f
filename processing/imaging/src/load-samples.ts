import { createPacer, type Pacer } from '@cleanbeam/math'
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type { CallOptions } from '@cleanbeam/types'
import { ImagingError } from './imaging-error.ts'
import type { SampleMemory } from './plane-transforms.ts'
import { emptyTally, type ReadingPlan, type ReadingTally, readPortions } from './read-portions.ts'
import type { PortionBlock, SamplePortion } from './sample-portion.ts'
import type { PortionWeigher } from './weigh-portions.ts'

/** Samples with their imaging weights: all portions in memory, or none and a way to read them again. */
export interface LoadedSamples {
  readonly tally: ReadingTally
  readonly sums: SampleSums
  /** null where they do not fit into the memory allowed. */
  readonly portions: readonly SamplePortion[] | null
  /** That samples and one plane of residuals take in memory, at most. */
  readonly bytes: number
  /** Reads and weights portion by portion; each belongs to the caller, who gives it back by `free`. */
  read(call: CallOptions): AsyncGenerator<SamplePortion>
  free(portion: SamplePortion): void
}

/** Over all samples that are used. */
export interface SampleSums {
  nUsed: number
  nOffGrid: number
  maxBaselineLambda: number
  maxAbsWLambda: number
  maxAbsUvLambda: number
  /** [output channel] */
  readonly totalWeight: Float64Array
  readonly nPerChannel: Float64Array
}

/**
 * Reads everything once (twice where weights depend on densities and the samples do not fit into memory).
 * @param budgetBytes - for samples in memory
 */
export async function loadSamples(
  plan: ReadingPlan,
  weigher: PortionWeigher,
  nChannel: number,
  memory: SampleMemory,
  budgetBytes: number,
  call: CallOptions,
): Promise<LoadedSamples> {
  const tally = emptyTally()
  const sums: SampleSums = {
    nUsed: 0,
    nOffGrid: 0,
    maxBaselineLambda: 0,
    maxAbsWLambda: 0,
    maxAbsUvLambda: 0,
    totalWeight: new Float64Array(nChannel),
    nPerChannel: new Float64Array(nChannel),
  }
  const pacer = createPacer(call)
  const free = (portion: SamplePortion): void => freePortion(portion, memory)
  async function* read(each: CallOptions): AsyncGenerator<SamplePortion> {
    const eachPacer = createPacer(each)
    for await (const portion of readPortions(plan, emptyTally(), memory, eachPacer, each)) {
      hideUnusedRows(portion)
      await weigher.apply(portion, eachPacer)
      yield portion
    }
  }
  const { kept, bytes } = await readFirst(plan, weigher, memory, budgetBytes, tally, call)
  try {
    if (kept !== null) {
      for (const portion of kept) await weighAndSum(portion, weigher, sums, pacer)
    } else {
      for await (const portion of readPortions(plan, emptyTally(), memory, pacer, call)) {
        await weighAndSum(portion, weigher, sums, pacer)
        free(portion)
      }
    }
  } catch (error) {
    kept?.forEach(free)
    throw error
  }
  return { tally, sums, portions: kept, bytes, read, free }
}

/** Counts all portions; keeps them while they fit. */
async function readFirst(
  plan: ReadingPlan,
  weigher: PortionWeigher,
  memory: SampleMemory,
  budgetBytes: number,
  tally: ReadingTally,
  call: CallOptions,
): Promise<{ kept: SamplePortion[] | null; bytes: number }> {
  const pacer = createPacer(call)
  let kept: SamplePortion[] | null = []
  let bytes = 0
  let largest = 0
  try {
    for await (const portion of readPortions(plan, tally, memory, pacer, call)) {
      kept?.push(portion)
      if (weigher.isCounting) await weigher.count(portion, pacer)
      bytes += portionBytes(portion)
      largest = Math.max(largest, portionBytes(portion))
      if (kept === null) freePortion(portion, memory)
      else if (bytes > budgetBytes) {
        for (const each of kept) freePortion(each, memory)
        kept = null
      }
    }
  } catch (error) {
    for (const each of kept ?? []) freePortion(each, memory)
    throw error
  }
  if (tally.nRead > tally.nFlagged) return { kept, bytes: kept === null ? largest : bytes }
  for (const each of kept ?? []) freePortion(each, memory)
  throw new ImagingError(
    `expected visibilities to image, got none: of ${tally.nRead} selected, ${tally.nFlagged} are flagged; check the selection, the ` +
      'flags and the channels',
    { nRead: tally.nRead, nFlagged: tally.nFlagged },
  )
}

function freePortion({ blocks }: SamplePortion, memory: SampleMemory): void {
  for (const { block } of blocks) {
    memory.free(block.imagingWeight)
    for (const plane of block.visibility) memory.free(plane)
  }
}

/** With the space that sorted positions and one plane of residuals take beside the samples. */
function portionBytes({ blocks, native }: SamplePortion): number {
  let bytes = native === null ? 0 : native.weight.byteLength + native.uvMetres.byteLength
  for (const { block, recordedUvMetres, origin } of blocks) {
    const nSample = block.nRow * block.nChannel
    bytes += nSample * (4 + 8 * (block.visibility.length + 1)) + block.nRow * (2 * 24 + 8 + 16)
    bytes += (recordedUvMetres?.byteLength ?? 0) + (origin === null ? 0 : 8 * nSample)
  }
  return bytes
}

async function weighAndSum(
  portion: SamplePortion,
  weigher: PortionWeigher,
  sums: SampleSums,
  pacer: Pacer,
): Promise<void> {
  hideUnusedRows(portion)
  sums.nOffGrid += await weigher.apply(portion, pacer)
  for (const block of portion.blocks) {
    addSums(block, sums)
    if (pacer.due()) await pacer.rest()
  }
}

function addSums({ channel, block }: PortionBlock, sums: SampleSums): void {
  const { nRow, nChannel, uvwMetres, frequencyHz, imagingWeight } = block
  const perMetre = frequencyHz.reduce((most, hz) => Math.max(most, hz), 0) / SPEED_OF_LIGHT
  let total = 0
  let lost = 0
  let used = 0
  for (let row = 0; row < nRow; row++) {
    let highestHz = 0
    for (let c = 0; c < nChannel; c++) {
      const weight = imagingWeight[row * nChannel + c]
      if (!(weight > 0)) continue
      used++
      if (frequencyHz[c] > highestHz) highestHz = frequencyHz[c]
      // Kahan: the sums of millions of weights go into .sumwt.
      const term = weight - lost
      const next = total + term
      lost = next - total - term
      total = next
    }
    const [u, v, w] = [uvwMetres[3 * row], uvwMetres[3 * row + 1], uvwMetres[3 * row + 2]]
    const baseline = Math.sqrt(u * u + v * v)
    sums.maxBaselineLambda = Math.max(sums.maxBaselineLambda, (baseline * highestHz) / SPEED_OF_LIGHT)
    sums.maxAbsUvLambda = Math.max(sums.maxAbsUvLambda, baseline * perMetre)
    sums.maxAbsWLambda = Math.max(sums.maxAbsWLambda, Math.abs(w) * perMetre)
  }
  sums.totalWeight[channel] += total
  sums.nPerChannel[channel] += used
  sums.nUsed += used
}

/**
 * Baselines of rows without a good sample count for nothing and may be anything: they are set to 0. Where predictions
 * enter other channels only those that are no numbers are.
 */
function hideUnusedRows({ blocks, coupling }: SamplePortion): void {
  for (const { block } of blocks) {
    const { nRow, nChannel, uvwMetres, imagingWeight } = block
    for (let row = 0; row < nRow; row++) {
      let isUsed =
        coupling !== null && Number.isFinite(uvwMetres[3 * row] + uvwMetres[3 * row + 1] + uvwMetres[3 * row + 2])
      for (let c = 0; c < nChannel && !isUsed; c++) isUsed = imagingWeight[row * nChannel + c] > 0
      if (!isUsed) uvwMetres.fill(0, 3 * row, 3 * row + 3)
    }
  }
}
