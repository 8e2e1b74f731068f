import { createPacer, type Pacer } from '@cleanbeam/math'
import { convertDirection, SPEED_OF_LIGHT } from '@cleanbeam/measures'
import {
  type CallOptions,
  type DataDescription,
  type DataSelection,
  type Direction,
  FLAGGED_BY_ROW,
  type Observation,
  type ObservedField,
  type VisibilityChunk,
} from '@cleanbeam/types'
import { type BaselineRotation, baselineRotation } from './baseline-rotation.ts'
import { type ChannelPlacement, type ChannelPlacer, placeOnCube, placeOnSingleChannel } from './channel-placement.ts'
import { type CubeAxis, cubeFrequencyAxis } from './cube-frequency-axis.ts'
import { type FrequencyScale, frequencyScale } from './frequency-scale.ts'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { emptyFrequencyRange, type FrequencyRange } from './mfs-frequency-axis.ts'
import { createRowFormer, type FormedRow, type RowFormer } from './row-former.ts'
import { createSampleCollector, type SampleCollector, type SampleStore, type WeightedSamples } from './sample-store.ts'
import { type SelectedData, surveyData } from './selected-data.ts'
import { telescopePosition } from './telescope-position.ts'

/** The samples of one output channel. */
export interface ChannelSamples {
  readonly samples: SampleStore
  /** Samples that only a flag of their row makes bad: CASA counts them in the uv density, but never grids them. */
  readonly densityOnly: readonly number[]
  /** The samples as recorded, before they were turned to the image's centre; null where nothing is turned. */
  readonly recorded: WeightedSamples | null
  /** Where the weights of a common density come from; null with a density per channel. */
  readonly origin: SampleOrigin | null
}

/** Each sample lies between the channels `first` and `first + 1` of the data, `share` of the way. */
export interface SampleOrigin {
  /** Index into the data's own samples, [sample]. */
  readonly first: Int32Array
  readonly share: Float32Array
}

/** Samples with what was learnt while reading them. */
export interface PreparedSamples {
  readonly channels: readonly ChannelSamples[]
  /** Every sample of the data itself, one plane without visibilities; only where they share one density. */
  readonly native: SampleStore | null
  readonly phaseCentre: Direction
  readonly firstField: ObservedField
  /** Rest frequency of the first field's line in the first spectral window, Hz; null when the data say nothing. */
  readonly restHz: number | null
  /** null for mfs. */
  readonly axis: CubeAxis | null
  readonly range: FrequencyRange
  readonly nRead: number
  readonly nFlagged: number
}

interface ChannelCollector {
  readonly collector: SampleCollector
  readonly densityOnly: number[]
  readonly recorded: SampleCollector | null
  readonly originFirst: number[]
  readonly originShare: number[]
}

interface Preparation {
  readonly image: ImageDefinition
  readonly data: SelectedData
  readonly axis: CubeAxis | null
  readonly phaseCentre: Direction
  readonly collectors: readonly ChannelCollector[]
  readonly native: SampleCollector | null
  readonly range: FrequencyRange
  readonly pacer: Pacer
  nRead: number
  nFlagged: number
}

/**
 * Reads the selected rows of all observations, forms samples by CASA's rules (see {@link FormedRow}) and shares them out
 * over the channels of the image.
 * @param keepNative - also keep what a density common to all channels is counted over
 * @throws ImagingError when nothing is left or a plane cannot be made from the correlations
 */
export async function prepareSamples(
  observations: readonly Observation[],
  selections: readonly DataSelection[],
  image: ImageDefinition,
  keepNative: boolean,
  call: CallOptions,
): Promise<PreparedSamples> {
  const selectionOf = (index: number): DataSelection => selections[Math.min(index, selections.length - 1)] ?? {}
  const data = await surveyData(observations[0], selectionOf(0), image.spectral)
  const axis = image.spectral.mode === 'mfs' ? null : cubeFrequencyAxis(image.spectral, data.channels, data.restHz)
  const nPlane = image.stokes.length
  const phaseCentre = image.phaseCentre ?? data.field.phaseCentre
  const isTurned = observations.some(({ fields }) => fields.some(field => rotationTo(phaseCentre, field) !== null))
  const state: Preparation = {
    image,
    data,
    axis,
    phaseCentre,
    collectors: Array.from({ length: axis?.frequencyHz.length ?? 1 }, () => ({
      collector: createSampleCollector(nPlane),
      densityOnly: [],
      recorded: isTurned ? createSampleCollector(0) : null,
      originFirst: [],
      originShare: [],
    })),
    native: keepNative && axis !== null ? createSampleCollector(0) : null,
    range: emptyFrequencyRange(),
    pacer: createPacer(call),
    nRead: 0,
    nFlagged: 0,
  }
  for (const [index, observation] of observations.entries()) {
    for await (const chunk of observation.chunks(selectionOf(index), { signal: call.signal })) {
      await addChunk(state, observation, chunk)
      call.onProgress?.({ what: 'reading visibilities', done: state.nRead, total: 0 })
    }
  }
  return finishPreparation(state)
}

function rotationTo(phaseCentre: Direction, field: ObservedField): BaselineRotation | null {
  return baselineRotation(convertDirection(field.phaseCentre, phaseCentre.frame), phaseCentre)
}

function finishPreparation(state: Preparation): PreparedSamples {
  const { collectors, native, nRead, nFlagged } = state
  if (collectors.every(({ collector, densityOnly }) => collector.count === densityOnly.length)) {
    throw new ImagingError(
      `expected visibilities to image, got none: of ${nRead} selected, ${nFlagged} are flagged; check the selection, the ` +
        'flags and the channels',
      { nRead, nFlagged },
    )
  }
  return {
    channels: collectors.map(({ collector, densityOnly, recorded, originFirst, originShare }) => ({
      samples: collector.finish(),
      densityOnly,
      recorded: recorded?.finish() ?? null,
      origin: native === null ? null : { first: Int32Array.from(originFirst), share: Float32Array.from(originShare) },
    })),
    native: native?.finish() ?? null,
    phaseCentre: state.phaseCentre,
    firstField: state.data.field,
    restHz: state.data.restHz,
    axis: state.axis,
    range: state.range,
    nRead,
    nFlagged,
  }
}

/** What stays the same over the rows of a chunk, and the placement of its channels at the time of the last row. */
interface ChunkContext {
  readonly chunk: VisibilityChunk
  readonly form: RowFormer
  readonly scale: FrequencyScale
  readonly place: ChannelPlacer
  readonly rotation: BaselineRotation | null
  readonly lowHz: number
  readonly highHz: number
  readonly imageHz: Float64Array
  lastScale: number
  placement: ChannelPlacement
}

async function addChunk(state: Preparation, observation: Observation, chunk: VisibilityChunk): Promise<void> {
  const context = chunkContext(state, observation, chunk)
  for (let row = 0; row < chunk.nRow; row++) {
    addRow(state, context, row)
    if (row % 256 === 255 && state.pacer.due()) await state.pacer.rest()
  }
}

function chunkContext(state: Preparation, observation: Observation, chunk: VisibilityChunk): ChunkContext {
  const description = byId<DataDescription>(observation.dataDescriptions, chunk.dataDescription, 'data description')
  const spw = byId(observation.spws, description.spw, 'spectral window')
  const field = byId<ObservedField>(observation.fields, chunk.field, 'field')
  const { image, axis } = state
  const [lowHz, highHz] = channelEdges(chunk, spw.channelFrequencyHz, spw.channelWidthHz)
  const frame = image.spectral.mode === 'cubedata' ? spw.frame : image.spectral.frame
  const place =
    axis === null || image.spectral.mode === 'mfs'
      ? placeOnSingleChannel()
      : placeOnCube(axis.frequencyHz, axis.widthHz, image.spectral.interpolation)
  return {
    chunk,
    form: createRowFormer(chunk, description, image.stokes, image.pseudoI ?? false),
    scale: frequencyScale(spw.frame, frame, telescopePosition(observation), field.phaseCentre),
    place,
    rotation: rotationTo(state.phaseCentre, field),
    lowHz,
    highHz,
    imageHz: new Float64Array(chunk.nChannel),
    lastScale: Number.NaN,
    placement: place(chunk.frequencyHz),
  }
}

function byId<T extends { readonly id: number }>(list: readonly T[], id: number, what: string): T {
  const found = list.find(item => item.id === id)
  if (found === undefined) {
    throw new ImagingError(`expected ${what} ${id} to be described by the observation, got none`, { id })
  }
  return found
}

/** Lowest and highest edge of the chunk's channels, Hz, in the frame of the data. */
function channelEdges(
  chunk: VisibilityChunk,
  spwFrequencyHz: Float64Array,
  spwWidthHz: Float64Array,
): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const frequency of chunk.frequencyHz) {
    const width = spwWidthHz[nearestIndex(spwFrequencyHz, frequency)]
    low = Math.min(low, frequency - width / 2)
    high = Math.max(high, frequency + width / 2)
  }
  return [low, high]
}

function nearestIndex(values: Float64Array, wanted: number): number {
  let best = 0
  for (let j = 1; j < values.length; j++) {
    if (Math.abs(values[j] - wanted) < Math.abs(values[best] - wanted)) best = j
  }
  return best
}

/** Baseline of a row in metres, turned to the image's centre, and the path difference that turns its phases. */
interface TurnedBaseline {
  u: number
  v: number
  w: number
  path: number
  /** As recorded. */
  recordedU: number
  recordedV: number
}

function turnBaseline(context: ChunkContext, row: number): TurnedBaseline {
  const { chunk, rotation } = context
  const u = chunk.uvwMetres[3 * row]
  const v = chunk.uvwMetres[3 * row + 1]
  const w = chunk.uvwMetres[3 * row + 2]
  if (rotation === null) return { u, v, w, path: 0, recordedU: u, recordedV: v }
  const m = rotation.matrix
  const turnedW = m[6] * u + m[7] * v + m[8] * w
  return {
    u: m[0] * u + m[1] * v + m[2] * w,
    v: m[3] * u + m[4] * v + m[5] * w,
    w: turnedW,
    path: turnedW - w,
    recordedU: u,
    recordedV: v,
  }
}

function addRow(state: Preparation, context: ChunkContext, row: number): void {
  const { chunk } = context
  const scale = context.scale(chunk.timeMjdSeconds[row])
  state.range.lowHz = Math.min(state.range.lowHz, context.lowHz * scale)
  state.range.highHz = Math.max(state.range.highHz, context.highHz * scale)
  if (scale !== context.lastScale) {
    for (let c = 0; c < chunk.nChannel; c++) context.imageHz[c] = chunk.frequencyHz[c] * scale
    context.placement = context.place(context.imageHz)
    context.lastScale = scale
  }
  const formed = context.form(row)
  state.nRead += chunk.nChannel
  for (let c = 0; c < chunk.nChannel; c++) if (formed.state[c] !== 0) state.nFlagged++
  const baseline = turnBaseline(context, row)
  const firstNative = state.native === null ? 0 : addNative(state.native, context, formed, baseline)
  for (let target = 0; target < context.placement.count; target++) {
    addTarget(state, context.placement, formed, baseline, target, firstNative)
  }
}

/** Keeps the row's own samples for a common density; those that count nowhere have weight 0. */
function addNative(
  native: SampleCollector,
  context: ChunkContext,
  formed: FormedRow,
  { recordedU, recordedV, w }: TurnedBaseline,
): number {
  const first = native.count
  for (let c = 0; c < context.imageHz.length; c++) {
    const perMetre = context.imageHz[c] / SPEED_OF_LIGHT
    native.add(recordedU * perMetre, recordedV * perMetre, w * perMetre, formed.state[c] === 1 ? 0 : formed.weight[c])
  }
  return first
}

function addTarget(
  state: Preparation,
  placement: ChannelPlacement,
  formed: FormedRow,
  { u, v, w, path, recordedU, recordedV }: TurnedBaseline,
  target: number,
  firstNative: number,
): void {
  const { nTap, share } = placement
  const first = placement.first[target]
  const below = placement.below[target]
  const fraction = placement.fraction[target]
  const above = fraction === 0 ? 0 : fraction * formed.weight[below + 1]
  const weight = (1 - fraction) * formed.weight[below] + above
  let isDensityOnly = false
  for (let tap = 0; tap < nTap; tap++) {
    const part = share[target * nTap + tap]
    if (part === 0) continue
    if (formed.state[first + tap] === 1) return
    if (formed.state[first + tap] === FLAGGED_BY_ROW) isDensityOnly = true
  }
  if (!(weight > 0)) return
  const { collector, densityOnly, recorded, originFirst, originShare } = state.collectors[placement.channel[target]]
  const perMetre = placement.frequencyHz[target] / SPEED_OF_LIGHT
  const sample = collector.add(u * perMetre, v * perMetre, w * perMetre, weight)
  recorded?.add(recordedU * perMetre, recordedV * perMetre, w * perMetre, weight)
  if (state.native !== null) {
    originFirst.push(firstNative + below)
    originShare.push(fraction)
  }
  if (isDensityOnly) {
    densityOnly.push(sample)
    return
  }
  const nPlane = state.image.stokes.length
  const angle = path === 0 ? 0 : -2 * Math.PI * path * perMetre
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const out = collector.visibility()
  for (let plane = 0; plane < nPlane; plane++) {
    let re = 0
    let im = 0
    for (let tap = 0; tap < nTap; tap++) {
      const part = share[target * nTap + tap]
      if (part === 0) continue
      const from = 2 * ((first + tap) * nPlane + plane)
      re += part * formed.visibility[from]
      im += part * formed.visibility[from + 1]
    }
    const to = 2 * (sample * nPlane + plane)
    out[to] = re * cos - im * sin
    out[to + 1] = re * sin + im * cos
  }
}
