import type { Table } from '@cleanbeam/casatable'
import { ephemerisDirection, observatoryPosition } from '@cleanbeam/measures'
import type { Antenna, Correlation, DataDescription, SourceLine, SpectralWindow } from '@cleanbeam/types'
import type { SelectableField } from '../selection/selectable.ts'
import { VisibilityError } from '../visibility-error.ts'
import { arrayCell, scalarColumn, stringColumn } from './column-access.ts'
import { readEphemeris } from './ephemeris.ts'
import { directionFrame, spectralFrames } from './measure-reference.ts'
import { restFrequencies } from './rest-frequencies.ts'

/** The subtables of a MeasurementSet, as far as imaging needs them. */
export interface MeasurementSetMetadata {
  readonly telescope: string
  readonly observer: string
  readonly arrayPositionMetres: readonly [number, number, number] | null
  readonly spws: readonly SpectralWindow[]
  readonly dataDescriptions: readonly DataDescription[]
  readonly fields: readonly SelectableField[]
  readonly antennas: readonly Antenna[]
  /** OBS_MODE of every state; null when the table has no rows. */
  readonly intents: readonly string[] | null
}

const REQUIRED = ['ANTENNA', 'DATA_DESCRIPTION', 'FIELD', 'POLARIZATION', 'SPECTRAL_WINDOW'] as const

/**
 * Reads the subtables.
 * @throws VisibilityError when one that is needed is missing, or the ephemeris of a field is
 * @see CASA memo 229, "MeasurementSet definition version 2.0"
 */
export function readMetadata(ms: Table, moving: MovingFields = NOTHING_MOVES): MeasurementSetMetadata {
  const missing = REQUIRED.filter(name => !ms.hasSubtable(name))
  if (missing.length > 0) {
    throw new VisibilityError(
      `expected a MeasurementSet with the subtables ${REQUIRED.join(', ')}, got none of ${missing.join(', ')} (${ms.path}): the table is incomplete or not a MeasurementSet`,
      { path: ms.path },
    )
  }
  const antennas = readAntennas(ms.subtable('ANTENNA'))
  const observation = ms.hasSubtable('OBSERVATION') ? ms.subtable('OBSERVATION') : null
  const telescope = observation === null ? '' : (stringColumn(observation, 'TELESCOPE_NAME')[0] ?? '')
  const arrayPositionMetres = observatoryPosition(telescope) ?? antennas[0]?.positionMetres ?? null
  const states = ms.hasSubtable('STATE') ? ms.subtable('STATE') : null
  return {
    telescope,
    observer: observation === null ? '' : (stringColumn(observation, 'OBSERVER')[0] ?? ''),
    arrayPositionMetres,
    spws: readSpectralWindows(ms.subtable('SPECTRAL_WINDOW')),
    dataDescriptions: readDataDescriptions(ms.subtable('DATA_DESCRIPTION'), ms.subtable('POLARIZATION')),
    fields: readFields(ms.subtable('FIELD'), restFrequencies(ms), { ...moving, arrayPositionMetres }),
    antennas,
    intents: states === null || states.nRow === 0 ? null : stringColumn(states, 'OBS_MODE'),
  }
}

function readAntennas(table: Table): Antenna[] {
  const names = stringColumn(table, 'NAME')
  const stations = stringColumn(table, 'STATION')
  const positions = table.nRow === 0 ? new Float64Array(0) : scalarColumn(table, 'POSITION')
  const diameters = scalarColumn(table, 'DISH_DIAMETER')
  return names.map((name, id) => ({
    id,
    name,
    station: stations[id],
    positionMetres: [positions?.[3 * id] ?? 0, positions?.[3 * id + 1] ?? 0, positions?.[3 * id + 2] ?? 0],
    dishDiameterMetres: diameters?.[id] ?? 0,
  }))
}

function readSpectralWindows(table: Table): SpectralWindow[] {
  const names = stringColumn(table, 'NAME')
  const frames = spectralFrames(table)
  const references = scalarColumn(table, 'REF_FREQUENCY')
  const frequencies = table.column('CHAN_FREQ')
  const widths = table.column('CHAN_WIDTH')
  return names.map((name, id) => {
    const channelFrequencyHz = arrayCell(frequencies, id)
    return {
      id,
      name,
      frame: frames[id],
      channelFrequencyHz,
      channelWidthHz: arrayCell(widths, id).map(Math.abs),
      referenceFrequencyHz: references?.[id] ?? channelFrequencyHz[0],
    }
  })
}

/** Numbers under which MeasurementSets keep correlations (CORR_TYPE). */
const CORRELATIONS: Readonly<Record<number, Correlation>> = {
  1: 'I',
  2: 'Q',
  3: 'U',
  4: 'V',
  5: 'RR',
  6: 'RL',
  7: 'LR',
  8: 'LL',
  9: 'XX',
  10: 'XY',
  11: 'YX',
  12: 'YY',
}

function readDataDescriptions(table: Table, polarization: Table): DataDescription[] {
  const spws = scalarColumn(table, 'SPECTRAL_WINDOW_ID')
  const polarizations = scalarColumn(table, 'POLARIZATION_ID')
  const types = polarization.column('CORR_TYPE')
  return Array.from({ length: table.nRow }, (_, id) => ({
    id,
    spw: spws?.[id] ?? 0,
    correlations: Array.from(arrayCell(types, polarizations?.[id] ?? 0), code => {
      const correlation = CORRELATIONS[code]
      if (correlation !== undefined) return correlation
      throw new VisibilityError(
        `expected correlations I to V, RR to LL or XX to YY, got type ${code} (${polarization.path}, row ${polarizations?.[id]}): not yet supported: mixed feeds`,
        { code },
      )
    }),
  }))
}

/** What is needed to place fields that move. */
export interface MovingFields {
  /** The ephemeris table of that number in the folder of the FIELD table; null when there is none. */
  readonly ephemeris: (id: number) => Table | null
  /** Time of the first row of a field, modified Julian date in seconds, UTC; null when it has none. */
  readonly firstTimeOf: (field: number) => number | null
}

const NOTHING_MOVES: MovingFields = { ephemeris: () => null, firstTimeOf: () => null }

function readFields(
  table: Table,
  lines: ReadonlyMap<number, readonly SourceLine[]>,
  moving: MovingFields & { readonly arrayPositionMetres: readonly [number, number, number] | null },
): SelectableField[] {
  const sources = scalarColumn(table, 'SOURCE_ID')
  const names = stringColumn(table, 'NAME')
  const codes = stringColumn(table, 'CODE')
  const ephemerides = scalarColumn(table, 'EPHEMERIS_ID')
  const times = scalarColumn(table, 'TIME')
  const directions = table.column('PHASE_DIR')
  return names.map((name, id) => {
    const [longitudeRad, latitudeRad] = arrayCell(directions, id)
    const common = { id, name, code: codes[id], lines: lines.get(sources?.[id] ?? -1) }
    const ephemerisId = ephemerides?.[id] ?? -1
    if (ephemerisId < 0) {
      return { ...common, phaseCentre: { frame: directionFrame(table, 'PHASE_DIR', id), longitudeRad, latitudeRad } }
    }
    const ephemerisTable = moving.ephemeris(ephemerisId)
    if (ephemerisTable === null) {
      throw new VisibilityError(
        `expected the ephemeris EPHEM${ephemerisId}_….tab of field ${id} '${name}', got none (${table.path}): copy it into the FIELD table`,
        { field: id },
      )
    }
    const ephemeris = readEphemeris(ephemerisTable)
    const directionAt = (mjdSeconds: number) => {
      const body = ephemerisDirection(ephemeris, mjdSeconds, moving.arrayPositionMetres)
      // PHASE_DIR holds the offset from the body.
      return { ...body, longitudeRad: body.longitudeRad + longitudeRad, latitudeRad: body.latitudeRad + latitudeRad }
    }
    // A field without rows may have a time outside its ephemeris; nobody asks for its place.
    const time = moving.firstTimeOf(id) ?? Math.max(times?.[id] ?? 0, ephemeris.mjdTt[0] * 86_400 + 60)
    return { ...common, phaseCentre: directionAt(time), directionAt }
  })
}
