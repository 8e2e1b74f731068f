// MODEL_DATA of a MeasurementSet: what a model predicts for the data.

import { stat } from 'node:fs/promises'
import type { WritableTable } from '@cleanbeam/casatable'
import { openTableForUpdate } from '@cleanbeam/casatable/node'
import type { Observation, VisibilityChunk } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'

/** Model visibilities for a chunk of data as it was read. */
export interface ModelChunk {
  readonly chunk: VisibilityChunk
  /** Complex, interleaved [row, channel, correlation, 2], Jy. */
  readonly visibility: Float32Array
}

const COLUMN = 'MODEL_DATA'
const MAX_FILL_BYTES = 16 * 2 ** 20

/**
 * Whether models can be written into the observation: a MeasurementSet that is a plain table.
 * @throws VisibilityError naming the file when it is something else
 */
export async function requireModelColumn(path: string): Promise<void> {
  if ((await stat(path)).isDirectory()) return
  throw new VisibilityError(
    `expected a MeasurementSet to write MODEL_DATA into, got a file (${path}): importuvfits makes one, or leave savemodel out`,
    { path },
  )
}

/**
 * Writes model visibilities into MODEL_DATA; what is not in the chunks stays as it is. A column that is missing is added,
 * 1 everywhere at first, as CASA does it.
 * @param observation - the opened MeasurementSet that the chunks were read from
 * @throws CasatableError when another process has the table open or locked
 */
export async function writeModelColumn(observation: Observation, chunks: AsyncIterable<ModelChunk>): Promise<void> {
  const table = openTableForUpdate(observation.path)
  try {
    if (!table.hasColumn(COLUMN)) addModelColumn(table)
    const column = table.column(COLUMN)
    for await (const { chunk, visibility } of chunks) {
      const runs = channelRuns(observation, chunk)
      const perChannel = 2 * chunk.nCorrelation
      const perRow = perChannel * chunk.nChannel
      for (let row = 0; row < chunk.nRow; row++) {
        for (const { first, channel, count } of runs) {
          const from = row * perRow + first * perChannel
          column.putRange(chunk.rowNumber[row], 1, visibility.subarray(from, from + count * perChannel), {
            slice: { start: [0, channel], count: [chunk.nCorrelation, count] },
          })
        }
      }
    }
  } finally {
    table.close()
  }
}

/** Neighbouring channels of a chunk that are neighbours in the file too. */
interface ChannelRun {
  /** Within the chunk. */
  readonly first: number
  /** In the file. */
  readonly channel: number
  readonly count: number
}

function channelRuns(observation: Observation, chunk: VisibilityChunk): ChannelRun[] {
  const description = observation.dataDescriptions.find(each => each.id === chunk.dataDescription)
  const spw = observation.spws.find(each => each.id === description?.spw)
  const runs: { first: number; channel: number; count: number }[] = []
  let next = 0
  for (const [index, hz] of chunk.frequencyHz.entries()) {
    const channel = spw?.channelFrequencyHz.indexOf(hz, next) ?? -1
    if (channel < 0) {
      throw new VisibilityError(`expected channels of the observation, got one at ${hz} Hz (${observation.path})`, {
        path: observation.path,
      })
    }
    const last = runs[runs.length - 1]
    if (last !== undefined && channel === last.channel + last.count) last.count++
    else runs.push({ first: index, channel, count: 1 })
    next = channel + 1
  }
  return runs
}

function addModelColumn(table: WritableTable): void {
  const data = table.column(table.hasColumn('DATA') ? 'DATA' : 'CORRECTED_DATA')
  const model = table.addColumn(
    { name: COLUMN, type: 'complex64', shape: 'variable', nAxis: 2, comment: 'The data column' },
    { type: 'TiledShapeStMan', name: 'TiledModel' },
  )
  for (let row = 0; row < table.nRow; ) {
    const shape = data.cellShape(row)
    const length = 2 * (shape ?? []).reduce((product, n) => product * n, 1)
    const most = Math.max(1, Math.floor(MAX_FILL_BYTES / (4 * length)))
    let end = row + 1
    while (end < table.nRow && end - row < most && sameShape(data.cellShape(end), shape)) end++
    if (shape !== null) {
      const ones = Float32Array.from({ length: length * (end - row) }, (_, i) => (i + 1) % 2)
      model.putRange(row, end - row, ones, { cellShape: shape })
    }
    row = end
  }
}

function sameShape(a: readonly number[] | null, b: readonly number[] | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
