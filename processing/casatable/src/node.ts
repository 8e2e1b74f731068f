import { editTable, makeTable } from './edit-table.ts'
import { FileStorage, WritableFileStorage } from './node/file-storage.ts'
import { checkTableLock } from './node/table-lock.ts'
import { TableOpener } from './open-table.ts'
import type { Table } from './table.ts'
import type { TableSpec, WritableTable } from './table-spec.ts'

export { FileSource, FileStorage, FileStore, WritableFileStorage } from './node/file-storage.ts'
export { findTableLock } from './node/table-lock.ts'

/**
 * Opens a casacore table for reading. No file is changed, no lock taken.
 * @param path - the table's directory: a MeasurementSet, an image, any subtable
 * @throws CasatableError when it is not a table, or damaged, or refers to itself
 */
export function openTable(path: string): Table {
  return new TableOpener(new FileStorage()).open(path)
}

/**
 * Makes a table and opens it for changes. `close` (or `flush`) completes it; the caller renames it into place.
 * @param path - a directory that does not exist yet, in one that does
 * @throws CasatableError when the path is taken or the description is wrong; nothing is written then
 */
export function createTable(path: string, spec: TableSpec): WritableTable {
  return makeTable(new WritableFileStorage(), path, spec, { check: () => checkTableLock(path) })
}

/**
 * Opens an existing table for changes in place.
 * @throws CasatableError when another process has it open or locked (as far as the system tells), also at `flush`
 */
export function openTableForUpdate(path: string): WritableTable {
  return editTable(new WritableFileStorage(), path, { check: () => checkTableLock(path) })
}
