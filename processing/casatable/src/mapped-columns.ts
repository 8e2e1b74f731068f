import { CasatableError } from './casatable-error.ts'
import { gatherSlice, type ResolvedSlice } from './cell-slice.ts'
import { elementCount } from './cell-value.ts'
import type { ColumnStorage, ManagedColumn, StorageManager, StorageRun } from './column-storage.ts'
import type { TableColumn } from './table.ts'
import { TableRecord } from './table-record.ts'
import { allocateNumeric, isNumericType, type NumericArray, numericLayout } from './value-type.ts'

/** Decodes the cells of one row: `stored` holds them as the stored column has them, `target` takes the values. */
export type CellDecoder = (row: number, stored: NumericArray, target: NumericArray) => void

/** Finds another column of the same table. */
export type ColumnFinder = (name: string) => TableColumn

/**
 * A virtual column: its values are computed from those of a stored column of the same table, cell by cell.
 * @see casacore, "BaseMappedArrayEngine"
 */
export class MappedColumns implements StorageManager {
  readonly nRow: number
  private readonly columns: readonly ManagedColumn[]
  private readonly find: ColumnFinder
  private readonly makeDecoder: (column: ManagedColumn, find: ColumnFinder) => CellDecoder

  constructor(
    columns: readonly ManagedColumn[],
    nRow: number,
    find: ColumnFinder,
    makeDecoder: (column: ManagedColumn, find: ColumnFinder) => CellDecoder,
  ) {
    this.columns = columns
    this.nRow = nRow
    this.find = find
    this.makeDecoder = makeDecoder
  }

  column(index: number): ColumnStorage {
    const column = this.columns[index]
    const { name, keywords } = column.description
    const stored = keywords.get('_BaseMappedArrayEngine_Name')
    if (typeof stored !== 'string' || stored === name)
      throw new CasatableError(`expected the stored column of ${name}, got ${String(stored)}`, {
        file: `column ${name}`,
      })
    return new MappedColumn(column, this.find(stored), this.makeDecoder(column, this.find))
  }

  close(): void {
    // The stored columns belong to the table.
  }
}

class MappedColumn implements ColumnStorage {
  private readonly column: ManagedColumn
  private readonly stored: TableColumn
  private readonly decode: CellDecoder

  constructor(column: ManagedColumn, stored: TableColumn, decode: CellDecoder) {
    this.column = column
    this.stored = stored
    this.decode = decode
  }

  shapeRun(row: number): StorageRun {
    return { shape: this.stored.cellShape(row), end: row + 1 }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    const { type } = this.column.description
    if (!isNumericType(type)) throw new CasatableError(`expected numbers in a mapped column, got ${type}`)
    const { components } = numericLayout(type)
    let out = at
    for (let row = rowStart; row < rowStart + nRow; row++) {
      const { cellShape, data } = this.stored.getRange(row, 1)
      const n = elementCount(slice?.count ?? cellShape)
      if (slice === null) this.decode(row, data, target.subarray(out * components, (out + n) * components))
      else {
        const cell = allocateNumeric(type, elementCount(cellShape))
        this.decode(row, data, cell)
        gatherSlice(cell, cellShape, slice, components, target, out)
      }
      out += n
    }
  }

  readStrings(): string[] {
    throw new CasatableError(`expected strings in column ${this.column.description.name}, got mapped numbers`)
  }
}

/** A number that a column's engine keeps among the keywords. */
export function engineNumber(column: ManagedColumn, keyword: string): number {
  const value = column.description.keywords.get(keyword)
  if (typeof value !== 'number')
    throw new CasatableError(`expected a number in keyword ${keyword}, got ${String(value)}`, {
      file: `column ${column.description.name}`,
    })
  return value
}

/**
 * Scale and offset of a compressed column: fixed, or a column each.
 * @returns a function of the row
 */
export function engineScales(
  column: ManagedColumn,
  engine: string,
  find: ColumnFinder,
): (row: number) => { readonly scale: number; readonly offset: number } {
  const { keywords } = column.description
  if (keywords.get(`_${engine}_Fixed`) === true) {
    const fixed = {
      scale: Math.fround(engineNumber(column, `_${engine}_Scale`)),
      offset: Math.fround(engineNumber(column, `_${engine}_Offset`)),
    }
    return () => fixed
  }
  const scales = find(String(keywords.get(`_${engine}_ScaleName`)))
  const offsets = find(String(keywords.get(`_${engine}_OffsetName`)))
  return row => ({ scale: Number(scales.getCell(row)), offset: Number(offsets.getCell(row)) })
}

/** Bits of flags that count as set when a column of BitFlagsEngine is read. */
export function bitFlagMask(column: ManagedColumn, find: ColumnFinder): number {
  const { keywords } = column.description
  const keys = keywords.has('_BitFlagsEngine_ReadMaskKeys') ? keywords.strings('_BitFlagsEngine_ReadMaskKeys') : []
  if (keys.length === 0) return engineNumber(column, '_BitFlagsEngine_ReadMask') >>> 0
  const sets = find(String(keywords.get('_BaseMappedArrayEngine_Name'))).keywords.get('FLAGSETS')
  let mask = 0
  for (const key of keys) {
    const bits = sets instanceof TableRecord ? sets.get(key) : undefined
    if (typeof bits !== 'number')
      throw new CasatableError(`expected the flag set ${key} among the keywords FLAGSETS, got none`, {
        file: `column ${column.description.name}`,
      })
    mask |= bits
  }
  return mask >>> 0
}
