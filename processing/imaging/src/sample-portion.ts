import type { SampleBlock } from './sample-block.ts'

/** Each sample lies between the channels `first` and `first + 1` of the data, `share` of the way. */
export interface SampleOrigin {
  /** Index into the data's own samples, [sample]. */
  readonly first: Int32Array
  readonly share: Float32Array
}

/** Samples of one output channel, with what weighting has to know of them. */
export interface PortionBlock {
  /** Output channel. */
  readonly channel: number
  readonly block: SampleBlock
  /** [row, 2]: baselines as recorded, before they were turned, times `frameFactor`, metres; null where nothing is turned. */
  readonly recordedUvMetres: Float64Array | null
  /** Samples that only a flag of their row makes bad: CASA counts them in the uv density, but never grids them. */
  readonly densityOnly: Int32Array
  /** Where the weights of a common density come from; null with a density per channel. */
  readonly origin: SampleOrigin | null
}

/** The data's own samples, over which a density common to all channels is counted. */
export interface NativeRows {
  readonly nRow: number
  readonly nChannel: number
  /** [row, 2], as recorded, times the frame factor, metres. */
  readonly uvMetres: Float64Array
  readonly frequencyHz: Float64Array
  /** [row, channel]; 0 where a sample counts nowhere. */
  readonly weight: Float32Array
}

/** What is read and handled together: rows of one layout. */
export interface SamplePortion {
  readonly blocks: readonly PortionBlock[]
  /** null unless a common density was asked for. */
  readonly native: NativeRows | null
  /** How predictions of one channel enter others; null where every sample stands for itself. */
  readonly coupling: readonly CouplingSpan[] | null
}

/**
 * Rows whose channels are interpolated alike (see ModelCoupling). Row r of the span has the sample of place p at
 * `firstSample[p] + r·stride[p]` in block `block[p]` of the portion; the first `nTarget` places have data.
 */
export interface CouplingSpan {
  readonly nRow: number
  readonly nTarget: number
  /** [place] */
  readonly block: Int32Array
  readonly firstSample: Int32Array
  readonly stride: Int32Array
  /** The prediction for target t is Σ_k coefficient[k]·V(place source[k]), k = start[t] … start[t + 1] − 1. */
  readonly start: Int32Array
  readonly source: Int32Array
  readonly coefficient: Float64Array
}
