import type { CellSlice, Table, TableColumn } from '@cleanbeam/casatable'
import { type DataDescription, FLAGGED_BY_ROW, type SpectralWindow, type VisibilityChunk } from '@cleanbeam/types'
import type { Tally } from '../uvfits/decode-groups.ts'
import { VisibilityError } from '../visibility-error.ts'
import type { RowIndex } from './row-index.ts'

/** The columns of the main table that hold visibilities, weights and flags. */
export interface DataColumns {
  /** DATA, CORRECTED_DATA or FLOAT_DATA. */
  readonly visibility: TableColumn
  readonly flag: TableColumn
  /** WEIGHT_SPECTRUM; null when it is missing or empty. */
  readonly weightSpectrum: TableColumn | null
  readonly weight: TableColumn
}

/**
 * Finds the columns to read. Where CORRECTED_DATA is asked for and missing, DATA stands in, as in CASA.
 * @throws VisibilityError when there are no visibilities
 */
export function findDataColumns(ms: Table, dataColumn: 'data' | 'corrected'): DataColumns {
  const wanted = dataColumn === 'corrected' ? ['CORRECTED_DATA', 'DATA', 'FLOAT_DATA'] : ['DATA', 'FLOAT_DATA']
  const name = wanted.find(each => ms.hasColumn(each))
  if (name === undefined || !ms.hasColumn('FLAG') || !ms.hasColumn('WEIGHT')) {
    throw new VisibilityError(
      `expected the columns DATA, FLAG and WEIGHT, got ${ms.columnNames.join(', ')} (${ms.path}): the MeasurementSet holds no visibilities`,
      { path: ms.path },
    )
  }
  const spectrum = ms.hasColumn('WEIGHT_SPECTRUM') ? ms.column('WEIGHT_SPECTRUM') : null
  return {
    visibility: ms.column(name),
    flag: ms.column('FLAG'),
    weightSpectrum: spectrum,
    weight: ms.column('WEIGHT'),
  }
}

/** Says which column stands in for CORRECTED_DATA, as CASA does it silently. */
export function columnRemarks(ms: Table, columns: DataColumns, asked: 'data' | 'corrected' | undefined): string[] {
  const { name } = columns.visibility
  return asked === 'corrected' && name !== 'CORRECTED_DATA'
    ? [`warning: there is no CORRECTED_DATA in ${ms.path}: ${name} is imaged (datacolumn='data' says so)`]
    : []
}

/** Which part of the main table goes into one chunk. */
export interface ChunkRequest {
  readonly description: DataDescription
  readonly spw: SpectralWindow
  readonly field: number
  readonly rows: Uint32Array
  readonly channels: Int32Array
}

/**
 * Reads one chunk.
 *
 * WEIGHT_SPECTRUM wins over WEIGHT where it is defined; SIGMA is not used. Row flags, autocorrelations, weights ≤ 0 and
 * values that are not finite (which become 0) flag.
 */
export function readChunk(columns: DataColumns, index: RowIndex, request: ChunkRequest, tally: Tally): VisibilityChunk {
  const { rows, channels, spw } = request
  const nCorrelation = request.description.correlations.length
  const plan = planChannels(channels)
  const slice: CellSlice = {
    start: [0, plan.start],
    count: [nCorrelation, plan.count],
    step: [1, plan.step],
  }
  const pick = new ChannelPicker(rows.length, plan, channels, nCorrelation)
  const chunk: VisibilityChunk = {
    dataDescription: request.description.id,
    field: request.field,
    nRow: rows.length,
    nChannel: channels.length,
    nCorrelation,
    rowNumber: rows,
    timeMjdSeconds: Float64Array.from(rows, r => index.timeMjdSeconds[r]),
    antenna1: Int32Array.from(rows, r => index.antenna1[r]),
    antenna2: Int32Array.from(rows, r => index.antenna2[r]),
    frequencyHz: Float64Array.from(channels, k => spw.channelFrequencyHz[k]),
    uvwMetres: gatherUvw(rows, index.uvwMetres),
    visibility: readVisibilities(columns.visibility, rows, slice, pick),
    weight: readWeights(columns, rows, slice, pick),
    flag: pick.take(columns.flag.getRows(rows, { slice }).data as unknown as Uint8Array, 1),
  }
  foldFlags(chunk, index.flagRow, tally)
  return chunk
}

interface ChannelPlan {
  readonly start: number
  readonly count: number
  readonly step: number
  /** True when the slice holds exactly the channels wanted. */
  readonly isExact: boolean
}

/** The smallest regular slice that covers the channels. */
function planChannels(channels: Int32Array): ChannelPlan {
  const start = channels[0]
  const last = channels[channels.length - 1]
  const step = channels.length > 1 ? channels[1] - channels[0] : 1
  const isRegular = channels.every((channel, i) => channel === start + i * step)
  if (isRegular) return { start, count: channels.length, step, isExact: true }
  return { start, count: last - start + 1, step: 1, isExact: false }
}

/** Takes the wanted channels out of arrays [row, sliced channel, correlation]. */
class ChannelPicker {
  readonly #nRow: number
  readonly #plan: ChannelPlan
  readonly #channels: Int32Array
  readonly #nCorrelation: number

  constructor(nRow: number, plan: ChannelPlan, channels: Int32Array, nCorrelation: number) {
    this.#nRow = nRow
    this.#plan = plan
    this.#channels = channels
    this.#nCorrelation = nCorrelation
  }

  get size(): number {
    return this.#nRow * this.#channels.length * this.#nCorrelation
  }

  /** @param numbersPerValue - 2 for complex */
  take<T extends Float32Array | Uint8Array>(values: T, numbersPerValue: number): T {
    if (this.#plan.isExact) return values
    const width = this.#nCorrelation * numbersPerValue
    const out = values.slice(0, this.size * numbersPerValue) as T
    for (let row = 0, at = 0; row < this.#nRow; row++) {
      for (const channel of this.#channels) {
        const from = (row * this.#plan.count + channel - this.#plan.start) * width
        for (let i = 0; i < width; i++) out[at++] = values[from + i]
      }
    }
    return out
  }
}

function readVisibilities(column: TableColumn, rows: Uint32Array, slice: CellSlice, pick: ChannelPicker): Float32Array {
  const data = column.getRows(rows, { slice }).data as unknown as Float32Array
  if (column.type === 'complex64') return pick.take(data, 2)
  if (column.type !== 'float32') {
    throw new VisibilityError(
      `expected complex64 or float32 visibilities, got ${column.type} (column ${column.name})`,
      {
        column: column.name,
      },
    )
  }
  const real = pick.take(data, 1)
  const visibility = new Float32Array(2 * real.length)
  for (let i = 0; i < real.length; i++) visibility[2 * i] = real[i]
  return visibility
}

function readWeights(columns: DataColumns, rows: Uint32Array, slice: CellSlice, pick: ChannelPicker): Float32Array {
  const { weightSpectrum } = columns
  const shape = weightSpectrum === null || rows.length === 0 ? null : weightSpectrum.cellShape(rows[0])
  if (weightSpectrum !== null && shape !== null && shape.length === 2 && shape[0] > 0 && shape[1] > 0) {
    return pick.take(weightSpectrum.getRows(rows, { slice }).data as unknown as Float32Array, 1)
  }
  const perRow = columns.weight.getRows(rows).data as unknown as Float32Array
  const nCorrelation = slice.count[0]
  const nChannel = pick.size / Math.max(1, rows.length * nCorrelation)
  const weight = new Float32Array(pick.size)
  for (let row = 0, at = 0; row < rows.length; row++) {
    for (let k = 0; k < nChannel; k++) {
      for (let p = 0; p < nCorrelation; p++) weight[at++] = perRow[row * nCorrelation + p]
    }
  }
  return weight
}

function gatherUvw(rows: Uint32Array, uvwMetres: Float64Array): Float64Array {
  const out = new Float64Array(3 * rows.length)
  for (let i = 0; i < rows.length; i++) {
    for (let k = 0; k < 3; k++) out[3 * i + k] = uvwMetres[3 * rows[i] + k]
  }
  return out
}

function foldFlags(chunk: VisibilityChunk, flagRow: ArrayLike<number> | null, tally: Tally): void {
  const { visibility, weight, flag, nRow } = chunk
  const perRow = chunk.nChannel * chunk.nCorrelation
  for (let row = 0; row < nRow; row++) {
    const isAutocorrelation = chunk.antenna1[row] === chunk.antenna2[row]
    const isFlaggedRow = (flagRow?.[chunk.rowNumber[row]] ?? 0) !== 0
    for (let i = row * perRow; i < (row + 1) * perRow; i++) {
      // A product is finite only when all its factors are; 0 × Infinity is NaN.
      const isGood = 0 * visibility[2 * i] * visibility[2 * i + 1] * weight[i] === 0
      if (!isGood) {
        visibility[2 * i] = 0
        visibility[2 * i + 1] = 0
        weight[i] = 0
        tally.nNotFinite++
      }
      const isBad = isAutocorrelation || flag[i] !== 0 || !(weight[i] > 0)
      if (isBad || isFlaggedRow) {
        if (isGood && weight[i] <= 0) tally.nZeroWeight++
        flag[i] = isBad ? 1 : FLAGGED_BY_ROW
        tally.nFlagged++
      }
    }
  }
  tally.nVisibility += flag.length
}
