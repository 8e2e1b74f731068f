import type { Table } from '@cleanbeam/casatable'
import { arrayCell, scalarColumn } from './column-access.ts'

/**
 * The first rest frequency that the SOURCE table gives for each source, Hz, by source number; an empty map without such
 * a table. CASA takes it for images whose rest frequency is not asked for (RESTFRQ of the reference runs).
 */
export function restFrequencies(ms: Table): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  if (!ms.hasSubtable('SOURCE')) return found
  const table = ms.subtable('SOURCE')
  const sources = scalarColumn(table, 'SOURCE_ID')
  if (sources === null || !table.hasColumn('REST_FREQUENCY')) return found
  const column = table.column('REST_FREQUENCY')
  for (let row = 0; row < table.nRow; row++) {
    if (found.has(sources[row]) || !column.isDefined(row)) continue
    const [hz] = arrayCell(column, row)
    if (hz > 0) found.set(sources[row], hz)
  }
  return found
}
