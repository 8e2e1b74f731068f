import type { Pacer } from '@cleanbeam/math'
import { SECONDS_PER_DAY, SPEED_OF_LIGHT } from '@cleanbeam/measures'
import {
  type CallOptions,
  type DataDescription,
  type DataSelection,
  type Direction,
  FLAGGED_BY_ROW,
  type Observation,
  type ObservedField,
  type SpectralFrame,
  type SpectralWindow,
  type VisibilityChunk,
} from '@cleanbeam/types'
import { type BaselineRotation, baselineRotation } from './baseline-rotation.ts'
import type { BlockBuilder } from './block-builder.ts'
import {
  type ChannelPlacement,
  type ChannelPlacer,
  CONVERTED,
  EXACT,
  interpolatedPlaces,
  type PlacementRounding,
  placeOnCube,
  placeOnSingleChannel,
  SAME_FRAME,
} from './channel-placement.ts'
import type { CubeAxis } from './cube-frequency-axis.ts'
import { type FrequencyScale, frequencyScale } from './frequency-scale.ts'
import { type GriddedChannels, griddedChannels, griddingFrame } from './gridded-channels.ts'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { emptyFrequencyRange, type FrequencyRange } from './mfs-frequency-axis.ts'
import { coupleModel, type ModelCoupling, modelReach } from './model-coupling.ts'
import type { SampleMemory } from './plane-transforms.ts'
import { PortionBuilder } from './portion-builder.ts'
import { createRowFormer, type FormedRow, type RowFormer } from './row-former.ts'
import type { SamplePortion } from './sample-portion.ts'
import { telescopePosition } from './telescope-position.ts'

/** Which samples may be gridded together: the number of a row's group, the same on every reading. */
export type RowGrouping = (observation: number, chunk: VisibilityChunk, row: number) => number

/** What is read and how it becomes samples. */
export interface ReadingPlan {
  readonly observations: readonly Observation[]
  /** One per observation, or one for all. */
  readonly selections: readonly DataSelection[]
  readonly image: ImageDefinition
  /** null for mfs. */
  readonly axis: CubeAxis | null
  readonly phaseCentre: Direction
  /** Epoch at which frames that move with the Earth stop in a cube, modified Julian date in seconds, UTC. */
  readonly frameEpochMjdSeconds: number
  /** Also keep what a density common to all channels of a cube is counted over. */
  readonly keepNative: boolean
  /** null: one group. */
  readonly groupOf: RowGrouping | null
  /** A portion ends when it has this many samples. */
  readonly samplesPerPortion: number
  /** Largest piece that is read from a file at once. */
  readonly maxChunkBytes: number
}

/** What one reading of everything found. */
export interface ReadingTally {
  readonly range: FrequencyRange
  nRead: number
  nFlagged: number
}

/** A tally before anything was read. */
export function emptyTally(): ReadingTally {
  return { range: emptyFrequencyRange(), nRead: 0, nFlagged: 0 }
}

interface Reading {
  readonly plan: ReadingPlan
  readonly tally: ReadingTally
  readonly isTurned: boolean
  /** The channels of a cube in the frame that samples are gridded in; null for mfs. */
  readonly gridded: GriddedChannels | null
}

/**
 * Reads the selected rows of all observations, forms samples by CASA's rules (see {@link FormedRow}) and shares them out
 * over the channels of the image. Portions come in the same order and with the same contents on every reading.
 * @param memory - where weights and visibilities of portions are put; they belong to the caller
 * @throws ImagingError when a plane cannot be made from the correlations
 */
export async function* readPortions(
  plan: ReadingPlan,
  tally: ReadingTally,
  memory: SampleMemory,
  pacer: Pacer,
  call: CallOptions,
): AsyncGenerator<SamplePortion> {
  const isTurned = plan.observations.some(({ fields }) => fields.some(field => rotationTo(plan, field) !== null))
  const reading: Reading = { plan, tally, isTurned, gridded: griddedChannels(plan) }
  let builder: PortionBuilder | null = null
  for (const [index, observation] of plan.observations.entries()) {
    const selection = plan.selections[Math.min(index, plan.selections.length - 1)] ?? {}
    for await (const chunk of observation.chunks(selection, { signal: call.signal, maxBytes: plan.maxChunkBytes })) {
      if (builder !== null && (!builder.takes(chunk.frequencyHz) || builder.nSample >= plan.samplesPerPortion)) {
        yield builder.finish(memory)
        builder = null
      }
      builder ??= new PortionBuilder(plan, chunk.frequencyHz, isTurned)
      await addChunk(reading, builder, index, chunk, pacer)
      call.onProgress?.({ what: 'reading visibilities', done: tally.nRead, total: 0 })
    }
  }
  if (builder !== null) yield builder.finish(memory)
}

function rotationTo(plan: ReadingPlan, field: ObservedField): BaselineRotation | null {
  return baselineRotation(field.phaseCentre, plan.phaseCentre, plan.frameEpochMjdSeconds / SECONDS_PER_DAY)
}

/** What stays the same over the rows of a chunk, and the placement of its channels at the time of the last row. */
interface ChunkContext {
  readonly chunk: VisibilityChunk
  readonly form: RowFormer
  /** To the frame of gridding, and to that of the image's axis. */
  readonly scale: FrequencyScale
  readonly rangeScale: FrequencyScale
  readonly place: ChannelPlacer
  readonly rounding: PlacementRounding
  readonly rotation: BaselineRotation | null
  readonly lowHz: number
  readonly highHz: number
  readonly imageHz: Float64Array
  lastScale: number
  placement: ChannelPlacement
  coupling: ModelCoupling | null
}

async function addChunk(
  reading: Reading,
  builder: PortionBuilder,
  observation: number,
  chunk: VisibilityChunk,
  pacer: Pacer,
): Promise<void> {
  const context = chunkContext(reading, reading.plan.observations[observation], chunk)
  const { groupOf, axis } = reading.plan
  if (groupOf === null && axis === null) builder.block(0, 0).reserve(chunk.nRow)
  for (let row = 0; row < chunk.nRow; row++) {
    addRow(reading, builder, context, row, groupOf === null ? 0 : groupOf(observation, chunk, row))
    if (row % 256 === 255 && pacer.due()) await pacer.rest()
  }
}

function chunkContext({ plan, gridded }: Reading, observation: Observation, chunk: VisibilityChunk): ChunkContext {
  const description = byId<DataDescription>(observation.dataDescriptions, chunk.dataDescription, 'data description')
  const spw = byId(observation.spws, description.spw, 'spectral window')
  const field = byId<ObservedField>(observation.fields, chunk.field, 'field')
  const { image } = plan
  const [lowHz, highHz] = channelEdges(chunk, spw.channelFrequencyHz, spw.channelWidthHz)
  const frame = griddingFrame(image, spw)
  const place =
    gridded === null || image.spectral.mode === 'mfs'
      ? placeOnSingleChannel()
      : placeOnCube(gridded.frequencyHz, gridded.widthHz, image.spectral.interpolation)
  return {
    chunk,
    form: createRowFormer(chunk, description, image.stokes, image.pseudoI ?? false),
    scale: frequencyScale(spw.frame, frame, telescopePosition(observation), field.phaseCentre),
    rangeScale: frequencyScale(spw.frame, image.spectral.frame, telescopePosition(observation), field.phaseCentre),
    place,
    rotation: rotationTo(plan, field),
    lowHz,
    highHz,
    imageHz: new Float64Array(chunk.nChannel),
    lastScale: Number.NaN,
    rounding: roundingOf(image, spw, frame),
    placement: place(chunk.frequencyHz, EXACT),
    coupling: null,
  }
}

function roundingOf(image: ImageDefinition, spw: SpectralWindow, frame: SpectralFrame): PlacementRounding {
  if (spw.frame === frame) return EXACT
  return spw.frame === image.spectral.frame ? SAME_FRAME : CONVERTED
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

function addRow(
  { plan, tally, gridded }: Reading,
  builder: PortionBuilder,
  context: ChunkContext,
  row: number,
  group: number,
): void {
  const { chunk } = context
  const scale = context.scale(chunk.timeMjdSeconds[row])
  const rangeScale = context.rangeScale(chunk.timeMjdSeconds[row])
  tally.range.lowHz = Math.min(tally.range.lowHz, context.lowHz * rangeScale)
  tally.range.highHz = Math.max(tally.range.highHz, context.highHz * rangeScale)
  const formed = context.form(row)
  tally.nRead += chunk.nChannel
  for (let c = 0; c < chunk.nChannel; c++) if (formed.state[c] !== 0) tally.nFlagged++
  const baseline = turnBaseline(context, row)
  if (plan.axis === null) {
    addToSingleChannel(builder.block(0, group), formed, baseline, scale)
    return
  }
  if (scale !== context.lastScale) {
    for (let c = 0; c < chunk.nChannel; c++) context.imageHz[c] = chunk.frequencyHz[c] * scale
    context.placement = context.place(context.imageHz, context.rounding)
    context.coupling = couplingOf(gridded, context)
    context.lastScale = scale
  }
  const firstNative = builder.native === null ? 0 : addNative(builder.native, formed, baseline, scale)
  const { placement, coupling } = context
  if (coupling !== null) builder.coupleRow(coupling, group)
  for (let target = 0; target < placement.count; target++) {
    const block = builder.block(placement.channel[target], group)
    const isAdded = addTarget(block, placement, formed, baseline, target, firstNative)
    // Predictions for a place that cannot be used enter those around it.
    if (!isAdded && coupling !== null) addEmptySample(block, baseline, placement.frequencyHz[target])
  }
  if (coupling === null) return
  for (let place = coupling.nTarget; place < coupling.channel.length; place++) {
    addEmptySample(builder.block(coupling.channel[place], group), baseline, coupling.frequencyHz[place])
  }
}

function couplingOf(
  gridded: GriddedChannels | null,
  { placement, imageHz, rounding }: ChunkContext,
): ModelCoupling | null {
  if (gridded === null || placement.nTap === 1) return null
  const { frequencyHz, widthHz } = gridded
  const places = interpolatedPlaces(frequencyHz, widthHz, imageHz, rounding)
  return coupleModel(placement, places, imageHz, modelReach(frequencyHz))
}

/** A sample of weight 0 whose model visibility is wanted. */
function addEmptySample(block: BlockBuilder, { u, v, w, recordedU, recordedV }: TurnedBaseline, hz: number): void {
  block.addRow(u, v, w, hz / block.layout.frequencyHz[0], recordedU, recordedV)
}

/** Keeps the row's own samples for a common density; those that count nowhere have weight 0. */
function addNative(
  native: BlockBuilder,
  formed: FormedRow,
  { recordedU, recordedV, w }: TurnedBaseline,
  scale: number,
): number {
  const row = native.addRow(recordedU, recordedV, w, scale, recordedU, recordedV)
  const nChannel = formed.weight.length
  for (let c = 0; c < nChannel; c++) {
    native.weight[row * nChannel + c] = formed.state[c] === 1 ? 0 : formed.weight[c]
  }
  return row * nChannel
}

/** Every channel of the row becomes a sample at its own frequency. */
function addToSingleChannel(block: BlockBuilder, formed: FormedRow, baseline: TurnedBaseline, scale: number): void {
  const { u, v, w, path, recordedU, recordedV } = baseline
  const { frequencyHz, nPlane } = block.layout
  const nChannel = frequencyHz.length
  const first = block.addRow(u, v, w, scale, recordedU, recordedV) * nChannel
  for (let c = 0; c < nChannel; c++) {
    const state = formed.state[c]
    const sample = first + c
    block.weight[sample] = state === 1 ? 0 : formed.weight[c]
    if (state === FLAGGED_BY_ROW) block.densityOnly.push(sample)
    const angle = path === 0 ? 0 : (-2 * Math.PI * path * scale * frequencyHz[c]) / SPEED_OF_LIGHT
    const cos = path === 0 ? 1 : Math.cos(angle)
    const sin = path === 0 ? 0 : Math.sin(angle)
    for (let plane = 0; plane < nPlane; plane++) {
      const from = 2 * (c * nPlane + plane)
      const re = state === 0 ? formed.visibility[from] : 0
      const im = state === 0 ? formed.visibility[from + 1] : 0
      const out = block.visibility[plane]
      out[2 * sample] = re * cos - im * sin
      out[2 * sample + 1] = re * sin + im * cos
    }
  }
}

/** Adds a sample at a target between channels of the data. @returns false for one that cannot be used, which is left out */
function addTarget(
  block: BlockBuilder,
  placement: ChannelPlacement,
  formed: FormedRow,
  { u, v, w, path, recordedU, recordedV }: TurnedBaseline,
  target: number,
  firstNative: number,
): boolean {
  const { nTap, share } = placement
  const first = placement.first[target]
  const below = placement.below[target]
  const fraction = placement.fraction[target]
  const above = fraction === 0 ? 0 : fraction * formed.weight[below + 1]
  const weight = (1 - fraction) * formed.weight[below] + above
  let isDensityOnly = false
  for (let tap = 0; tap < nTap; tap++) {
    if (share[target * nTap + tap] === 0) continue
    if (formed.state[first + tap] === 1) return false
    if (formed.state[first + tap] === FLAGGED_BY_ROW) isDensityOnly = true
  }
  if (!(weight > 0)) return false
  const { frequencyHz, nPlane, keepOrigin } = block.layout
  const factor = placement.frequencyHz[target] / frequencyHz[0]
  const sample = block.addRow(u, v, w, factor, recordedU, recordedV)
  block.weight[sample] = weight
  if (keepOrigin) {
    block.originFirst[sample] = firstNative + below
    block.originShare[sample] = fraction
  }
  if (isDensityOnly) {
    block.densityOnly.push(sample)
    return true
  }
  const angle = path === 0 ? 0 : (-2 * Math.PI * path * placement.frequencyHz[target]) / SPEED_OF_LIGHT
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
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
    const out = block.visibility[plane]
    out[2 * sample] = re * cos - im * sin
    out[2 * sample + 1] = re * sin + im * cos
  }
  return true
}
