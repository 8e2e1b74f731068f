import { createPacer, type KernelPool, type Pacer } from '@cleanbeam/math'
import { SPEED_OF_LIGHT } from '@cleanbeam/measures'
import type {
  CallOptions,
  Correlation,
  DataSelection,
  Direction,
  ImageCoordinates,
  ImageShape,
  Observation,
  Stokes,
  VisibilityChunk,
} from '@cleanbeam/types'
import { type BaselineRotation, baselineRotation } from './baseline-rotation.ts'
import { frequencyScale } from './frequency-scale.ts'
import { ImagingError } from './imaging-error.ts'
import { openTransforms } from './open-transforms.ts'
import type { PlaneTransforms, Samples } from './plane-transforms.ts'
import { telescopePosition } from './telescope-position.ts'

/** A model image whose visibilities are wanted. */
export interface PredictedImage {
  readonly coordinates: ImageCoordinates
  /** Of one Taylor term. */
  readonly shape: ImageShape
  /** Jy/pixel; Taylor terms in (ν − ν0)/ν0 follow one another. */
  readonly model: Float32Array
  /** See `MajorCycleOptions.wTerm`. */
  readonly wTerm: 'ignore' | 'auto'
}

export interface PredictionOptions extends CallOptions {
  readonly pool?: KernelPool
  /** Accuracy as in `MajorCycleOptions`; default 1e-5. */
  readonly epsilon?: number
  /** Largest piece read at once. */
  readonly maxChunkBytes?: number
}

/** Model visibilities of a chunk of data. */
export interface PredictedChunk {
  /** Index into the observations. */
  readonly observation: number
  readonly chunk: VisibilityChunk
  /** Complex, interleaved [row, channel, correlation, 2], Jy; 0 where any correlation of the sample is flagged. */
  readonly visibility: Float32Array
}

/**
 * Predicts the visibilities of models for the selected data, the sum over all images, with phases of each row's own field.
 * A cube's channel predicts the data channels whose centres it contains. Chunks come as the observation reads them.
 */
export async function* predictVisibilities(
  observations: readonly Observation[],
  selections: readonly DataSelection[],
  images: readonly PredictedImage[],
  options: PredictionOptions = {},
): AsyncGenerator<PredictedChunk> {
  const pacer = createPacer(options)
  for (const [index, observation] of observations.entries()) {
    const selection = selections[Math.min(index, selections.length - 1)] ?? {}
    const reading = { signal: options.signal, maxBytes: options.maxChunkBytes }
    for await (const chunk of observation.chunks(selection, reading)) {
      const sum = new Float64Array(2 * chunk.nRow * chunk.nChannel * chunk.nCorrelation)
      for (const image of images) await addImage(observation, chunk, image, sum, options, pacer)
      yield { observation: index, chunk, visibility: unflagged(chunk, sum) }
    }
  }
}

/** Rows of a chunk as seen from an image's centre. */
interface TurnedRows {
  /** [row, 3], metres, times the factor to the image's frame. */
  readonly uvwMetres: Float64Array
  /** Path by which phases of the image lag those of the field, metres, times the same factor, [row]. */
  readonly pathMetres: Float64Array
  /** Factor to the image's frame, [row]. */
  readonly scale: Float64Array
}

async function addImage(
  observation: Observation,
  chunk: VisibilityChunk,
  image: PredictedImage,
  sum: Float64Array,
  options: PredictionOptions,
  pacer: Pacer,
): Promise<void> {
  const rows = turnRows(observation, chunk, image.coordinates)
  const { correlations } = byId(observation.dataDescriptions, chunk.dataDescription)
  const transforms = await openTransforms(options.pool, geometry(chunk, rows, image, options.epsilon ?? 1e-5))
  try {
    for (let channel = 0; channel < image.shape[3]; channel++) {
      const columns = dataChannels(chunk, image, channel, rows.scale)
      if (columns.length === 0) continue
      const frequencyHz = columns.map(c => chunk.frequencyHz[c])
      const placed = await transforms.place({ uvwMetres: rows.uvwMetres, frequencyHz: Float64Array.from(frequencyHz) })
      const out = newSamples(transforms, 2 * chunk.nRow * columns.length)
      try {
        for (let stokes = 0; stokes < image.shape[2]; stokes++) {
          const mixing = correlationsOf(image.coordinates.stokes[stokes], correlations)
          for (const { term, plane } of modelPlanes(image, stokes, channel)) {
            options.signal?.throwIfAborted()
            await transforms.degrid(plane, [{ placed, predicted: out }], { signal: options.signal })
            const referenceHz = term === 0 ? null : image.coordinates.spectral.referenceHz
            addPlane(chunk, rows, columns, out, { mixing, term, referenceHz }, sum)
            if (pacer.due()) await pacer.rest()
          }
        }
      } finally {
        transforms.memory.free(out)
        placed.dispose()
      }
    }
  } finally {
    transforms.dispose()
  }
}

function turnRows(observation: Observation, chunk: VisibilityChunk, coordinates: ImageCoordinates): TurnedRows {
  const { direction, spectral } = coordinates
  const [longitudeRad, latitudeRad] = direction.referenceRad
  const centre: Direction = { frame: direction.frame, longitudeRad, latitudeRad }
  const field = byId(observation.fields, chunk.field)
  const spw = byId(observation.spws, byId(observation.dataDescriptions, chunk.dataDescription).spw)
  const rotation = baselineRotation(field.phaseCentre, centre, coordinates.observation.dateMjd)
  const toImage = frequencyScale(spw.frame, spectral.frame, telescopePosition(observation), field.phaseCentre)
  const uvwMetres = new Float64Array(3 * chunk.nRow)
  const pathMetres = new Float64Array(chunk.nRow)
  const scale = new Float64Array(chunk.nRow)
  for (let row = 0; row < chunk.nRow; row++) {
    const factor = toImage(chunk.timeMjdSeconds[row])
    scale[row] = factor
    const w = chunk.uvwMetres[3 * row + 2]
    turn(rotation, chunk.uvwMetres, row, uvwMetres)
    pathMetres[row] = (uvwMetres[3 * row + 2] - w) * factor
    for (let axis = 0; axis < 3; axis++) uvwMetres[3 * row + axis] *= factor
  }
  return { uvwMetres, pathMetres, scale }
}

function turn(rotation: BaselineRotation | null, from: Float64Array, row: number, to: Float64Array): void {
  for (let axis = 0; axis < 3; axis++) {
    let sum = 0
    for (let k = 0; k < 3; k++) {
      const element = rotation === null ? Number(axis === k) : rotation.matrix[3 * axis + k]
      sum += element * from[3 * row + k]
    }
    to[3 * row + axis] = sum
  }
}

function byId<T extends { readonly id: number }>(list: readonly T[], id: number): T {
  const found = list.find(item => item.id === id)
  if (found === undefined) throw new ImagingError(`expected number ${id} to be described by the observation, got none`)
  return found
}

function geometry(chunk: VisibilityChunk, rows: TurnedRows, image: PredictedImage, epsilon: number) {
  const highestHz = chunk.frequencyHz.reduce((high, hz) => Math.max(high, hz), 0)
  let maxAbsUv = 0
  let maxAbsW = 0
  for (let row = 0; row < chunk.nRow; row++) {
    const [u, v, w] = [0, 1, 2].map(axis => Math.abs(rows.uvwMetres[3 * row + axis]))
    maxAbsUv = Math.max(maxAbsUv, u, v)
    maxAbsW = Math.max(maxAbsW, w)
  }
  const [dx, dy] = image.coordinates.direction.incrementRad
  return {
    nx: image.shape[0],
    ny: image.shape[1],
    cellRad: [Math.abs(dx), Math.abs(dy)] as const,
    epsilon,
    wTerm: image.wTerm,
    maxAbsWLambda: (maxAbsW * highestHz) / SPEED_OF_LIGHT,
    maxAbsUvLambda: (maxAbsUv * highestHz) / SPEED_OF_LIGHT,
    nSample: chunk.nRow * chunk.nChannel,
    planeBytes: 2 ** 28,
  }
}

/** Data channels that an output channel predicts: all of them in an image of one channel. */
function dataChannels(chunk: VisibilityChunk, image: PredictedImage, channel: number, scale: Float64Array): number[] {
  const all = Array.from(chunk.frequencyHz, (_, c) => c)
  if (image.shape[3] === 1) return all
  const { referenceHz, referencePixel, incrementHz } = image.coordinates.spectral
  const centreHz = referenceHz + (channel - referencePixel) * incrementHz
  const middle = scale[Math.floor(scale.length / 2)]
  return all.filter(c => {
    const away = (chunk.frequencyHz[c] * middle - centreHz) / incrementHz
    return away >= -0.5 && away < 0.5
  })
}

function* modelPlanes(
  { model, shape }: PredictedImage,
  stokes: number,
  channel: number,
): Generator<{ term: number; plane: Float32Array }> {
  const [nx, ny, nStokes, nChannel] = shape
  const perTerm = nx * ny * nStokes * nChannel
  for (let term = 0; term * perTerm < model.length; term++) {
    const start = term * perTerm + nx * ny * (stokes + nStokes * channel)
    const plane = model.subarray(start, start + nx * ny)
    if (plane.some(value => value !== 0)) yield { term, plane }
  }
}

function newSamples({ precision, memory }: PlaneTransforms, length: number): Samples {
  return precision === 'f32' ? memory.float32(length) : memory.float64(length)
}

/** What a plane gives each correlation: complex factors [correlation, 2], and a power of (ν − ν0)/ν0. */
interface PlaneShare {
  readonly mixing: Float64Array
  readonly term: number
  /** ν0; null for the power 0. */
  readonly referenceHz: number | null
}

function addPlane(
  chunk: VisibilityChunk,
  rows: TurnedRows,
  columns: readonly number[],
  predicted: Samples,
  { mixing, term, referenceHz }: PlaneShare,
  sum: Float64Array,
): void {
  const { nChannel, nCorrelation } = chunk
  for (let row = 0; row < chunk.nRow; row++) {
    for (const [index, c] of columns.entries()) {
      const hz = chunk.frequencyHz[c]
      const at = 2 * (row * columns.length + index)
      const angle = (2 * Math.PI * rows.pathMetres[row] * hz) / SPEED_OF_LIGHT
      const power = referenceHz === null ? 1 : ((hz * rows.scale[row] - referenceHz) / referenceHz) ** term
      const cos = power * Math.cos(angle)
      const sin = power * Math.sin(angle)
      const re = predicted[at] * cos - predicted[at + 1] * sin
      const im = predicted[at] * sin + predicted[at + 1] * cos
      const to = 2 * (row * nChannel + c) * nCorrelation
      for (let k = 0; k < nCorrelation; k++) {
        sum[to + 2 * k] += re * mixing[2 * k] - im * mixing[2 * k + 1]
        sum[to + 2 * k + 1] += re * mixing[2 * k + 1] + im * mixing[2 * k]
      }
    }
  }
}

/**
 * What each Stokes parameter gives each correlation: RR = I + V, LL = I − V, RL = Q + iU, LR = Q − iU; XX = I + Q,
 * YY = I − Q, XY = U + iV, YX = U − iV.
 * @see J. Hamaker, J. Bregman, R. Sault, A&AS 117 (1996) 137
 */
const MIXING: Readonly<Record<string, Readonly<Partial<Record<Correlation, readonly [number, number]>>>>> = {
  I: { RR: [1, 0], LL: [1, 0], XX: [1, 0], YY: [1, 0] },
  Q: { RL: [1, 0], LR: [1, 0], XX: [1, 0], YY: [-1, 0] },
  U: { RL: [0, 1], LR: [0, -1], XY: [1, 0], YX: [1, 0] },
  V: { RR: [1, 0], LL: [-1, 0], XY: [0, 1], YX: [0, -1] },
}

function correlationsOf(stokes: Stokes, correlations: readonly Correlation[]): Float64Array {
  const mixing = new Float64Array(2 * correlations.length)
  correlations.forEach((correlation, k) => {
    const share = correlation === stokes ? ([1, 0] as const) : MIXING[stokes]?.[correlation]
    if (share !== undefined) mixing.set(share, 2 * k)
  })
  return mixing
}

function unflagged(chunk: VisibilityChunk, sum: Float64Array): Float32Array {
  const visibility = Float32Array.from(sum)
  const { nCorrelation } = chunk
  for (let sample = 0; sample < chunk.nRow * chunk.nChannel; sample++) {
    const flags = chunk.flag.subarray(sample * nCorrelation, (sample + 1) * nCorrelation)
    if (flags.some(flag => flag !== 0)) visibility.fill(0, 2 * sample * nCorrelation, 2 * (sample + 1) * nCorrelation)
  }
  return visibility
}
