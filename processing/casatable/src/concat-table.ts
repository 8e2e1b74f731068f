import { CasatableError } from './casatable-error.ts'
import { resolveSlice, sliceCount } from './cell-slice.ts'
import type { CellValue } from './cell-value.ts'
import { sameShape } from './cell-value.ts'
import type { TableOpener } from './open-table.ts'
import type { ColumnRange, RangeOptions, ShapeRun, StorageInfo, Table, TableColumn, TableInfo } from './table.ts'
import { TableBase } from './table-base.ts'
import type { ConcatTableFile } from './table-file.ts'
import type { TableRecord } from './table-record.ts'
import { allocateNumeric, isNumericType, numericLayout, type ValueType } from './value-type.ts'

/** Tables of the same columns put one after the other. */
export class ConcatTable extends TableBase {
  readonly kind = 'ConcatTable'
  readonly nRow: number
  private readonly parts: readonly Table[]
  private readonly concatenated: readonly string[]

  constructor(
    path: string,
    file: Pick<ConcatTableFile, 'parts' | 'concatenatedSubtables'>,
    info: TableInfo,
    opener: TableOpener,
    opened?: readonly Table[],
  ) {
    super(path, info, opener)
    this.parts = opened ?? file.parts.map(part => opener.follow(part, path))
    this.concatenated = file.concatenatedSubtables
    if (this.parts.length === 0) throw new CasatableError('expected tables to concatenate, got none', { file: path })
    for (const part of this.parts)
      for (const name of this.parts[0].columnNames)
        if (!part.hasColumn(name) || part.column(name).type !== this.parts[0].column(name).type)
          throw new CasatableError(
            `expected the column ${name} of ${this.parts[0].path} in ${part.path}, got another`,
            {
              file: path,
            },
          )
    this.nRow = this.parts.reduce((total, part) => total + part.nRow, 0)
  }

  get columnNames(): readonly string[] {
    return this.parts[0].columnNames
  }

  get keywords(): TableRecord {
    return this.parts[0].keywords
  }

  get littleEndian(): boolean {
    return this.parts[0].littleEndian
  }

  column(name: string): TableColumn {
    if (!this.hasColumn(name)) throw this.missingColumn(name)
    return new ConcatColumn(this.parts.map(part => part.column(name)))
  }

  override close(): void {
    super.close()
    for (const part of this.parts) part.close()
  }

  protected override get referenceBase(): string {
    return this.parts[0].path
  }

  protected override openSubtable(name: string): Table {
    if (!this.concatenated.includes(name)) return this.parts[0].subtable(name)
    const subtables = this.parts.map(part => part.subtable(name))
    return new ConcatTable(
      `${this.path}/${name}`,
      { parts: [], concatenatedSubtables: [] },
      subtables[0].info,
      this.opener,
      subtables,
    )
  }
}

/** Columns of several tables seen as one. */
class ConcatColumn implements TableColumn {
  readonly nRow: number
  private readonly parts: readonly TableColumn[]

  constructor(parts: readonly TableColumn[]) {
    this.parts = parts
    this.nRow = parts.reduce((total, part) => total + part.nRow, 0)
  }

  get name(): string {
    return this.parts[0].name
  }

  get type(): ValueType {
    return this.parts[0].type
  }

  get isArray(): boolean {
    return this.parts[0].isArray
  }

  get fixedShape(): readonly number[] | null {
    const { fixedShape } = this.parts[0]
    return this.parts.every(part => sameShape(part.fixedShape, fixedShape)) ? fixedShape : null
  }

  get nAxis(): number | null {
    const { nAxis } = this.parts[0]
    return this.parts.every(part => part.nAxis === nAxis) ? nAxis : null
  }

  get comment(): string {
    return this.parts[0].comment
  }

  get keywords(): TableRecord {
    return this.parts[0].keywords
  }

  get storage(): StorageInfo {
    return this.parts[0].storage
  }

  isDefined(row: number): boolean {
    return this.cellShape(row) !== null
  }

  cellShape(row: number): readonly number[] | null {
    const [part, partRow] = this.locate(row)
    return part.cellShape(partRow)
  }

  shapeRuns(rowStart = 0, nRow = this.nRow - rowStart): ShapeRun[] {
    return this.split(rowStart, nRow).flatMap(piece =>
      piece.part
        .shapeRuns(piece.rowStart, piece.nRow)
        .map(run => ({ ...run, rowStart: run.rowStart - piece.rowStart + piece.at + rowStart })),
    )
  }

  getCell(row: number): CellValue {
    const [part, partRow] = this.locate(row)
    return part.getCell(partRow)
  }

  getRange(rowStart: number, nRow: number, options: RangeOptions = {}): ColumnRange {
    const pieces = this.split(rowStart, nRow)
    if (pieces.length <= 1) {
      const piece = pieces[0] ?? { part: this.parts[0], rowStart: 0, nRow: 0 }
      return piece.part.getRange(piece.rowStart, piece.nRow, options)
    }
    if (!isNumericType(this.type))
      throw new CasatableError(`expected a numeric column, got ${this.type}`, { file: `column ${this.name}` })
    const shape = this.cellShape(rowStart) ?? []
    const slice = this.isArray ? resolveSlice(options.slice, shape, `column ${this.name}`) : null
    const nElement = sliceCount(slice, shape) * numericLayout(this.type).components
    const data = options.into ?? allocateNumeric(this.type, sliceCount(slice, shape) * nRow)
    for (const piece of pieces) {
      const into = data.subarray(piece.at * nElement, (piece.at + piece.nRow) * nElement)
      const range = piece.part.getRange(piece.rowStart, piece.nRow, { slice: options.slice, into })
      if (!sameShape(range.cellShape, slice?.count ?? shape))
        throw new CasatableError('expected cells of one shape, got several; read by shapeRuns', {
          file: `column ${this.name}`,
        })
    }
    return { cellShape: slice?.count ?? shape, nRow, data: data.subarray(0, nRow * nElement) }
  }

  getRows(rows: ArrayLike<number>, options: RangeOptions = {}): ColumnRange {
    if (rows.length === 0) return this.getRange(0, 0, options)
    const first = this.getRange(rows[0], 1, { slice: options.slice })
    const n = first.data.length
    const data =
      options.into ?? new (first.data.constructor as new (length: number) => typeof first.data)(n * rows.length)
    for (let done = 0; done < rows.length; ) {
      let nRow = 1
      while (done + nRow < rows.length && rows[done + nRow] === rows[done] + nRow) nRow++
      const into = data.subarray(done * n, (done + nRow) * n)
      const range = this.getRange(rows[done], nRow, { slice: options.slice, into })
      if (!sameShape(range.cellShape, first.cellShape))
        throw new CasatableError('expected cells of one shape, got several; read by shapeRuns', {
          file: `column ${this.name}`,
        })
      done += nRow
    }
    return { cellShape: first.cellShape, nRow: rows.length, data: data.subarray(0, n * rows.length) }
  }

  getStrings(rowStart: number, nRow: number): string[] {
    return this.split(rowStart, nRow).flatMap(piece => piece.part.getStrings(piece.rowStart, piece.nRow))
  }

  private locate(row: number): [TableColumn, number] {
    const [piece] = this.split(row, 1)
    return [piece.part, piece.rowStart]
  }

  /** The parts that hold the rows; `at` counts rows from `rowStart` on. */
  private split(rowStart: number, nRow: number): { part: TableColumn; rowStart: number; nRow: number; at: number }[] {
    if (
      !Number.isInteger(rowStart) ||
      !Number.isInteger(nRow) ||
      rowStart < 0 ||
      nRow < 0 ||
      rowStart + nRow > this.nRow
    )
      throw new CasatableError(`expected rows below ${this.nRow}, got ${nRow} rows from ${rowStart} on`, {
        file: `column ${this.name}`,
      })
    const pieces: { part: TableColumn; rowStart: number; nRow: number; at: number }[] = []
    let partStart = 0
    for (const part of this.parts) {
      const begin = Math.max(rowStart, partStart)
      const end = Math.min(rowStart + nRow, partStart + part.nRow)
      if (begin < end) pieces.push({ part, rowStart: begin - partStart, nRow: end - begin, at: begin - rowStart })
      partStart += part.nRow
    }
    return pieces
  }
}
