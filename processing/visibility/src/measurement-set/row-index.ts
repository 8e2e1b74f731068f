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
  // Columns are read when first asked for: a listing needs neither uvw nor flags.
  const columns = new Map<string, ArrayLike<number> | null>()
  const once = <T extends ArrayLike<number> | null>(name: string, read: (name: string) => T): T => {
    const found = columns.get(name)
    if (found !== undefined) return found as T
    const values = read(name)
    columns.set(name, values)
    return values
  }
  const optional = (name: string) => once(name, () => scalarColumn(ms, name))
  const index: RowIndex = {
    nRow: ms.nRow,
    timeMjdSeconds: utcTimes(ms, needed('TIME')),
    antenna1: needed('ANTENNA1'),
    antenna2: needed('ANTENNA2'),
    field: needed('FIELD_ID'),
    dataDescription: needed('DATA_DESC_ID'),
    get scan() {
      return optional('SCAN_NUMBER')
    },
    get observation() {
      return optional('OBSERVATION_ID')
    },
    get array() {
      return optional('ARRAY_ID')
    },
    get state() {
      return optional('STATE_ID')
    },
    get flagRow() {
      return optional('FLAG_ROW')
    },
    get uvwMetres() {
      return once('UVW', needed) as unknown as Float64Array
    },
    firstExposureSeconds: ms.nRow > 0 && ms.hasColumn('EXPOSURE') ? Number(ms.column('EXPOSURE').getCell(0)) : 0,
  }
  if (!ms.hasColumn('UVW')) needed('UVW')
  return index
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
  const groups = new Map<number, { dataDescription: number; field: number; rows: number[] }>()
  const row = emptyRowFacts()
  const { timeMjdSeconds, antenna1, antenna2, field, dataDescription, scan, observation, array, state } = index
  const uvwMetres = selection.usesUv ? index.uvwMetres : null
  for (let r = 0; r < index.nRow; r++) {
    row.dataDescription = dataDescription[r]
    const description = descriptions[row.dataDescription]
    if (description === undefined) continue
    row.spw = description.spw
    row.timeMjdSeconds = timeMjdSeconds[r]
    row.antenna1 = antenna1[r]
    row.antenna2 = antenna2[r]
    row.field = field[r]
    row.scan = scan?.[r] ?? 0
    row.observation = observation?.[r] ?? 0
    row.array = array?.[r] ?? 0
    row.state = state?.[r] ?? -1
    if (uvwMetres !== null) {
      row.uMetres = uvwMetres[3 * r]
      row.vMetres = uvwMetres[3 * r + 1]
    }
    if (!selection.acceptsRow(row)) continue
    const key = row.field * descriptions.length + row.dataDescription
    let group = groups.get(key)
    if (group === undefined) {
      group = { dataDescription: row.dataDescription, field: row.field, rows: [] }
      groups.set(key, group)
    }
    group.rows.push(r)
  }
  return [...groups.values()].map(group => ({ ...group, rows: Uint32Array.from(group.rows) }))
}
