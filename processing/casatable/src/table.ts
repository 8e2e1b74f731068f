import type { CellValue } from './cell-value.ts'
import type { TableRecord, TableReference } from './table-record.ts'
import type { NumericArray, ValueType } from './value-type.ts'

/** Part of an array cell, per axis in casacore's order (fastest first). */
export interface CellSlice {
  /** First element per axis. */
  readonly start: readonly number[]
  /** Number of elements per axis. */
  readonly count: readonly number[]
  /** Distance between elements per axis; 1 when left out. */
  readonly step?: readonly number[]
}

/** How `getRange` and `getRows` read. */
export interface RangeOptions {
  /** Where to put the values: an array of the column's class, long enough; a new one when left out. */
  readonly into?: NumericArray
  /** Which part of each cell; all of it when left out. */
  readonly slice?: CellSlice
}

/** Values of several rows. */
export interface ColumnRange {
  /** Shape of the part of each cell that was read (fastest axis first); [] for scalars. The row axis is slowest. */
  readonly cellShape: readonly number[]
  readonly nRow: number
  /** `cellShape` × `nRow` values: complex interleaved, bool as 0 or 1; a view of `into` when that was given. */
  readonly data: NumericArray
}

/** Rows in sequence whose cells have the same shape. */
export interface ShapeRun {
  readonly rowStart: number
  readonly nRow: number
  /** Fastest axis first; null where the cells hold no array. */
  readonly shape: readonly number[] | null
}

/** Which data manager keeps a column. */
export interface StorageInfo {
  /** Class name in casacore, such as TiledShapeStMan. */
  readonly type: string
  /** The manager's number, which is part of its file's name. */
  readonly sequence: number
}

/** A column of an open table. Row numbers start at 0. */
export interface TableColumn {
  readonly name: string
  readonly type: ValueType
  readonly isArray: boolean
  /** Shape of every cell when the description fixes it (fastest axis first), else null. */
  readonly fixedShape: readonly number[] | null
  /** Number of axes when the description fixes it, else null; 0 for scalars. */
  readonly nAxis: number | null
  readonly comment: string
  readonly keywords: TableRecord
  readonly storage: StorageInfo
  readonly nRow: number
  /** False where an array cell has never been given a value. Scalars are always defined. */
  isDefined(row: number): boolean
  /** Shape of the cell (fastest axis first); [] for scalars, null where no array is defined. */
  cellShape(row: number): readonly number[] | null
  /** The rows from `rowStart` on, as runs of equal shape. */
  shapeRuns(rowStart?: number, nRow?: number): ShapeRun[]
  /** @throws CasatableError when the row does not exist or its array is not defined */
  getCell(row: number): CellValue
  /**
   * Numeric cells of consecutive rows, read straight into a typed array.
   * @throws CasatableError when the cells are not numeric or differ in shape (use `shapeRuns`), or `into` does not fit
   * *Cost:* reads each byte once; memory beyond the result is bounded by a few MiB.
   */
  getRange(rowStart: number, nRow: number, options?: RangeOptions): ColumnRange
  /** The same for any rows in any order; consecutive ones are read together. */
  getRows(rows: ArrayLike<number>, options?: RangeOptions): ColumnRange
  /** String cells of consecutive rows, one string for each scalar cell. */
  getStrings(rowStart: number, nRow: number): string[]
}

/** What table.info says. */
export interface TableInfo {
  readonly type: string
  readonly subType: string
  readonly readme: string
}

/** An open table. */
export interface Table {
  /** Directory of the table. */
  readonly path: string
  readonly nRow: number
  readonly info: TableInfo
  readonly columnNames: readonly string[]
  readonly keywords: TableRecord
  /** PlainTable, RefTable (a selection of rows of another table) or ConcatTable. */
  readonly kind: 'PlainTable' | 'RefTable' | 'ConcatTable'
  /** Byte order of the data. */
  readonly littleEndian: boolean
  hasColumn(name: string): boolean
  /** @throws CasatableError naming the columns there are */
  column(name: string): TableColumn
  /** Names of the keywords that refer to other tables. */
  readonly subtableNames: readonly string[]
  /** True when a keyword refers to a table that is there (archives sometimes leave subtables out). */
  hasSubtable(name: string): boolean
  /** Opens the table a keyword refers to; it is closed with its parent. */
  subtable(name: string): Table
  /** Opens a table that a keyword inside a record refers to (such as an image's mask); it is closed with its parent. */
  openReference(reference: TableReference): Table
  /** Closes all files. */
  close(): void
}
