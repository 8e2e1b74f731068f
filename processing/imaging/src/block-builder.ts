import type { SampleMemory } from './plane-transforms.ts'
import type { PortionBlock } from './sample-portion.ts'

/** What a builder's samples have in common. */
export interface BlockLayout {
  /** Output channel. */
  readonly channel: number
  readonly group: number
  readonly frequencyHz: Float64Array
  readonly nPlane: number
  /** Keep baselines as recorded beside turned ones. */
  readonly keepRecorded: boolean
  /** Keep where weights of a common density come from. */
  readonly keepOrigin: boolean
}

type Growable = Float64Array | Float32Array | Int32Array

/** Collects the samples of one block row by row; arrays double as they fill, and `reserve` keeps that out of loops. */
export class BlockBuilder {
  readonly layout: BlockLayout
  nRow = 0
  weight: Float32Array
  visibility: Float32Array[]
  originFirst: Int32Array
  originShare: Float32Array
  readonly densityOnly: number[] = []
  #uvwMetres = new Float64Array(0)
  #recorded = new Float64Array(0)
  #frameFactor = new Float64Array(0)

  constructor(layout: BlockLayout) {
    this.layout = layout
    this.weight = new Float32Array(0)
    this.visibility = Array.from({ length: layout.nPlane }, () => new Float32Array(0))
    this.originFirst = new Int32Array(0)
    this.originShare = new Float32Array(0)
  }

  /** Makes room for this many more rows, so that adding them does not allocate. */
  reserve(nRow: number): void {
    const { nPlane, keepRecorded, keepOrigin, frequencyHz } = this.layout
    const rows = this.nRow + nRow
    const samples = rows * frequencyHz.length
    this.#uvwMetres = enlarged(this.#uvwMetres, 3 * rows)
    this.#frameFactor = enlarged(this.#frameFactor, rows)
    if (keepRecorded) this.#recorded = enlarged(this.#recorded, 2 * rows)
    this.weight = enlarged(this.weight, samples)
    for (let plane = 0; plane < nPlane; plane++) {
      this.visibility[plane] = enlarged(this.visibility[plane], 2 * samples)
    }
    if (!keepOrigin) return
    this.originFirst = enlarged(this.originFirst, samples)
    this.originShare = enlarged(this.originShare, samples)
  }

  /** Adds a row; its samples are written by the caller at `row·nChannel …` and are 0 until then. */
  addRow(u: number, v: number, w: number, frameFactor: number, recordedU: number, recordedV: number): number {
    if (this.#frameFactor.length === this.nRow) this.reserve(Math.max(256, this.nRow))
    const row = this.nRow++
    this.#uvwMetres[3 * row] = u * frameFactor
    this.#uvwMetres[3 * row + 1] = v * frameFactor
    this.#uvwMetres[3 * row + 2] = w * frameFactor
    this.#frameFactor[row] = frameFactor
    if (this.layout.keepRecorded) {
      this.#recorded[2 * row] = recordedU * frameFactor
      this.#recorded[2 * row + 1] = recordedV * frameFactor
    }
    return row
  }

  /** [row, 2]: baselines as recorded, times the frame factor, metres. */
  recordedRows(): Float64Array {
    return this.#recorded.slice(0, 2 * this.nRow)
  }

  /** The block, its weights and visibilities in `memory`. The builder is empty afterwards. */
  finish(memory: SampleMemory): PortionBlock {
    const { channel, group, frequencyHz, keepRecorded, keepOrigin } = this.layout
    const { nRow } = this
    const nSample = nRow * frequencyHz.length
    const moved = (from: Float32Array, length: number) => {
      const to = memory.float32(length)
      to.set(from.subarray(0, length))
      return to
    }
    const imagingWeight = moved(this.weight, nSample)
    const visibility = this.visibility.map(plane => moved(plane, 2 * nSample))
    this.weight = new Float32Array(0)
    this.visibility = []
    return {
      channel,
      block: {
        nRow,
        nChannel: frequencyHz.length,
        group,
        uvwMetres: this.#uvwMetres.slice(0, 3 * nRow),
        frequencyHz,
        frameFactor: this.#frameFactor.slice(0, nRow),
        imagingWeight,
        visibility,
      },
      recordedUvMetres: keepRecorded ? this.recordedRows() : null,
      densityOnly: Int32Array.from(this.densityOnly),
      origin: keepOrigin
        ? { first: this.originFirst.slice(0, nSample), share: this.originShare.slice(0, nSample) }
        : null,
    }
  }
}

function enlarged<A extends Growable>(values: A, length: number): A {
  if (values.length >= length) return values
  const larger = new (values.constructor as new (length: number) => A)(Math.max(length, 2 * values.length))
  larger.set(values)
  return larger
}
