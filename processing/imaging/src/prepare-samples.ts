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
import { type FrequencyScale, frequencyScale } from './frequency-scale.ts'
import type { ImageDefinition } from './image-definition.ts'
import { ImagingError } from './imaging-error.ts'
import { emptyFrequencyRange, type FrequencyRange } from './mfs-frequency-axis.ts'
import { createSampleCollector, type SampleCollector, type SampleStore } from './sample-store.ts'
import { type StokesCoefficients, stokesCoefficients } from './stokes-formation.ts'
import { telescopePosition } from './telescope-position.ts'

/** Samples with what was learnt while reading them. */
export interface PreparedSamples {
  readonly samples: SampleStore
  readonly phaseCentre: Direction
  readonly firstField: ObservedField
  readonly range: FrequencyRange
  readonly nRead: number
  readonly nFlagged: number
  /** Samples that only a flag of their row makes bad: CASA counts them in the uv density, but never grids them. */
  readonly densityOnly: readonly number[]
}

interface Preparation {
  readonly image: ImageDefinition
  readonly collector: SampleCollector
  readonly range: FrequencyRange
  readonly pacer: Pacer
  phaseCentre: Direction | null
  firstField: ObservedField | null
  nRead: number
  nFlagged: number
  readonly densityOnly: number[]
}

/**
 * Reads the selected rows of all observations and forms samples by CASA's rules: a sample's weight is the mean of the
 * weights of its first and last correlation, for every plane; a flagged correlation drops the sample from every plane
 * (pseudoI uses the hands that are left).
 * @throws ImagingError when nothing is left or a plane cannot be made from the correlations
 */
export async function prepareSamples(
  observations: readonly Observation[],
  selections: readonly DataSelection[],
  image: ImageDefinition,
  call: CallOptions,
): Promise<PreparedSamples> {
  const state: Preparation = {
    image,
    collector: createSampleCollector(image.stokes.length),
    range: emptyFrequencyRange(),
    pacer: createPacer(call),
    phaseCentre: image.phaseCentre,
    firstField: null,
    nRead: 0,
    nFlagged: 0,
    densityOnly: [],
  }
  for (const [index, observation] of observations.entries()) {
    const selection = selections[Math.min(index, selections.length - 1)] ?? {}
    for await (const chunk of observation.chunks(selection, { signal: call.signal })) {
      await addChunk(state, observation, chunk)
      call.onProgress?.({ what: 'reading visibilities', done: state.nRead, total: 0 })
    }
  }
  return finishPreparation(state)
}

function finishPreparation(state: Preparation): PreparedSamples {
  const { firstField, phaseCentre, collector, nRead, nFlagged, densityOnly } = state
  if (firstField === null || phaseCentre === null || collector.count === densityOnly.length) {
    throw new ImagingError(
      `expected visibilities to image, got none: of ${nRead} selected, ${nFlagged} are flagged; check the selection and ` +
        'the flags',
      { nRead, nFlagged },
    )
  }
  return { samples: collector.finish(), phaseCentre, firstField, range: state.range, nRead, nFlagged, densityOnly }
}

/** What stays the same over the rows of a chunk. */
interface ChunkContext {
  readonly chunk: VisibilityChunk
  readonly coefficients: StokesCoefficients
  /** For pseudoI: which correlations are parallel hands; null otherwise. */
  readonly hands: readonly number[] | null
  /** Indices of the first and the last correlation in a MeasurementSet's order. */
  readonly ends: readonly [number, number]
  readonly scale: FrequencyScale
  readonly rotation: BaselineRotation | null
  readonly lowHz: number
  readonly highHz: number
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
  state.firstField ??= field
  state.phaseCentre ??= field.phaseCentre
  const { image } = state
  const fieldCentre = convertDirection(field.phaseCentre, state.phaseCentre.frame)
  const [lowHz, highHz] = channelEdges(chunk, spw.channelFrequencyHz, spw.channelWidthHz)
  return {
    chunk,
    coefficients: stokesCoefficients(image.stokes, description.correlations),
    hands: image.pseudoI ? parallelHands(description) : null,
    ends: endCorrelations(description),
    scale: frequencyScale(spw.frame, image.spectral.frame, telescopePosition(observation), field.phaseCentre),
    rotation: baselineRotation(fieldCentre, state.phaseCentre),
    lowHz,
    highHz,
  }
}

function byId<T extends { readonly id: number }>(list: readonly T[], id: number, what: string): T {
  const found = list.find(item => item.id === id)
  if (found === undefined) {
    throw new ImagingError(`expected ${what} ${id} to be described by the observation, got none`, { id })
  }
  return found
}

function parallelHands(description: DataDescription): number[] {
  return description.correlations.flatMap((name, c) => (['RR', 'LL', 'XX', 'YY'].includes(name) ? [c] : []))
}

const MEASUREMENT_SET_ORDER = ['I', 'Q', 'U', 'V', 'RR', 'RL', 'LR', 'LL', 'XX', 'XY', 'YX', 'YY']

/** The order in the file is the reader's; CASA takes the first and the last of a MeasurementSet (RR and LL, XX and YY). */
function endCorrelations(description: DataDescription): [number, number] {
  const rank = description.correlations.map(name => MEASUREMENT_SET_ORDER.indexOf(name))
  return [rank.indexOf(Math.min(...rank)), rank.indexOf(Math.max(...rank))]
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

function addRow(state: Preparation, context: ChunkContext, row: number): void {
  const { chunk, rotation } = context
  const scale = context.scale(chunk.timeMjdSeconds[row])
  state.range.lowHz = Math.min(state.range.lowHz, context.lowHz * scale)
  state.range.highHz = Math.max(state.range.highHz, context.highHz * scale)
  let u = chunk.uvwMetres[3 * row]
  let v = chunk.uvwMetres[3 * row + 1]
  let w = chunk.uvwMetres[3 * row + 2]
  let pathMetres = 0
  if (rotation !== null) {
    const m = rotation.matrix
    const turnedW = m[6] * u + m[7] * v + m[8] * w
    const turnedU = m[0] * u + m[1] * v + m[2] * w
    v = m[3] * u + m[4] * v + m[5] * w
    u = turnedU
    pathMetres = turnedW - w
    w = turnedW
  }
  for (let channel = 0; channel < chunk.nChannel; channel++) {
    const perMetre = (chunk.frequencyHz[channel] * scale) / SPEED_OF_LIGHT
    addSample(state, context, row, channel, u * perMetre, v * perMetre, w * perMetre, pathMetres * perMetre)
  }
}

function addSample(
  state: Preparation,
  context: ChunkContext,
  row: number,
  channel: number,
  u: number,
  v: number,
  w: number,
  pathLambda: number,
): void {
  const { chunk, hands } = context
  const at = (row * chunk.nChannel + channel) * chunk.nCorrelation
  state.nRead++
  const weight = hands === null ? sampleWeight(chunk, at, context.ends) : pseudoWeight(chunk, at, hands)
  const badness = hands === null ? worstFlag(chunk, at) : 0
  if (badness > 0 || weight === 0) state.nFlagged++
  if (badness === 1 || weight === 0) return
  const sample = state.collector.add(u, v, w, weight)
  if (badness === FLAGGED_BY_ROW) {
    state.densityOnly.push(sample)
    return
  }
  const out = state.collector.visibility()
  const nPlane = state.image.stokes.length
  const cos = pathLambda === 0 ? 1 : Math.cos(2 * Math.PI * pathLambda)
  const sin = pathLambda === 0 ? 0 : -Math.sin(2 * Math.PI * pathLambda)
  for (let plane = 0; plane < nPlane; plane++) {
    const to = 2 * (sample * nPlane + plane)
    if (hands === null) combine(chunk, at, context.coefficients[plane], out, to)
    else combineHands(chunk, at, hands, out, to)
    const re = out[to]
    out[to] = re * cos - out[to + 1] * sin
    out[to + 1] = re * sin + out[to + 1] * cos
  }
}

/** 1 when any correlation is bad by itself, else FLAGGED_BY_ROW when the row is flagged, else 0. */
function worstFlag(chunk: VisibilityChunk, at: number): number {
  let worst = 0
  for (let c = at; c < at + chunk.nCorrelation; c++) {
    if (chunk.flag[c] === FLAGGED_BY_ROW) worst = FLAGGED_BY_ROW
    else if (chunk.flag[c] !== 0) return 1
  }
  return worst
}

/** (first + last)/2 of the weights; 0 when that is not a positive number. */
function sampleWeight(chunk: VisibilityChunk, at: number, ends: readonly [number, number]): number {
  const weight = 0.5 * (chunk.weight[at + ends[0]] + chunk.weight[at + ends[1]])
  return weight > 0 && Number.isFinite(weight) ? weight : 0
}

/** The share of (first + last)/2 that the unflagged hands bring: all of it for two of two. */
function pseudoWeight(chunk: VisibilityChunk, at: number, hands: readonly number[]): number {
  let good = 0
  let sum = 0
  for (const c of hands) {
    if (chunk.flag[at + c] !== 0) continue
    good++
    sum += chunk.weight[at + c]
  }
  const weight = good === 0 ? 0 : (sum / good) * (good / hands.length)
  return weight > 0 && Number.isFinite(weight) ? weight : 0
}

function combine(chunk: VisibilityChunk, at: number, coefficients: Float64Array, out: Float32Array, to: number): void {
  let re = 0
  let im = 0
  for (let c = 0; c < chunk.nCorrelation; c++) {
    const kr = coefficients[2 * c]
    const ki = coefficients[2 * c + 1]
    if (kr === 0 && ki === 0) continue
    const vr = chunk.visibility[2 * (at + c)]
    const vi = chunk.visibility[2 * (at + c) + 1]
    re += kr * vr - ki * vi
    im += kr * vi + ki * vr
  }
  out[to] = re
  out[to + 1] = im
}

function combineHands(
  chunk: VisibilityChunk,
  at: number,
  hands: readonly number[],
  out: Float32Array,
  to: number,
): void {
  let re = 0
  let im = 0
  let good = 0
  for (const c of hands) {
    if (chunk.flag[at + c] !== 0) continue
    re += chunk.visibility[2 * (at + c)]
    im += chunk.visibility[2 * (at + c) + 1]
    good++
  }
  out[to] = re / good
  out[to + 1] = im / good
}
