import type { Table, TableColumn } from '@cleanbeam/casatable'

/** All rows of a numeric scalar column; null when the column is missing. */
export function scalarColumn(table: Table, name: string): ArrayLike<number> | null {
  if (!table.hasColumn(name)) return null
  return table.column(name).getRange(0, table.nRow).data as unknown as ArrayLike<number>
}

/** All rows of a string column; empty strings when the column is missing. */
export function stringColumn(table: Table, name: string): string[] {
  return table.hasColumn(name) ? table.column(name).getStrings(0, table.nRow) : new Array<string>(table.nRow).fill('')
}

/** Numbers of one array cell, fastest axis first; empty when the cell holds no array. */
export function arrayCell(column: TableColumn, row: number): Float64Array {
  if (!column.isDefined(row)) return new Float64Array(0)
  return Float64Array.from(column.getRange(row, 1).data as unknown as ArrayLike<number>)
}
