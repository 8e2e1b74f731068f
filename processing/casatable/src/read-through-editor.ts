import type { ResolvedSlice } from './cell-slice.ts'
import type { ColumnEditor } from './column-editor.ts'
import type { ColumnStorage, StorageRun } from './column-storage.ts'
import type { NumericArray } from './value-type.ts'

/** A column editor that reads through the storage of the column: what it has written is in the files at once. */
export abstract class ReadThroughEditor implements ColumnEditor {
  protected readonly storage: ColumnStorage

  constructor(storage: ColumnStorage) {
    this.storage = storage
  }

  shapeRun(row: number, wanted: number): StorageRun {
    return this.storage.shapeRun(row, wanted)
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    this.storage.readNumeric(rowStart, nRow, slice, target, at)
  }

  readStrings(row: number): string[] {
    return this.storage.readStrings(row)
  }

  abstract putNumeric(...parameters: Parameters<ColumnEditor['putNumeric']>): void
  abstract putStrings(...parameters: Parameters<ColumnEditor['putStrings']>): void
}
