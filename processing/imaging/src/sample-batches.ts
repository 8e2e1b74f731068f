import type { RunOptions } from '@cleanbeam/math'
import type { PlacedSamples, PlaneTransforms } from './plane-transforms.ts'
import type { SampleBlock } from './sample-block.ts'
import type { CouplingSpan, SamplePortion } from './sample-portion.ts'

/** A block in its transforms' order; arrays as in SampleBlock. */
export interface PlacedBlock {
  readonly channel: number
  readonly placed: PlacedSamples
  readonly block: SampleBlock
}

/** Samples that are transformed together. */
export interface SampleBatch {
  /** [output channel]; no blocks where a channel has no data in this batch. */
  readonly channels: readonly (readonly PlacedBlock[])[]
  /** Blocks and spans of portions whose predictions enter other channels; none where every sample stands for itself. */
  readonly couplings: readonly { readonly blocks: readonly PlacedBlock[]; readonly spans: readonly CouplingSpan[] }[]
}

/** All samples of an image, ready for one kind of transforms; in memory or read anew. */
export interface SampleBatches {
  /** Whether every channel comes in one piece. */
  readonly isResident: boolean
  /** Hands on every batch in turn. */
  visit(handle: (batch: SampleBatch) => Promise<void>, run: RunOptions): Promise<void>
  /** Frees placed samples; portions are the caller's. */
  dispose(): void
}

/** Sorts the samples of portions that stay in memory. */
export async function residentBatches(
  transforms: PlaneTransforms,
  portions: readonly SamplePortion[],
  nChannel: number,
  run: RunOptions,
): Promise<SampleBatches> {
  const batch = await placePortions(transforms, portions, nChannel, run)
  return {
    isResident: true,
    visit: handle => handle(batch),
    dispose: () => disposeBatch(batch),
  }
}

/** Sorts the samples of portions as they are read, each time they are asked for. */
export function streamedBatches(
  transforms: PlaneTransforms,
  read: (run: RunOptions) => AsyncGenerator<SamplePortion>,
  free: (portion: SamplePortion) => void,
  nChannel: number,
): SampleBatches {
  return {
    isResident: false,
    async visit(handle, run) {
      for await (const portion of read(run)) {
        try {
          const batch = await placePortions(transforms, [portion], nChannel, { signal: run.signal })
          try {
            await handle(batch)
          } finally {
            disposeBatch(batch)
          }
        } finally {
          free(portion)
        }
      }
    },
    dispose() {},
  }
}

async function placePortions(
  transforms: PlaneTransforms,
  portions: readonly SamplePortion[],
  nChannel: number,
  run: RunOptions,
): Promise<SampleBatch> {
  const channels: PlacedBlock[][] = Array.from({ length: nChannel }, () => [])
  const couplings: SampleBatch['couplings'][number][] = []
  try {
    for (const { blocks, coupling } of portions) {
      const placed: PlacedBlock[] = []
      for (const { channel, block } of blocks) {
        const one = { channel, block, placed: await transforms.place(block, run) }
        placed.push(one)
        channels[channel].push(one)
      }
      if (coupling !== null) couplings.push({ blocks: placed, spans: coupling })
    }
  } catch (error) {
    disposeBatch({ channels, couplings })
    throw error
  }
  return { channels, couplings }
}

function disposeBatch({ channels }: SampleBatch): void {
  for (const blocks of channels) for (const { placed } of blocks) placed.dispose()
}
