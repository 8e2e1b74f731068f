import type { Table } from '@cleanbeam/casatable'
import { taiToUtc, ut1ToUtc } from '@cleanbeam/measures'
import type { DataDescription } from '@cleanbeam/types'
import { emptyRowFacts, type ResolvedSelection } from '../selection/selectable.ts'
import { VisibilityError } from '../visibility-error.ts'
import { scalarColumn } from './column-access.ts'
import { fixedReference } from './measure-reference.ts'

/** The small columns of the main table, one entry per row. */
export interface RowIndex {
  readonly nRow: number
  /** UTC. */
  readonly timeMjdSeconds: Float64Array
  readonly antenna1: ArrayLike<number>
  readonly antenna2: ArrayLike<number>
  readonly field: ArrayLike<number>
  readonly dataDescription: ArrayLike<number>
  /** null where the column is missing. */
  readonly scan: ArrayLike<number> | null
  readonly observation: ArrayLike<number> | null
  readonly array: ArrayLike<number> | null
  readonly state: ArrayLike<number> | null
  /** 1 = bad. */
  readonly flagRow: ArrayLike<number> | null
  /** [row, 3] */
  readonly uvwMetres: Float64Array
  readonly firstExposureSeconds: number
}

/**
 * Reads the small columns.
 * @throws VisibilityError when one that is needed is missing or times have another scale than UTC, TAI or UT1
 */
export function readRowIndex(ms: Table): RowIndex {
  const needed = (name: string): ArrayLike<number> => {
    const values = scalarColumn(ms, name)
    if (values !== null) return values
    throw new VisibilityError(
      `expected a column ${name}, got ${ms.columnNames.join(', ')} (${ms.path}): not a MeasurementSet`,
      {
        column: name,
      },
    )
  }
  return {
    nRow: ms.nRow,
    timeMjdSeconds: utcTimes(ms, needed('TIME')),
    antenna1: needed('ANTENNA1'),
    antenna2: needed('ANTENNA2'),
    field: needed('FIELD_ID'),
    dataDescription: needed('DATA_DESC_ID'),
    scan: scalarColumn(ms, 'SCAN_NUMBER'),
    observation: scalarColumn(ms, 'OBSERVATION_ID'),
    array: scalarColumn(ms, 'ARRAY_ID'),
    state: scalarColumn(ms, 'STATE_ID'),
    flagRow: scalarColumn(ms, 'FLAG_ROW'),
    uvwMetres: needed('UVW') as unknown as Float64Array,
    firstExposureSeconds: ms.nRow > 0 && ms.hasColumn('EXPOSURE') ? Number(ms.column('EXPOSURE').getCell(0)) : 0,
  }
}

function utcTimes(ms: Table, times: ArrayLike<number>): Float64Array {
  const scale = fixedReference(ms.column('TIME')) ?? 'UTC'
  if (scale === 'UTC') return times as unknown as Float64Array
  if (scale === 'TAI' || scale === 'IAT') return Float64Array.from(times, time => taiToUtc(time / 86_400) * 86_400)
  if (scale === 'UT1') return Float64Array.from(times, time => ut1ToUtc(time / 86_400) * 86_400)
  throw new VisibilityError(
    `expected times in UTC, TAI or UT1, got ${scale} (${ms.path}, TIME): not yet supported: ${scale}`,
    { scale },
  )
}

/** Selected rows of one data description and field, in file order. */
export interface RowGroup {
  readonly dataDescription: number
  readonly field: number
  readonly rows: Uint32Array
}

/** Sorts the selected rows into groups of one data description and field. */
export function groupRows(
  index: RowIndex,
  descriptions: readonly DataDescription[],
  selection: ResolvedSelection,
): RowGroup[] {
  const groups = new Map<string, { dataDescription: number; field: number; rows: number[] }>()
  const row = emptyRowFacts()
  for (let r = 0; r < index.nRow; r++) {
    row.dataDescription = index.dataDescription[r]
    const description = descriptions[row.dataDescription]
    if (description === undefined) continue
    row.spw = description.spw
    row.timeMjdSeconds = index.timeMjdSeconds[r]
    row.antenna1 = index.antenna1[r]
    row.antenna2 = index.antenna2[r]
    row.field = index.field[r]
    row.scan = index.scan?.[r] ?? 0
    row.observation = index.observation?.[r] ?? 0
    row.array = index.array?.[r] ?? 0
    row.state = index.state?.[r] ?? -1
    row.uMetres = index.uvwMetres[3 * r]
    row.vMetres = index.uvwMetres[3 * r + 1]
    if (!selection.acceptsRow(row)) continue
    const key = `${row.dataDescription}:${row.field}`
    const group = groups.get(key) ?? { dataDescription: row.dataDescription, field: row.field, rows: [] }
    if (group.rows.push(r) === 1) groups.set(key, group)
  }
  return [...groups.values()].map(group => ({ ...group, rows: Uint32Array.from(group.rows) }))
}
