import type { TableStorage, WritableTableStorage } from './byte-source.ts'
import { editTable, makeTable } from './edit-table.ts'
import { TableOpener } from './open-table.ts'
import type { Table } from './table.ts'
import type { TableSpec, WritableTable } from './table-spec.ts'

/** Opens a table of any storage for reading; see `openTable` of the Node entry for disks. */
export function openTableIn(storage: TableStorage, path: string): Table {
  return new TableOpener(storage).open(path)
}

/** Makes a table in any storage and opens it for changes. Nothing watches over locks here. */
export function createTableIn(storage: WritableTableStorage, path: string, spec: TableSpec): WritableTable {
  return makeTable(storage, path, spec, { check: () => {} })
}

/** Opens a table of any storage for changes. Nothing watches over locks here. */
export function openTableForUpdateIn(storage: WritableTableStorage, path: string): WritableTable {
  return editTable(storage, path, { check: () => {} })
}
