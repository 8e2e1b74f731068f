import { type ColumnSpec, isNumericType, type StorageSpec, type Table } from '@cleanbeam/casatable'
import { createTable } from '@cleanbeam/casatable/node'

/** How a copy differs from its original. */
export interface CopyOptions {
  readonly storage: StorageSpec['type']
  readonly littleEndian: boolean
}

/** Copies a table cell by cell into one kind of storage manager; what tiles cannot hold goes to StandardStMan. */
export function copyTable(from: Table, path: string, options: CopyOptions): void {
  const isTiled = options.storage.startsWith('Tiled')
  const storage: StorageSpec[] = [{ type: 'StandardStMan', name: 'rest' }]
  const columns: ColumnSpec[] = from.columnNames.map(name => {
    const column = from.column(name)
    const shape = column.isArray ? (column.fixedShape ?? 'variable') : undefined
    const nAxis = column.nAxis ?? undefined
    const fits =
      !isTiled ||
      (isNumericType(column.type) &&
        column.isArray &&
        nAxis !== undefined &&
        (options.storage !== 'TiledColumnStMan' || column.fixedShape !== null))
    const manager = isTiled ? `tiled ${name}` : 'all'
    if (fits && !storage.some(entry => entry.name === manager)) storage.push({ type: options.storage, name: manager })
    const { type, comment, keywords } = column
    return { name, type, shape, nAxis, comment, keywords, storage: fits ? manager : 'rest' }
  })
  const { nRow, keywords } = from
  const copy = createTable(path, { nRow, columns, storage, keywords, littleEndian: options.littleEndian })
  for (const name of from.columnNames) {
    const source = from.column(name)
    const target = copy.column(name)
    for (let row = 0; row < nRow; row++) if (source.isDefined(row)) target.putCell(row, source.getCell(row))
  }
  copy.close()
}
