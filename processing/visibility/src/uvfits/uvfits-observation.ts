import { type FitsFile, type Hdu, openRandomGroups, type RandomGroups } from '@cleanbeam/fits'
import type {
  Correlation,
  DataCensus,
  DataDescription,
  DataSelection,
  Observation,
  SelectionSurvey,
  SpectralWindow,
  VisibilityChunk,
} from '@cleanbeam/types'
import { resolveSelection } from '../selection/resolve-selection.ts'
import {
  emptyRowFacts,
  type ResolvedSelection,
  type Selectable,
  type SelectableObservation,
  type SelectedRows,
} from '../selection/selectable.ts'
import { VisibilityError } from '../visibility-error.ts'
import { type AntennaTables, readAntennaTables } from './antenna-table.ts'
import { readAxes, readCorrelations } from './axes.ts'
import { type ChunkRequest, decodeGroups, type GroupFormat, type Tally } from './decode-groups.ts'
import { type FrequencySetups, readFrequencySetups } from './frequency-table.ts'
import { type GroupFacts, type ParameterContext, readGroupFacts, timeRangeOf } from './group-facts.ts'
import { layOutParameters, scaledValue } from './group-parameters.ts'
import { readSources } from './source-table.ts'

/** Bytes of the file read at once; a chunk takes about 1.5 times as much. */
const DEFAULT_BLOCK_BYTES = 64 * 1024 * 1024

/** What the file's owner adds: how to tell its state and how to close it. */
export interface UvfitsHandle {
  readonly path: string
  readonly stateKey: string
  close(): Promise<void>
}

/**
 * Opens the random groups of a UVFITS file as an observation; only headers and tables are read, and the groups' dates.
 *
 * Rows and spectral windows are numbered as CASA's importuvfits numbers them: every IF is a spectral window, row =
 * group · nIF + IF; correlations stand in MeasurementSet order (RR RL LR LL); uvw and visibilities are copied unchanged.
 * @throws VisibilityError or FitsError when the file is not a complete UVFITS observation
 * @see AIPS Memo 117
 */
export async function openUvfits(file: FitsFile, handle: UvfitsHandle): Promise<SelectableObservation> {
  const hdu = file.hdus[0]
  if (hdu.kind !== 'groups') {
    throw new VisibilityError(
      `expected visibilities (random groups), got ${hdu.axes.length > 0 ? `an image of ${hdu.axes.join(' x ')} pixels` : 'no random groups'} (${handle.path}): give a UVFITS file or a MeasurementSet`,
      { path: handle.path },
    )
  }
  const axes = readAxes(hdu)
  const groups = openRandomGroups(file, hdu)
  if (groups.nGroup === 0) {
    throw new VisibilityError(`expected visibilities, got a UVFITS file without any (${handle.path})`, {
      path: handle.path,
    })
  }
  const layout = layOutParameters(groups, hdu.header.where)
  const antennaTables = await readAntennaTables(file)
  const setups = await readFrequencySetups(file, hdu, axes)
  const sources = await readSources(file, hdu, axes, layout.source !== null)
  const correlations = readCorrelations(axes.stokes, hdu.header.where)
  const format: GroupFormat = {
    axes,
    nParameter: groups.parameters.length,
    groupSize: groups.groupSize,
    nIf: setups.nIf,
    fileCorrelations: correlations.map(each => each.fileIndex),
    dataScale: groups.scale,
    dataZero: groups.zero,
  }
  const context = { layout, antennaTables, fieldOfSource: sources.fieldOfSource, where: hdu.header.where }
  const firstGroup = await groups.read(0, 1)
  const firstRow = {
    timeMjdSeconds: timeRangeOf(firstGroup, groups.groupSize, context)[0],
    exposureSeconds: layout.integrationSeconds === null ? 0 : scaledValue(layout.integrationSeconds, firstGroup, 0),
  }
  const [startMjdSeconds, endMjdSeconds] = await timeRange(groups, context)
  const observation = {
    path: handle.path,
    stateKey: handle.stateKey,
    telescope: telescopeName(hdu, antennaTables),
    observer: hdu.header.string('OBSERVER', '').trim(),
    arrayPositionMetres: antennaTables.arrayPositionMetres,
    startMjdSeconds,
    endMjdSeconds,
    nRow: groups.nGroup * setups.nIf,
    spws: setups.spws,
    dataDescriptions: describeData(
      setups.spws,
      correlations.map(each => each.correlation),
    ),
    fields: sources.fields,
    antennas: antennaTables.antennas,
  }
  const tally: Tally = { nVisibility: 0, nFlagged: 0, nZeroWeight: 0, nNotFinite: 0 }
  const reader: Reader = { groups, format, context, setups, observation, tally, firstRow }
  return {
    ...observation,
    chunks: (selection, options = {}) => readChunks(reader, selection, options),
    select: selection => selectRows(reader, selection),
    survey: selection => surveySelection(reader, selection),
    census: (): DataCensus => ({ ...tally }),
    close: () => handle.close(),
  }
}

interface Reader {
  readonly groups: RandomGroups
  readonly format: GroupFormat
  readonly context: ParameterContext
  readonly setups: FrequencySetups
  readonly observation: Omit<Observation, 'chunks' | 'survey' | 'census' | 'close'>
  readonly tally: Tally
  readonly firstRow: { readonly timeMjdSeconds: number; readonly exposureSeconds: number }
}

/** Goes through the parameters of all groups; the visibilities are passed over. */
async function selectRows(reader: Reader, selection: DataSelection): Promise<SelectedRows> {
  const { groups, context, setups } = reader
  const resolved = resolveSelection(selectableOf(reader), selection)
  const rows: number[] = []
  const blockGroups = Math.max(1, Math.floor(DEFAULT_BLOCK_BYTES / (4 * groups.groupSize)))
  for (let first = 0; first < groups.nGroup; first += blockGroups) {
    const raw = await groups.read(first, Math.min(blockGroups, groups.nGroup - first))
    const facts = readGroupFacts(raw, groups, first, context)
    for (const request of planChunks(reader, facts, resolved)) {
      for (const group of request.groups) rows.push((first + group) * setups.nIf + request.iIf)
    }
  }
  if (rows.length === 0) throw nothingSelected(reader, resolved)
  return { rows: Uint32Array.from(rows).sort(), selection: resolved }
}

async function surveySelection(reader: Reader, selection: DataSelection): Promise<SelectionSurvey> {
  const { groups, context } = reader
  const resolved = resolveSelection(selectableOf(reader), selection)
  const blockGroups = Math.max(1, Math.floor(DEFAULT_BLOCK_BYTES / (4 * groups.groupSize)))
  for (let first = 0; first < groups.nGroup; first += blockGroups) {
    const raw = await groups.read(first, Math.min(blockGroups, groups.nGroup - first))
    const facts = readGroupFacts(raw, groups, first, context)
    const [request] = planChunks(reader, facts, resolved)
    if (request === undefined) continue
    const timeMjdSeconds = facts.timeMjdSeconds[request.groups[0]]
    const firstRow = { field: request.field, dataDescription: request.description.id, timeMjdSeconds }
    // UVFITS has one set of visibilities; nobody means another by the default 'corrected'.
    return { firstRow, channels: resolved.channels, remarks: [] }
  }
  throw nothingSelected(reader, resolved)
}

function nothingSelected(reader: Reader, resolved: ResolvedSelection): VisibilityError {
  const { path } = reader.observation
  return new VisibilityError(
    `expected a selection that finds data, got none for ${resolved.text} (${path}): loosen the selection`,
    { path },
  )
}

async function* readChunks(
  reader: Reader,
  selection: DataSelection,
  options: { signal?: AbortSignal; maxBytes?: number },
): AsyncGenerator<VisibilityChunk> {
  const { groups, context } = reader
  const resolved = resolveSelection(selectableOf(reader), selection)
  const blockGroups = Math.max(1, Math.floor((options.maxBytes ?? DEFAULT_BLOCK_BYTES) / (4 * groups.groupSize)))
  let nSelected = 0
  for (let first = 0; first < groups.nGroup; first += blockGroups) {
    options.signal?.throwIfAborted()
    const raw = await groups.read(first, Math.min(blockGroups, groups.nGroup - first))
    const facts = readGroupFacts(raw, groups, first, context)
    for (const request of planChunks(reader, facts, resolved)) {
      nSelected += request.groups.length
      yield decodeGroups(raw, facts, reader.format, request, reader.tally)
    }
  }
  if (nSelected === 0) throw nothingSelected(reader, resolved)
}

/** UVFITS files carry neither scans nor intents. */
function selectableOf(reader: Reader): Selectable {
  return {
    ...reader.observation,
    intents: null,
    hasScans: false,
    firstRowMjdSeconds: reader.firstRow.timeMjdSeconds,
    firstRowExposureSeconds: reader.firstRow.exposureSeconds,
  }
}

/** Sorts the selected groups of a block into chunks of one field and one spectral window each. */
function planChunks(reader: Reader, facts: GroupFacts, resolved: ResolvedSelection): ChunkRequest[] {
  const { setups, observation } = reader
  const rows = new Map<string, { field: number; spw: number; iIf: number; groups: number[] }>()
  const row = emptyRowFacts()
  for (let g = 0; g < facts.nGroup; g++) {
    const firstSpw = setups.firstSpw.get(facts.frequencySelection[g])
    if (firstSpw === undefined) throw unknownSetup(reader, facts, g)
    row.timeMjdSeconds = facts.timeMjdSeconds[g]
    row.antenna1 = facts.antenna1[g]
    row.antenna2 = facts.antenna2[g]
    row.field = facts.field[g]
    row.uMetres = facts.uvwMetres[3 * g]
    row.vMetres = facts.uvwMetres[3 * g + 1]
    row.array = facts.subarray[g]
    for (let iIf = 0; iIf < setups.nIf; iIf++) {
      row.spw = firstSpw + iIf
      row.dataDescription = row.spw
      if (!resolved.channels.has(row.spw) || !resolved.acceptsRow(row)) continue
      const key = `${row.spw}:${row.field}`
      const entry = rows.get(key) ?? { field: row.field, spw: row.spw, iIf, groups: [] }
      if (entry.groups.push(g) === 1) rows.set(key, entry)
    }
  }
  return [...rows.values()].map(entry => {
    const channels = resolved.channels.get(entry.spw) ?? new Int32Array(0)
    const { channelFrequencyHz } = observation.spws[entry.spw]
    return {
      description: observation.dataDescriptions[entry.spw],
      field: entry.field,
      iIf: entry.iIf,
      groups: Uint32Array.from(entry.groups),
      channels,
      frequencyHz: Float64Array.from(channels, k => channelFrequencyHz[k]),
    }
  })
}

function unknownSetup(reader: Reader, facts: GroupFacts, group: number): VisibilityError {
  const number = facts.frequencySelection[group]
  return new VisibilityError(
    `expected a FREQSEL of ${[...reader.setups.firstSpw.keys()].join(', ')}, got ${number} (${reader.context.where}, group ${facts.firstGroup + group}): the frequency table does not fit the data`,
    { group: facts.firstGroup + group, frequencySelection: number },
  )
}

async function timeRange(groups: RandomGroups, context: ParameterContext): Promise<[number, number]> {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  const block = Math.max(1, Math.floor(DEFAULT_BLOCK_BYTES / (4 * groups.groupSize)))
  for (let first = 0; first < groups.nGroup; first += block) {
    const raw = await groups.read(first, Math.min(block, groups.nGroup - first))
    const [earliest, latest] = timeRangeOf(raw, groups.groupSize, context)
    start = Math.min(start, earliest)
    end = Math.max(end, latest)
  }
  return [start, end]
}

function describeData(spws: readonly SpectralWindow[], correlations: readonly Correlation[]): DataDescription[] {
  return spws.map(spw => ({ id: spw.id, spw: spw.id, correlations }))
}

function telescopeName(hdu: Hdu, tables: AntennaTables): string {
  return hdu.header.string('TELESCOP', '').trim() || tables.arrayName
}
