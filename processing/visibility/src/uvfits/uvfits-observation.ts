import type { FitsFile } from '@cleanbeam/fits'
import type { DataCensus, DataSelection, Observation, SelectionSurvey, VisibilityChunk } from '@cleanbeam/types'
import { resolveSelection } from '../selection/resolve-selection.ts'
import {
  emptyRowFacts,
  type ResolvedSelection,
  type Selectable,
  type SelectableObservation,
  type SelectedRows,
} from '../selection/selectable.ts'
import { VisibilityError } from '../visibility-error.ts'
import { type ChunkRequest, decodeGroups, type Tally } from './decode-groups.ts'
import { type GroupFacts, readGroupFacts } from './group-facts.ts'
import { DEFAULT_BLOCK_BYTES, readUvfits, type UvfitsContent } from './read-uvfits.ts'

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
  const content = await readUvfits(file, handle.path)
  const observation = { ...content.metadata, stateKey: handle.stateKey }
  const tally: Tally = { nVisibility: 0, nFlagged: 0, nZeroWeight: 0, nNotFinite: 0 }
  const reader: Reader = { ...content, observation, tally }
  return {
    ...observation,
    chunks: (selection, options = {}) => readChunks(reader, selection, options),
    select: selection => selectRows(reader, selection),
    usedBy: () => null,
    survey: selection => surveySelection(reader, selection),
    census: (): DataCensus => ({ ...tally }),
    close: () => handle.close(),
  }
}

interface Reader extends UvfitsContent {
  readonly observation: Omit<Observation, 'chunks' | 'survey' | 'census' | 'close'>
  readonly tally: Tally
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
  const { groups, context, observation } = reader
  const resolved = resolveSelection(selectableOf(reader), selection)
  const blockGroups = Math.max(1, Math.floor(DEFAULT_BLOCK_BYTES / (4 * groups.groupSize)))
  const fields = new Set<number>()
  let firstRow: SelectionSurvey['firstRow'] | null = null
  for (let first = 0; first < groups.nGroup; first += blockGroups) {
    const raw = await groups.read(first, Math.min(blockGroups, groups.nGroup - first))
    const facts = readGroupFacts(raw, groups, first, context)
    const requests = planChunks(reader, facts, resolved)
    for (const { field } of requests) fields.add(field)
    const [request] = requests
    if (request === undefined) continue
    const timeMjdSeconds = facts.timeMjdSeconds[request.groups[0]]
    firstRow ??= { field: request.field, dataDescription: request.description.id, timeMjdSeconds }
    if (fields.size === observation.fields.length) break
  }
  if (firstRow === null) throw nothingSelected(reader, resolved)
  const ascending = [...fields].sort((a, b) => a - b)
  // UVFITS has one set of visibilities; nobody means another by the default 'corrected'.
  return { firstRow, fields: ascending, channels: resolved.channels, remarks: [] }
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
