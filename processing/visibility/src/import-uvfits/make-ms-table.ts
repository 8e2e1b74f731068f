import { type ColumnSpec, type StorageSpec, TableRecord, type TableSpec } from '@cleanbeam/casatable'
import { MS_COLUMNS, type MsColumn, type MsTableName } from './ms-columns.ts'

/** Frequency frames in the order of their numbers in MEAS_FREQ_REF. */
const FREQUENCY_FRAMES = ['REST', 'LSRK', 'LSRD', 'BARY', 'GEO', 'TOPO', 'GALACTO', 'LGROUP', 'CMB', 'Undefined']
const FREQUENCY_CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 64]

/** What a table of a MeasurementSet is made with. */
export interface MsTableOptions {
  readonly nRow: number
  /** Storage manager of each column; one StandardStMan for all when left out. */
  readonly storage?: { readonly managers: readonly StorageSpec[]; readonly of: (column: string) => string }
  readonly keywords?: TableRecord
  /** Keywords added to those of units and measures, by column. */
  readonly columnKeywords?: Readonly<Record<string, TableRecord>>
  /** References of measures other than the usual ones, by column (such as ICRS for directions). */
  readonly references?: Readonly<Record<string, string>>
  readonly info?: TableSpec['info']
}

/** Description of one table of a MeasurementSet. */
export function describeMsTable(name: MsTableName, options: MsTableOptions): TableSpec {
  const columns: readonly MsColumn[] = MS_COLUMNS[name]
  return {
    nRow: options.nRow,
    columns: columns.map(column => describeColumn(column, options)),
    storage: options.storage?.managers,
    keywords: options.keywords,
    info: options.info,
  }
}

function describeColumn([name, type, shape, units, measure, reference]: MsColumn, options: MsTableOptions): ColumnSpec {
  const keywords = new TableRecord()
  if (units !== undefined) keywords.setVector('QuantumUnits', 'string', units.split(' '))
  if (measure !== undefined) {
    const frame = options.references?.[name] ?? reference ?? ''
    keywords.set('MEASINFO', 'record', measureInfo(measure, frame))
  }
  for (const entry of options.columnKeywords?.[name]?.entries() ?? [])
    keywords.set(entry.name, entry.type, entry.value, entry.comment)
  const storage = options.storage?.of(name)
  if (shape === 0) return { name, type, keywords, storage }
  if (typeof shape !== 'number') return { name, type, shape, keywords, storage }
  return { name, type, shape: 'variable', nAxis: shape > 0 ? shape : undefined, keywords, storage }
}

function measureInfo(type: string, reference: string): TableRecord {
  const info = new TableRecord().set('type', 'string', type)
  if (reference !== 'MEAS_FREQ_REF') return info.set('Ref', 'string', reference)
  return info
    .set('VarRefCol', 'string', reference)
    .setVector('TabRefTypes', 'string', FREQUENCY_FRAMES)
    .setVector('TabRefCodes', 'uint32', FREQUENCY_CODES)
}

/** Number of a frequency frame in MEAS_FREQ_REF. */
export function frequencyFrameCode(frame: string): number {
  return FREQUENCY_CODES[FREQUENCY_FRAMES.indexOf(frame)] ?? 64
}
