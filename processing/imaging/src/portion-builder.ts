import { BlockBuilder } from './block-builder.ts'
import type { ModelCoupling } from './model-coupling.ts'
import type { SampleMemory } from './plane-transforms.ts'
import type { ReadingPlan } from './read-portions.ts'
import type { NativeRows, SamplePortion } from './sample-portion.ts'

/** Collects the samples of one portion: a block for each output channel and group. */
export class PortionBuilder {
  /** Of the data, Hz; all rows of a portion have the same. */
  readonly dataHz: Float64Array
  readonly native: BlockBuilder | null
  readonly #plan: ReadingPlan
  readonly #isTurned: boolean
  /** [group][channel] */
  readonly #blocks: BlockBuilder[][] = []
  readonly #spans: OpenSpan[] = []

  constructor(plan: ReadingPlan, dataHz: Float64Array, isTurned: boolean) {
    this.#plan = plan
    this.dataHz = dataHz.slice()
    this.#isTurned = isTurned
    this.native = plan.keepNative && plan.axis !== null ? new BlockBuilder(nativeLayout(this.dataHz)) : null
  }

  /** Whether rows with these channels fit in. */
  takes(dataHz: Float64Array): boolean {
    return dataHz.length === this.dataHz.length && dataHz.every((hz, c) => hz === this.dataHz[c])
  }

  get nSample(): number {
    let sum = 0
    for (const blocks of this.#blocks) {
      for (const block of blocks ?? []) sum += (block?.nRow ?? 0) * (block?.layout.frequencyHz.length ?? 0)
    }
    return sum
  }

  /** The builder of an output channel's samples, with room for at least one more row. */
  block(channel: number, group: number): BlockBuilder {
    this.#blocks[group] ??= []
    const blocks = this.#blocks[group]
    blocks[channel] ??= this.#newBlock(channel, group)
    return blocks[channel]
  }

  #newBlock(channel: number, group: number): BlockBuilder {
    const { axis, image, keepNative } = this.#plan
    return new BlockBuilder({
      channel,
      group,
      frequencyHz: axis === null ? this.dataHz : axis.frequencyHz.slice(channel, channel + 1),
      nPlane: image.stokes.length,
      keepRecorded: this.#isTurned,
      keepOrigin: keepNative && axis !== null,
    })
  }

  /** Announces a row whose samples are added next, one for each place of the coupling. */
  coupleRow(coupling: ModelCoupling, group: number): void {
    const last = this.#spans[this.#spans.length - 1]
    if (last !== undefined && last.coupling === coupling && last.group === group) {
      last.nRow++
      return
    }
    const blocks = Array.from(coupling.channel, channel => this.block(channel, group))
    const added = new Map<BlockBuilder, number>()
    const firstSample = Int32Array.from(blocks, block => {
      const before = added.get(block) ?? 0
      added.set(block, before + 1)
      return block.nRow + before
    })
    const stride = Int32Array.from(blocks, block => added.get(block) ?? 0)
    this.#spans.push({ coupling, group, nRow: 1, blocks, firstSample, stride })
  }

  finish(memory: SampleMemory): SamplePortion {
    const blocks = this.#blocks.flatMap(group => group ?? []).filter(block => block !== undefined && block.nRow > 0)
    const numbers = new Map(blocks.map((block, number) => [block, number]))
    const spans = this.#spans.map(({ coupling, nRow, blocks: used, firstSample, stride }) => ({
      nRow,
      nTarget: coupling.nTarget,
      block: Int32Array.from(used, block => numbers.get(block) ?? -1),
      firstSample,
      stride,
      start: coupling.start,
      source: coupling.source,
      coefficient: coupling.coefficient,
    }))
    return {
      blocks: blocks.map(block => block.finish(memory)),
      native: this.#nativeRows(),
      coupling: spans.length > 0 ? spans : null,
    }
  }

  #nativeRows(): NativeRows | null {
    if (this.native === null) return null
    const { nRow, weight } = this.native
    const nChannel = this.dataHz.length
    return {
      nRow,
      nChannel,
      uvMetres: this.native.recordedRows(),
      frequencyHz: this.dataHz,
      weight: weight.slice(0, nRow * nChannel),
    }
  }
}

/** Rows that are coupled alike, one after the other. */
interface OpenSpan {
  readonly coupling: ModelCoupling
  readonly group: number
  nRow: number
  /** [place] */
  readonly blocks: readonly BlockBuilder[]
  readonly firstSample: Int32Array
  readonly stride: Int32Array
}

function nativeLayout(frequencyHz: Float64Array) {
  return { channel: 0, group: 0, frequencyHz, nPlane: 0, keepRecorded: true, keepOrigin: false }
}
