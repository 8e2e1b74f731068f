import type { Table } from '@cleanbeam/casatable'
import type { SourceLine } from '@cleanbeam/types'
import { arrayCell, scalarColumn } from './column-access.ts'

/**
 * The first rest frequency that the SOURCE table gives for each source and spectral window, by source number; an empty
 * map without such a table. CASA takes it for images whose rest frequency is not asked for (RESTFRQ of the reference
 * runs), and only for the spectral window that the row names.
 */
export function restFrequencies(ms: Table): ReadonlyMap<number, readonly SourceLine[]> {
  const found = new Map<number, SourceLine[]>()
  if (!ms.hasSubtable('SOURCE')) return found
  const table = ms.subtable('SOURCE')
  const sources = scalarColumn(table, 'SOURCE_ID')
  const spws = scalarColumn(table, 'SPECTRAL_WINDOW_ID')
  if (sources === null || !table.hasColumn('REST_FREQUENCY')) return found
  const column = table.column('REST_FREQUENCY')
  for (let row = 0; row < table.nRow; row++) {
    if (!column.isDefined(row)) continue
    const [restFrequencyHz] = arrayCell(column, row)
    if (!(restFrequencyHz > 0)) continue
    const id = spws?.[row] ?? -1
    const lines = found.get(sources[row]) ?? []
    found.set(sources[row], lines)
    lines.push({ spw: id < 0 ? null : id, restFrequencyHz })
  }
  return found
}
