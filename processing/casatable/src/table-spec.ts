import type { CellValue } from './cell-value.ts'
import type { CellSlice, Table, TableColumn } from './table.ts'
import type { TableRecord } from './table-record.ts'
import type { NumericArray, ValueType } from './value-type.ts'

/** The storage managers that can be written. */
export type WritableStorageType =
  | 'StandardStMan'
  | 'IncrementalStMan'
  | 'TiledColumnStMan'
  | 'TiledShapeStMan'
  | 'TiledCellStMan'

/** A storage manager of a table to be made. */
export interface StorageSpec {
  readonly type: WritableStorageType
  /** Name of the manager, to which columns refer; unique in the table. */
  readonly name: string
  /**
   * Tile shape for the tiled managers, fastest axis first: the axes of a cell, then (but for TiledCellStMan) rows.
   * Left out: about a megabyte of whole cells, or for TiledCellStMan about 32 kB of a square part.
   */
  readonly tileShape?: readonly number[]
}

/** A column of a table to be made. */
export interface ColumnSpec {
  readonly name: string
  readonly type: ValueType
  /** Scalars when left out; an array of any shape ('variable', with nAxis if known) or of one shape. */
  readonly shape?: 'variable' | readonly number[]
  readonly nAxis?: number
  readonly comment?: string
  readonly keywords?: TableRecord
  /** Name of the `StorageSpec` that keeps it; the table's first when left out. */
  readonly storage?: string
}

/** A table to be made. */
export interface TableSpec {
  readonly nRow: number
  readonly columns: readonly ColumnSpec[]
  /** One StandardStMan when left out. */
  readonly storage?: readonly StorageSpec[]
  readonly keywords?: TableRecord
  readonly info?: { readonly type?: string; readonly subType?: string; readonly readme?: string }
  /** Byte order of the data; little-endian when left out. */
  readonly littleEndian?: boolean
}

/** A column that can be changed. */
export interface WritableColumn extends TableColumn {
  /**
   * Gives a cell a value; in variable-shaped columns also a shape.
   * @throws CasatableError when type or shape do not fit the column
   */
  putCell(row: number, value: CellValue): void
  /**
   * Gives consecutive rows of numeric cells new values, as `getRange` returns them.
   * In a variable-shaped column cells that have no array yet need `cellShape`.
   */
  putRange(
    rowStart: number,
    nRow: number,
    data: NumericArray,
    options?: { slice?: CellSlice; cellShape?: readonly number[] },
  ): void
}

/** A table that can be changed. Changes reach the disk with `flush` or `close`. */
export interface WritableTable extends Table {
  column(name: string): WritableColumn
  /** Replaces the keywords of the table. */
  setKeywords(keywords: TableRecord): void
  setColumnKeywords(column: string, keywords: TableRecord): void
  /** Adds a column (such as MODEL_DATA) with a storage manager of its own. */
  addColumn(column: ColumnSpec, storage: StorageSpec): WritableColumn
  /** Adds rows without values at the end. */
  addRows(nRow: number): void
  flush(): void
}
