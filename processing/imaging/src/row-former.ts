import { type DataDescription, FLAGGED_BY_ROW, type Stokes, type VisibilityChunk } from '@cleanbeam/types'
import { type StokesCoefficients, stokesCoefficients } from './stokes-formation.ts'

/**
 * One row of a chunk turned into image planes, channel by channel; values live until the next call.
 *
 * A weight is the mean of the weights of the first and the last correlation, for every plane; a flagged correlation
 * spoils the channel for all planes (pseudoI uses the hands that are left).
 */
export interface FormedRow {
  /** Complex, [channel, plane, 2], Jy. */
  readonly visibility: Float64Array
  /** [channel]; 0 where there is none. */
  readonly weight: Float64Array
  /** [channel]; 0 good, 1 bad, FLAGGED_BY_ROW where only the row's flag makes it bad. */
  readonly state: Uint8Array
}

/** Forms the rows of one chunk. */
export type RowFormer = (row: number) => FormedRow

/**
 * Prepares for a chunk's correlations.
 * @throws ImagingError when a plane cannot be made from them
 */
export function createRowFormer(
  chunk: VisibilityChunk,
  description: DataDescription,
  stokes: readonly Stokes[],
  pseudoI: boolean,
): RowFormer {
  const coefficients = stokesCoefficients(stokes, description.correlations)
  const formed: FormedRow = {
    visibility: new Float64Array(2 * chunk.nChannel * stokes.length),
    weight: new Float64Array(chunk.nChannel),
    state: new Uint8Array(chunk.nChannel),
  }
  if (pseudoI) {
    const hands = parallelHands(description)
    return row => formFromHands(chunk, row, hands, formed)
  }
  const ends = endCorrelations(description)
  return row => formFromAll(chunk, row, coefficients, ends, formed)
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

function formFromAll(
  chunk: VisibilityChunk,
  row: number,
  coefficients: StokesCoefficients,
  ends: readonly [number, number],
  formed: FormedRow,
): FormedRow {
  const { nChannel, nCorrelation } = chunk
  const nPlane = coefficients.length
  for (let channel = 0; channel < nChannel; channel++) {
    const at = (row * nChannel + channel) * nCorrelation
    const weight = 0.5 * (chunk.weight[at + ends[0]] + chunk.weight[at + ends[1]])
    const isUsable = weight > 0 && Number.isFinite(weight)
    formed.weight[channel] = isUsable ? weight : 0
    formed.state[channel] = isUsable ? worstFlag(chunk, at) : 1
    if (formed.state[channel] !== 0) continue
    for (let plane = 0; plane < nPlane; plane++) {
      combine(chunk, at, coefficients[plane], formed.visibility, 2 * (channel * nPlane + plane))
    }
  }
  return formed
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

function combine(chunk: VisibilityChunk, at: number, coefficients: Float64Array, out: Float64Array, to: number): void {
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

/** The weight is the share of (first + last)/2 that the unflagged hands bring: all of it for two of two. */
function formFromHands(chunk: VisibilityChunk, row: number, hands: readonly number[], formed: FormedRow): FormedRow {
  const { nChannel, nCorrelation } = chunk
  for (let channel = 0; channel < nChannel; channel++) {
    const at = (row * nChannel + channel) * nCorrelation
    let good = 0
    let sum = 0
    let re = 0
    let im = 0
    for (const c of hands) {
      if (chunk.flag[at + c] !== 0) continue
      good++
      sum += chunk.weight[at + c]
      re += chunk.visibility[2 * (at + c)]
      im += chunk.visibility[2 * (at + c) + 1]
    }
    const weight = good === 0 ? 0 : sum / hands.length
    const isUsable = weight > 0 && Number.isFinite(weight)
    formed.weight[channel] = isUsable ? weight : 0
    formed.state[channel] = isUsable ? 0 : 1
    formed.visibility[2 * channel] = re / good
    formed.visibility[2 * channel + 1] = im / good
  }
  return formed
}
