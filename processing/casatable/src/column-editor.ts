import type { ResolvedSlice } from './cell-slice.ts'
import type { ColumnStorage } from './column-storage.ts'
import type { NumericArray } from './value-type.ts'

/** How one column's cells are changed. Rows, types and shapes have been checked by the caller. */
export interface ColumnEditor extends ColumnStorage {
  /**
   * Gives consecutive rows new values.
   * @param shape - of each cell ([] for scalars); rows of another shape, or none, get this one where that is possible
   * @param slice - part of each cell to change (only in cells that have this shape already), or null for all of it
   * @param source - values, from value `at` on
   */
  putNumeric(
    rowStart: number,
    nRow: number,
    shape: readonly number[],
    slice: ResolvedSlice | null,
    source: NumericArray,
    at: number,
  ): void
  putStrings(row: number, shape: readonly number[], strings: readonly string[]): void
}

/** A storage manager whose files can be changed. */
export interface ManagerEditor {
  column(index: number): ColumnEditor
  /** Adds rows without values at the end. */
  addRows(nRow: number): void
  /** Writes what is still in memory; returns the bytes the manager keeps in table.dat. */
  flush(): Uint8Array
  close(): void
}
