import { type StorageSpec, TableRecord, type TableSpec, type WritableTable } from '@cleanbeam/casatable'
import type { UvfitsContent } from '../uvfits/read-uvfits.ts'
import { describeMsTable } from './make-ms-table.ts'
import { MS_COLUMNS, type MsTableName } from './ms-columns.ts'
import { type MsRow, subtableRows } from './subtable-rows.ts'
import { type WriteCall, writeMainRows } from './write-main-rows.ts'

/** Makes a table and opens it for changes. */
export type TableMaker = (path: string, spec: TableSpec) => WritableTable

const README =
  'This is a MeasurementSet Table holding measurements from a Telescope\nThis is a measurement set Table holding astronomical observations'

const TILED: Readonly<Record<string, string>> = {
  DATA: 'TiledData',
  FLAG: 'TiledFlag',
  FLAG_CATEGORY: 'TiledFlagCategory',
  WEIGHT_SPECTRUM: 'TiledWgtSpectrum',
  UVW: 'TiledUVW',
  WEIGHT: 'TiledWgt',
  SIGMA: 'TiledSigma',
}
const STANDARD = ['ANTENNA1', 'ANTENNA2', 'DATA_DESC_ID']

/**
 * Writes the visibilities of a UVFITS file as a MeasurementSet with the tables, columns and storage managers that CASA's
 * importuvfits makes (antnamescheme 'old': antennas are named by their numbers, stations by their names).
 *
 * It differs in what follows: OBSERVATION.TIME_RANGE is that of the rows; antenna positions are turned from the meridian of
 * the array for every array (AIPS memo 117), not only for those CASA knows; HISTORY holds the header's lines only; what is
 * not finite is flagged; phase centres are in the frame the file names (PHSFRAME).
 * @param path - of the folder to make; the caller renames it into place
 */
export async function writeMeasurementSet(
  path: string,
  content: UvfitsContent,
  make: TableMaker,
  call: WriteCall,
): Promise<void> {
  const subtables = (Object.keys(MS_COLUMNS) as MsTableName[]).filter(name => name !== 'MAIN')
  const keywords = new TableRecord().set('MS_VERSION', 'float32', 2)
  for (const name of subtables) keywords.set(name, 'table', { tablePath: `././${name}` })
  const main = make(path, {
    ...describeMsTable('MAIN', {
      nRow: content.metadata.nRow,
      keywords,
      storage: mainStorage(),
      columnKeywords: CATEGORY,
    }),
    info: { type: 'Measurement Set', subType: 'UVFITS', readme: README },
  })
  try {
    await writeMainRows(main, content, call)
  } finally {
    main.close()
  }
  const rows = subtableRows(content, observationDate(content))
  for (const name of subtables) writeSubtable(`${path}/${name}`, name, rows[name] ?? [], content, make)
}

const CATEGORY = {
  FLAG_CATEGORY: new TableRecord().setVector('CATEGORY', 'string', ['FLAG_CMD', 'ORIGINAL', 'USER']),
}

function mainStorage() {
  const managers: StorageSpec[] = [
    { type: 'IncrementalStMan', name: 'ISMData' },
    { type: 'StandardStMan', name: 'SSM' },
    ...Object.entries(TILED).map(
      ([column, name]): StorageSpec => ({
        type: column === 'UVW' ? 'TiledColumnStMan' : 'TiledShapeStMan',
        name,
      }),
    ),
  ]
  return {
    managers,
    of: (column: string) => TILED[column] ?? (STANDARD.includes(column) ? 'SSM' : 'ISMData'),
  }
}

function writeSubtable(
  path: string,
  name: MsTableName,
  rows: readonly MsRow[],
  content: UvfitsContent,
  make: TableMaker,
): void {
  const frame = content.metadata.fields[0].phaseCentre.frame
  const references = Object.fromEntries(
    ['DELAY_DIR', 'PHASE_DIR', 'REFERENCE_DIR', 'DIRECTION'].map(column => [column, frame]),
  )
  const table = make(
    path,
    describeMsTable(name, {
      nRow: rows.length,
      keywords: name === 'ANTENNA' ? antennaKeywords(content) : undefined,
      columnKeywords: name === 'ANTENNA' ? antennaColumnKeywords(content) : undefined,
      references: name === 'FIELD' || name === 'SOURCE' ? references : undefined,
    }),
  )
  try {
    rows.forEach((row, i) => {
      for (const [column, value] of Object.entries(row)) table.column(column).putCell(i, value)
    })
  } finally {
    table.close()
  }
}

function antennaKeywords({ context }: UvfitsContent): TableRecord {
  const { header } = context.antennaTables
  return new TableRecord()
    .set('RDATE', 'float64', mjdSecondsOfDate(header.string('RDATE', '')) ?? 0)
    .set('GSTIA0', 'float64', (header.number('GSTIA0', 0) * Math.PI) / 180)
    .set('DEGPDY', 'float64', header.number('DEGPDY', 360.985))
    .set('TIMSYS', 'string', header.string('TIMSYS', 'UTC').trim())
}

function antennaColumnKeywords({ context }: UvfitsContent): Record<string, TableRecord> {
  const { header, arrayName } = context.antennaTables
  const centre = ['ARRAYX', 'ARRAYY', 'ARRAYZ'].map(name => header.number(name, 0))
  return {
    NAME: new TableRecord().set('ARRAY_NAME', 'string', arrayName),
    POSITION: new TableRecord().setVector('ARRAY_POSITION', 'float64', centre),
  }
}

/** DATE-OBS, or the time of the first row; modified Julian date in seconds. */
function observationDate({ hdu, firstRow }: UvfitsContent): number {
  return mjdSecondsOfDate(hdu.header.string('DATE-OBS', '')) ?? firstRow.timeMjdSeconds
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2}):(\d{2}(?:\.\d*)?))?$/
const OLD_DATE = /^(\d{2})\/(\d{2})\/(\d{2})$/
const MJD_OF_UNIX_EPOCH = 40_587

/** A FITS date, also of the old form DD/MM/YY; null when it is not one. */
function mjdSecondsOfDate(text: string): number | null {
  const old = OLD_DATE.exec(text.trim())
  const parts = old === null ? DATE.exec(text.trim()) : [text, `19${old[3]}`, old[2], old[1]]
  if (parts === null) return null
  const [year, month, day, hours, minutes, seconds] = [1, 2, 3, 4, 5, 6].map(i => Number(parts[i] ?? 0))
  const days = Date.UTC(year, month - 1, day) / 86_400_000 + MJD_OF_UNIX_EPOCH
  return days * 86_400 + hours * 3600 + minutes * 60 + seconds
}
