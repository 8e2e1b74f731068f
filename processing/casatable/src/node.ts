import { FileStorage } from './node/file-storage.ts'
import { TableOpener } from './open-table.ts'
import type { Table } from './table.ts'

export { FileSource, FileStorage } from './node/file-storage.ts'

/**
 * Opens a casacore table for reading. No file is changed, no lock taken.
 * @param path - the table's directory: a MeasurementSet, an image, any subtable
 * @throws CasatableError when it is not a table, or damaged, or refers to itself
 */
export function openTable(path: string): Table {
  return new TableOpener(new FileStorage()).open(path)
}
