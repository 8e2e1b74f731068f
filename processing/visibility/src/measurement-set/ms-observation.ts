import type { Table } from '@cleanbeam/casatable'
import type { DataCensus, DataSelection, ObservedField, VisibilityChunk } from '@cleanbeam/types'
import { usedParts } from '../listing/list-scans.ts'
import { resolveSelection } from '../selection/resolve-selection.ts'
import type { ResolvedSelection, Selectable, SelectableObservation } from '../selection/selectable.ts'
import type { Tally } from '../uvfits/decode-groups.ts'
import { VisibilityError } from '../visibility-error.ts'
import { type MeasurementSetMetadata, readMetadata } from './metadata.ts'
import { columnRemarks, findDataColumns, readChunk } from './read-chunk.ts'
import { groupRows, type RowGroup, type RowIndex, readRowIndex } from './row-index.ts'

/** Bytes of one chunk's arrays, unless the caller says otherwise. */
const DEFAULT_CHUNK_BYTES = 64 * 1024 * 1024
/** Visibility, weight and flag of one complex sample. */
const BYTES_PER_SAMPLE = 13

/** What the file's owner adds. */
export interface MeasurementSetHandle {
  readonly path: string
  readonly stateKey: string
  /** Opens an ephemeris table of the FIELD table by its number; null when there is none. */
  readonly ephemeris?: (id: number) => Table | null
}

/**
 * Opens a MeasurementSet (version 2) as an observation; subtables and the small columns are read, visibilities are not.
 * @throws VisibilityError or CasatableError when it is incomplete or damaged
 * @see CASA memo 229
 */
export function openMeasurementSet(ms: Table, handle: MeasurementSetHandle): SelectableObservation {
  const index = readRowIndex(ms)
  const metadata = readMetadata(ms, {
    ephemeris: handle.ephemeris ?? (() => null),
    firstTimeOf: field => {
      const row = Array.prototype.indexOf.call(index.field, field)
      return row < 0 ? null : index.timeMjdSeconds[row]
    },
  })
  if (index.nRow === 0) {
    throw new VisibilityError(`expected visibilities, got a MeasurementSet without rows (${handle.path})`, {
      path: handle.path,
    })
  }
  const [startMjdSeconds, endMjdSeconds] = timeRange(index.timeMjdSeconds)
  const tally: Tally = { nVisibility: 0, nFlagged: 0, nZeroWeight: 0, nNotFinite: 0 }
  const reader: Reader = { ms, metadata, index, selectable: selectableOf(metadata, index, handle.path), tally }
  return {
    ...metadata,
    path: handle.path,
    stateKey: handle.stateKey,
    startMjdSeconds,
    endMjdSeconds,
    nRow: index.nRow,
    chunks: (selection, options = {}) => readChunks(reader, selection, options),
    select: async selection => {
      const { groups, resolved } = selectRows(reader, selection)
      return { rows: joinRows(groups, index.nRow), selection: resolved }
    },
    usedBy: rows => usedParts(index, metadata, rows),
    survey: async selection => {
      const { groups, resolved } = selectRows(reader, selection)
      const group = groups.find(each => hasChannels(metadata, each, resolved)) ?? groups[0]
      const timeMjdSeconds = index.timeMjdSeconds[group.rows[0]]
      const firstRow = { field: group.field, dataDescription: group.dataDescription, timeMjdSeconds }
      const columns = findDataColumns(ms, selection.datacolumn ?? 'data')
      const remarks = [
        ...columnRemarks(ms, columns, selection.datacolumn),
        ...groups.flatMap(each => motionRemark(metadata.fields[each.field], each.rows, index.timeMjdSeconds)),
      ]
      const fields = [...new Set(groups.map(each => each.field))].sort((a, b) => a - b)
      return { firstRow, fields, channels: resolved.channels, remarks }
    },
    census: (): DataCensus => ({ ...tally }),
    close: async () => ms.close(),
  }
}

/** Says how far a field moves while it is observed; its visibilities are imaged as if it stood still. */
function motionRemark(field: ObservedField, rows: Uint32Array, times: Float64Array): string[] {
  if (field.directionAt === undefined) return []
  const [from, to] = [field.directionAt(times[rows[0]]), field.directionAt(times[rows[rows.length - 1]])]
  const east = (to.longitudeRad - from.longitudeRad) * Math.cos(from.latitudeRad)
  const arcsec = Math.hypot(east, to.latitudeRad - from.latitudeRad) * (648_000 / Math.PI)
  return [
    `field ${field.id} '${field.name}' moves by ${arcsec.toFixed(1)} arcsec: it is imaged where it stands at first, moving with it`,
  ]
}

function hasChannels(metadata: MeasurementSetMetadata, group: RowGroup, resolved: ResolvedSelection): boolean {
  return resolved.channels.has(metadata.dataDescriptions[group.dataDescription].spw)
}

/** The rows of all groups in file order. */
function joinRows(groups: readonly RowGroup[], nRow: number): Uint32Array {
  if (groups.length === 1) return groups[0].rows
  const isSelected = new Uint8Array(nRow)
  let count = 0
  for (const { rows } of groups) {
    count += rows.length
    for (let i = 0; i < rows.length; i++) isSelected[rows[i]] = 1
  }
  const joined = new Uint32Array(count)
  for (let row = 0, at = 0; row < nRow; row++) if (isSelected[row] !== 0) joined[at++] = row
  return joined
}

interface Reader {
  readonly ms: Table
  readonly metadata: MeasurementSetMetadata
  readonly index: RowIndex
  readonly selectable: Selectable
  readonly tally: Tally
}

function selectableOf(metadata: MeasurementSetMetadata, index: RowIndex, path: string): Selectable {
  return {
    ...metadata,
    path,
    hasScans: index.scan !== null,
    firstRowMjdSeconds: index.timeMjdSeconds[0],
    firstRowExposureSeconds: index.firstExposureSeconds,
  }
}

function selectRows(reader: Reader, selection: DataSelection): { groups: RowGroup[]; resolved: ResolvedSelection } {
  const resolved = resolveSelection(reader.selectable, selection)
  const groups = groupRows(reader.index, reader.metadata.dataDescriptions, resolved)
  if (groups.length > 0) return { groups, resolved }
  throw new VisibilityError(
    `expected a selection that finds data, got none for ${resolved.text} (${reader.selectable.path}): loosen the selection`,
    { path: reader.selectable.path },
  )
}

async function* readChunks(
  reader: Reader,
  selection: DataSelection,
  options: { signal?: AbortSignal; maxBytes?: number },
): AsyncGenerator<VisibilityChunk> {
  const { metadata, index, tally } = reader
  const { groups, resolved } = selectRows(reader, selection)
  const columns = findDataColumns(reader.ms, selection.datacolumn ?? 'data')
  for (const group of groups) {
    const description = metadata.dataDescriptions[group.dataDescription]
    const spw = metadata.spws[description.spw]
    const channels = resolved.channels.get(description.spw)
    if (channels === undefined) continue
    const rowBytes = BYTES_PER_SAMPLE * channels.length * description.correlations.length
    const nRow = Math.max(1, Math.floor((options.maxBytes ?? DEFAULT_CHUNK_BYTES) / rowBytes))
    for (let first = 0; first < group.rows.length; first += nRow) {
      options.signal?.throwIfAborted()
      const rows = group.rows.slice(first, first + nRow)
      yield readChunk(columns, index, { description, spw, field: group.field, rows, channels }, tally)
    }
  }
}

function timeRange(times: Float64Array): [start: number, end: number] {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const time of times) {
    if (time < start) start = time
    if (time > end) end = time
  }
  return [start, end]
}
