import { type FitsFile, type Hdu, openRandomGroups, type RandomGroups } from '@cleanbeam/fits'
import type { Correlation, DataDescription, Observation, SpectralWindow } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'
import { type AntennaTables, readAntennaTables } from './antenna-table.ts'
import { readAxes, readCorrelations } from './axes.ts'
import type { GroupFormat } from './decode-groups.ts'
import { type FrequencySetups, readFrequencySetups } from './frequency-table.ts'
import { type ParameterContext, timeRangeOf } from './group-facts.ts'
import { layOutParameters, scaledValue } from './group-parameters.ts'
import { readSources } from './source-table.ts'

/** Bytes of the file read at once; a chunk takes about 1.5 times as much. */
export const DEFAULT_BLOCK_BYTES = 64 * 1024 * 1024

/** What headers and tables of a UVFITS file say, and how its groups are read. */
export interface UvfitsContent {
  readonly hdu: Hdu
  readonly groups: RandomGroups
  readonly format: GroupFormat
  readonly context: ParameterContext
  readonly setups: FrequencySetups
  readonly firstRow: { readonly timeMjdSeconds: number; readonly exposureSeconds: number }
  readonly metadata: Omit<Observation, 'stateKey' | 'chunks' | 'survey' | 'census' | 'close'>
}

/**
 * Reads headers, tables and the groups' dates.
 * @param path - for messages
 * @throws VisibilityError or FitsError when the file is not a complete UVFITS observation
 */
export async function readUvfits(file: FitsFile, path: string): Promise<UvfitsContent> {
  const hdu = file.hdus[0]
  if (hdu.kind !== 'groups') {
    throw new VisibilityError(
      `expected visibilities (random groups), got ${hdu.axes.length > 0 ? `an image of ${hdu.axes.join(' x ')} pixels` : 'no random groups'} (${path}): give a UVFITS file or a MeasurementSet`,
      { path },
    )
  }
  const axes = readAxes(hdu)
  const groups = openRandomGroups(file, hdu)
  if (groups.nGroup === 0) {
    throw new VisibilityError(`expected visibilities, got a UVFITS file without any (${path})`, {
      path,
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
  const metadata = {
    path,
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
  return { hdu, groups, format, context, setups, firstRow, metadata }
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
