import { CasatableError } from './casatable-error.ts'
import type { CellValue } from './cell-value.ts'
import { sameShape } from './cell-value.ts'
import type { TableOpener } from './open-table.ts'
import type { ColumnRange, RangeOptions, ShapeRun, StorageInfo, Table, TableColumn, TableInfo } from './table.ts'
import { TableBase } from './table-base.ts'
import type { ReferenceTableFile } from './table-file.ts'
import type { TableRecord } from './table-record.ts'
import type { ValueType } from './value-type.ts'

/** A selection of rows and columns of another table, which it refers to. */
export class ReferenceTable extends TableBase {
  readonly kind = 'RefTable'
  readonly columnNames: readonly string[]
  readonly nRow: number
  private readonly root: Table
  private readonly file: ReferenceTableFile

  constructor(path: string, file: ReferenceTableFile, info: TableInfo, opener: TableOpener) {
    super(path, info, opener)
    this.file = file
    this.nRow = file.nRow
    this.root = opener.follow(file.root, path)
    this.columnNames = file.columnOrder ?? [...file.columnNames.keys()]
    if (this.root.nRow < file.rootRowCount)
      throw new CasatableError(
        `expected at least ${file.rootRowCount} rows in ${this.root.path}, got ${this.root.nRow}`,
        {
          file: path,
        },
      )
  }

  get keywords(): TableRecord {
    return this.root.keywords
  }

  get littleEndian(): boolean {
    return this.root.littleEndian
  }

  column(name: string): TableColumn {
    if (!this.columnNames.includes(name)) throw this.missingColumn(name)
    return new ReferenceColumn(name, this.root.column(this.file.columnNames.get(name) ?? name), this.file.rows)
  }

  override close(): void {
    super.close()
    this.root.close()
  }

  protected override get referenceBase(): string {
    return this.root.path
  }

  protected override openSubtable(name: string): Table {
    return this.root.subtable(name)
  }
}

/** A column seen through a list of rows. */
class ReferenceColumn implements TableColumn {
  readonly name: string
  private readonly base: TableColumn
  private readonly rows: Float64Array

  constructor(name: string, base: TableColumn, rows: Float64Array) {
    this.name = name
    this.base = base
    this.rows = rows
  }

  get type(): ValueType {
    return this.base.type
  }

  get isArray(): boolean {
    return this.base.isArray
  }

  get fixedShape(): readonly number[] | null {
    return this.base.fixedShape
  }

  get nAxis(): number | null {
    return this.base.nAxis
  }

  get comment(): string {
    return this.base.comment
  }

  get keywords(): TableRecord {
    return this.base.keywords
  }

  get storage(): StorageInfo {
    return this.base.storage
  }

  get nRow(): number {
    return this.rows.length
  }

  isDefined(row: number): boolean {
    return this.base.isDefined(this.rowOf(row))
  }

  cellShape(row: number): readonly number[] | null {
    return this.base.cellShape(this.rowOf(row))
  }

  shapeRuns(rowStart = 0, nRow = this.nRow - rowStart): ShapeRun[] {
    const runs: { rowStart: number; nRow: number; shape: readonly number[] | null }[] = []
    for (let row = rowStart; row < rowStart + nRow; row++) {
      const shape = this.cellShape(row)
      const last = runs[runs.length - 1]
      if (last !== undefined && sameShape(last.shape, shape)) last.nRow++
      else runs.push({ rowStart: row, nRow: 1, shape })
    }
    return runs
  }

  getCell(row: number): CellValue {
    return this.base.getCell(this.rowOf(row))
  }

  getRange(rowStart: number, nRow: number, options?: RangeOptions): ColumnRange {
    if (nRow > 0) this.rowOf(rowStart + nRow - 1)
    return this.base.getRows(this.rows.subarray(rowStart, rowStart + nRow), options)
  }

  getRows(rows: ArrayLike<number>, options?: RangeOptions): ColumnRange {
    return this.base.getRows(
      Float64Array.from(rows, row => this.rowOf(row)),
      options,
    )
  }

  getStrings(rowStart: number, nRow: number): string[] {
    return Array.from({ length: nRow }, (_, i) => this.base.getStrings(this.rowOf(rowStart + i), 1)[0])
  }

  private rowOf(row: number): number {
    const rootRow = this.rows[row]
    if (rootRow === undefined)
      throw new CasatableError(`expected rows below ${this.nRow}, got ${row}`, { file: `column ${this.name}` })
    return rootRow
  }
}
