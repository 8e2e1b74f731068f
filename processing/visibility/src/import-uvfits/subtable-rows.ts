import type { CellValue } from '@cleanbeam/casatable'
import { TableRecord } from '@cleanbeam/casatable'
import type { Correlation } from '@cleanbeam/types'
import type { AntennaDetails } from '../uvfits/antenna-table.ts'
import type { UvfitsContent } from '../uvfits/read-uvfits.ts'
import { frequencyFrameCode } from './make-ms-table.ts'
import type { MsTableName } from './ms-columns.ts'

/** Cells of one row; arrays that are left out stay undefined, scalars get their defaults. */
export type MsRow = Readonly<Record<string, CellValue>>

/** casacore's numbers of correlations, and the receptors of each. */
const CORRELATIONS: Readonly<Record<Correlation, readonly [code: number, first: number, second: number]>> = {
  I: [1, 0, 0],
  Q: [2, 0, 0],
  U: [3, 0, 0],
  V: [4, 0, 0],
  RR: [5, 0, 0],
  RL: [6, 0, 1],
  LR: [7, 1, 0],
  LL: [8, 1, 1],
  XX: [9, 0, 0],
  XY: [10, 0, 1],
  YX: [11, 1, 0],
  YY: [12, 1, 1],
}
const MOUNTS = ['ALT-AZ', 'EQUATORIAL', 'ORBITING', 'X-Y', 'ALT-AZ+NASMYTH-R', 'ALT-AZ+NASMYTH-L']

/** Diameters of dishes whose files leave them out, metres. */
const DISHES: Readonly<Record<string, number>> = { VLBA: 25, VLA: 25, EVLA: 25, WSRT: 25, ATCA: 22, GMRT: 45, ALMA: 12 }

/** Rows of the subtables of a MeasurementSet made from a UVFITS file; the other subtables are empty. */
export function subtableRows(content: UvfitsContent, dateMjdSeconds: number): Partial<Record<MsTableName, MsRow[]>> {
  const { metadata } = content
  const correlations = metadata.dataDescriptions[0].correlations
  return {
    ANTENNA: antennaRows(content),
    DATA_DESCRIPTION: metadata.spws.map(({ id }) => ({ SPECTRAL_WINDOW_ID: id, POLARIZATION_ID: 0, FLAG_ROW: false })),
    FEED: feedRows(content, correlations, dateMjdSeconds),
    FIELD: fieldRows(content, dateMjdSeconds),
    HISTORY: historyRows(content, dateMjdSeconds),
    OBSERVATION: [observationRow(content, dateMjdSeconds)],
    POLARIZATION: [polarisationRow(correlations)],
    SOURCE: sourceRows(content),
    SPECTRAL_WINDOW: spectralWindowRows(content),
  }
}

const vector = (values: readonly number[]) => ({ shape: [values.length], data: Float64Array.from(values) })

function antennaRows({ metadata, context }: UvfitsContent): MsRow[] {
  return metadata.antennas.map((antenna, id) => {
    const details = context.antennaTables.details[id]
    return {
      NAME: details === null ? '' : String(numberInSubarray(context.antennaTables.firstId, id)),
      STATION: antenna.station,
      TYPE: details === null ? '' : details.mount === 2 ? 'SPACE-BASED' : 'GROUND-BASED',
      MOUNT: details === null ? '' : (MOUNTS[details.mount] ?? ''),
      POSITION: vector(antenna.positionMetres),
      OFFSET: vector([details?.axisOffsetMetres ?? 0, 0, 0]),
      DISH_DIAMETER:
        details === null ? 0 : antenna.dishDiameterMetres || (DISHES[metadata.telescope.toUpperCase()] ?? 0),
      FLAG_ROW: details === null,
    }
  })
}

/** The station number (NOSTA), by which antennas are named. */
function numberInSubarray(firstId: readonly number[], id: number): number {
  return id - Math.max(...firstId.filter(first => first <= id)) + 1
}

function feedRows({ context }: UvfitsContent, correlations: readonly Correlation[], dateMjdSeconds: number): MsRow[] {
  const isLinear = correlations[0].startsWith('X') || correlations[0].startsWith('Y')
  const some = context.antennaTables.details.find(each => each !== null) ?? null
  // Numbers that no antenna has get feeds like the others.
  const all = context.antennaTables.details.map(details => details ?? some)
  return all.map((details, id) => ({
    ANTENNA_ID: id,
    FEED_ID: 0,
    SPECTRAL_WINDOW_ID: -1,
    TIME: dateMjdSeconds,
    INTERVAL: 0,
    NUM_RECEPTORS: 2,
    BEAM_ID: -1,
    BEAM_OFFSET: { shape: [2, 2], data: new Float64Array(4) },
    POLARIZATION_TYPE: { shape: [2], data: receptors(details, isLinear) },
    POL_RESPONSE: { shape: [2, 2], data: Float32Array.of(1, 0, 0, 0, 0, 0, 1, 0) },
    POSITION: vector([0, 0, 0]),
    RECEPTOR_ANGLE: vector(details?.feedAngleRad ?? [0, 0]),
  }))
}

function receptors(details: AntennaDetails | null, isLinear: boolean): string[] {
  const [first, second] = details?.polarisations ?? ['', '']
  return first !== '' && second !== '' ? [first, second] : isLinear ? ['X', 'Y'] : ['R', 'L']
}

function fieldRows({ metadata }: UvfitsContent, dateMjdSeconds: number): MsRow[] {
  return metadata.fields.map(({ id, name, phaseCentre }) => {
    const direction = {
      shape: [2, 1],
      data: Float64Array.of(wrapped(phaseCentre.longitudeRad), phaseCentre.latitudeRad),
    }
    return {
      NAME: name,
      CODE: ' ',
      TIME: dateMjdSeconds,
      NUM_POLY: 0,
      DELAY_DIR: direction,
      PHASE_DIR: direction,
      REFERENCE_DIR: direction,
      SOURCE_ID: id,
      FLAG_ROW: false,
    }
  })
}

/** Longitudes as MeasurementSets keep them, −π to π. */
function wrapped(longitudeRad: number): number {
  return longitudeRad > Math.PI ? longitudeRad - 2 * Math.PI : longitudeRad
}

function historyRows({ hdu }: UvfitsContent, dateMjdSeconds: number): MsRow[] {
  return hdu.header.history().map(line => ({
    TIME: dateMjdSeconds,
    OBSERVATION_ID: 0,
    MESSAGE: line.trimEnd(),
    PRIORITY: 'NORMAL',
    ORIGIN: 'importuvfits',
    OBJECT_ID: 0,
    APPLICATION: 'cleanbeam',
    CLI_COMMAND: { shape: [1], data: [''] },
    APP_PARAMS: { shape: [1], data: [''] },
  }))
}

function observationRow({ metadata }: UvfitsContent, dateMjdSeconds: number): MsRow {
  return {
    TELESCOPE_NAME: metadata.telescope,
    TIME_RANGE: vector([metadata.startMjdSeconds, metadata.endMjdSeconds]),
    OBSERVER: metadata.observer,
    SCHEDULE_TYPE: '',
    PROJECT: '',
    RELEASE_DATE: dateMjdSeconds,
    FLAG_ROW: false,
  }
}

function polarisationRow(correlations: readonly Correlation[]): MsRow {
  const entries = correlations.map(each => CORRELATIONS[each])
  return {
    NUM_CORR: entries.length,
    CORR_TYPE: { shape: [entries.length], data: Int32Array.from(entries, ([code]) => code) },
    CORR_PRODUCT: {
      shape: [2, entries.length],
      data: Int32Array.from(entries.flatMap(([, first, second]) => [first, second])),
    },
    FLAG_ROW: false,
  }
}

function sourceRows({ metadata, firstRow }: UvfitsContent): MsRow[] {
  return metadata.fields.flatMap(({ id, name, phaseCentre }) =>
    metadata.spws.map(spw => ({
      SOURCE_ID: id,
      TIME: firstRow.timeMjdSeconds,
      INTERVAL: Number.MAX_VALUE,
      SPECTRAL_WINDOW_ID: spw.id,
      NUM_LINES: 1,
      NAME: name,
      CALIBRATION_GROUP: -1,
      CODE: '',
      DIRECTION: vector([wrapped(phaseCentre.longitudeRad), phaseCentre.latitudeRad]),
      PROPER_MOTION: vector([0, 0]),
      REST_FREQUENCY: vector([0]),
      SYSVEL: vector([0]),
      TRANSITION: { shape: [1], data: [''] },
      SOURCE_MODEL: new TableRecord(),
    })),
  )
}

function spectralWindowRows({ metadata, setups }: UvfitsContent): MsRow[] {
  return metadata.spws.map(spw => {
    const widths = vector([...spw.channelWidthHz])
    return {
      NUM_CHAN: spw.channelFrequencyHz.length,
      NAME: 'none',
      REF_FREQUENCY: spw.referenceFrequencyHz,
      CHAN_FREQ: vector([...spw.channelFrequencyHz]),
      CHAN_WIDTH: widths,
      MEAS_FREQ_REF: frequencyFrameCode(spw.frame),
      EFFECTIVE_BW: widths,
      RESOLUTION: widths,
      TOTAL_BANDWIDTH: spw.channelWidthHz.reduce((sum, width) => sum + width, 0),
      NET_SIDEBAND: 1,
      IF_CONV_CHAIN: spw.id % setups.nIf,
      FREQ_GROUP: 0,
      FREQ_GROUP_NAME: 'none',
      FLAG_ROW: false,
    }
  })
}
