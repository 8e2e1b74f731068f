import type { ResolvedSlice } from './cell-slice.ts'
import type { ColumnDescription } from './table-description.ts'
import type { NumericArray } from './value-type.ts'

/** Rows from the asked one up to `end` (exclusive) have cells of this shape; null when no array is defined. */
export interface StorageRun {
  readonly shape: readonly number[] | null
  readonly end: number
}

/**
 * How one column lies in its manager's files. Row numbers have been checked by the caller.
 *
 * **Invariant:** `readNumeric` is only called for rows whose cells all have the shape that `shapeRun` gave.
 */
export interface ColumnStorage {
  /** @param wanted - rows from here on (exclusive) are of no interest: how far a search for equal shapes goes */
  shapeRun(row: number, wanted: number): StorageRun
  /** Numeric cells of consecutive rows into `target`, from value `at` on. */
  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void
  /** The strings of one cell: one for a scalar. */
  readStrings(row: number): string[]
}

/** A data manager of an open table: the files of a group of columns. */
export interface StorageManager {
  /** Number of rows by the manager's own account. */
  readonly nRow: number
  /** Opens a column; `index` is its position among the manager's columns. */
  column(index: number): ColumnStorage
  close(): void
}

/** A column as its manager sees it. */
export interface ManagedColumn {
  readonly description: ColumnDescription
  /** Name the column had when made: what hypercolumn definitions use. */
  readonly originalName: string
  /** Shape of every cell, fastest axis first, when fixed in this table. */
  readonly fixedShape: readonly number[] | null
}
