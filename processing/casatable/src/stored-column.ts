import { exactInteger } from './aipsio-objects.ts'
import { AipsioReader } from './aipsio-reader.ts'
import { CasatableError } from './casatable-error.ts'
import { resolveSlice, sliceCount } from './cell-slice.ts'
import { type CellValue, elementCount, type ScalarValue, sameShape } from './cell-value.ts'
import type { ColumnStorage, ManagedColumn } from './column-storage.ts'
import { readRecord } from './read-record.ts'
import type { ColumnRange, RangeOptions, ShapeRun, StorageInfo, TableColumn } from './table.ts'
import { TableRecord } from './table-record.ts'
import {
  allocateNumeric,
  isNumericType,
  matchesType,
  type NumericArray,
  type NumericType,
  numericLayout,
  type ValueType,
} from './value-type.ts'

/** A column whose cells lie in the files of a data manager. */
export class StoredColumn implements TableColumn {
  readonly name: string
  readonly type: ValueType
  readonly isArray: boolean
  readonly fixedShape: readonly number[] | null
  readonly nAxis: number | null
  readonly comment: string
  readonly storage: StorageInfo
  protected readonly managed: ManagedColumn
  protected readonly tablePath: string
  private readonly rowCount: () => number
  private readonly openStorage: () => ColumnStorage
  private opened: ColumnStorage | null = null

  /**
   * @param tablePath - for messages
   * @param openStorage - called when the first cell is read
   */
  constructor(
    managed: ManagedColumn,
    storage: StorageInfo,
    tablePath: string,
    rowCount: () => number,
    openStorage: () => ColumnStorage,
  ) {
    const { description } = managed
    this.managed = managed
    this.name = description.name
    this.type = description.type
    this.isArray = description.isArray
    this.fixedShape = description.isArray ? managed.fixedShape : null
    this.nAxis = !description.isArray
      ? 0
      : description.nAxis > 0
        ? description.nAxis
        : (this.fixedShape?.length ?? null)
    this.comment = description.comment
    this.storage = storage
    this.tablePath = tablePath
    this.rowCount = rowCount
    this.openStorage = openStorage
  }

  get keywords(): TableRecord {
    return this.managed.description.keywords
  }

  get nRow(): number {
    return this.rowCount()
  }

  isDefined(row: number): boolean {
    return this.cellShape(row) !== null
  }

  cellShape(row: number): readonly number[] | null {
    this.checkRows(row, 1)
    return this.isArray ? this.protect(() => this.cells().shapeRun(row, row + 1).shape) : []
  }

  shapeRuns(rowStart = 0, nRow = this.nRow - rowStart): ShapeRun[] {
    this.checkRows(rowStart, nRow)
    return this.protect(() => {
      // Opened also where nothing is to be read, so that a truncated file is found.
      this.cells()
      if (!this.isArray) return nRow === 0 ? [] : [{ rowStart, nRow, shape: [] }]
      const runs: { rowStart: number; nRow: number; shape: readonly number[] | null }[] = []
      for (let row = rowStart; row < rowStart + nRow; ) {
        const { shape, end } = this.cells().shapeRun(row, rowStart + nRow)
        const n = Math.min(end, rowStart + nRow) - row
        const last = runs[runs.length - 1]
        if (last !== undefined && sameShape(last.shape, shape)) last.nRow += n
        else runs.push({ rowStart: row, nRow: n, shape })
        row += n
      }
      return runs
    })
  }

  getCell(row: number): CellValue {
    this.checkRows(row, 1)
    return this.protect(() => {
      if (this.type === 'record') return this.recordCell(row)
      const shape = this.isArray ? this.cells().shapeRun(row, row + 1).shape : []
      if (shape === null) throw this.error(`expected an array in row ${row}, got an undefined cell`)
      if (!isNumericType(this.type)) {
        const strings = this.cells().readStrings(row)
        return this.isArray ? { shape, data: strings } : strings[0]
      }
      const data = this.allocate(this.type, this.isArray ? elementCount(shape) : 1)
      this.cells().readNumeric(row, 1, null, data, 0)
      return this.isArray ? { shape, data } : scalarOf(this.type, data)
    })
  }

  getRange(rowStart: number, nRow: number, options: RangeOptions = {}): ColumnRange {
    this.checkRows(rowStart, nRow)
    const type = this.type
    if (!isNumericType(type)) throw this.error(`expected a numeric column, got ${type}; use getStrings or getCell`)
    return this.protect(() => {
      this.cells()
      const shape = this.uniformShape(rowStart, nRow)
      const slice = this.isArray ? resolveSlice(options.slice, shape, this.where) : null
      const nCell = this.isArray && shape.length === 0 ? 0 : sliceCount(slice, shape)
      const data = this.targetFor(type, nCell * nRow, options.into)
      if (nCell > 0 && nRow > 0) this.cells().readNumeric(rowStart, nRow, slice, data, 0)
      return { cellShape: slice?.count ?? shape, nRow, data }
    })
  }

  getRows(rows: ArrayLike<number>, options: RangeOptions = {}): ColumnRange {
    if (rows.length === 0) return this.getRange(0, 0, options)
    const type = this.type
    if (!isNumericType(type)) throw this.error(`expected a numeric column, got ${type}; use getStrings or getCell`)
    let { cellShape, data }: { cellShape: readonly number[]; data: NumericArray } = {
      cellShape: [],
      data: new Uint8Array(0),
    }
    let nValue = 0
    for (let done = 0; done < rows.length; ) {
      let n = 1
      while (done + n < rows.length && rows[done + n] === rows[done] + n) n++
      if (done === 0) {
        this.checkRows(rows[0], 1)
        const shape = this.uniformShape(rows[0], 1)
        const slice = this.isArray ? resolveSlice(options.slice, shape, this.where) : null
        cellShape = slice?.count ?? shape
        nValue = (this.isArray && shape.length === 0 ? 0 : sliceCount(slice, shape)) * numericLayout(type).components
        data = this.targetFor(type, (nValue / numericLayout(type).components) * rows.length, options.into)
      }
      const into = data.subarray(done * nValue, (done + n) * nValue)
      const part = this.getRange(rows[done], n, { slice: options.slice, into })
      if (!sameShape(part.cellShape, cellShape)) throw this.shapesDiffer(rows[0], rows[done], cellShape, part.cellShape)
      done += n
    }
    return { cellShape, nRow: rows.length, data }
  }

  getStrings(rowStart: number, nRow: number): string[] {
    this.checkRows(rowStart, nRow)
    if (this.type !== 'string' || this.isArray) throw this.error(`expected a column of strings, got ${this.type}`)
    return this.protect(() => {
      const strings: string[] = []
      for (let row = rowStart; row < rowStart + nRow; row++) strings.push(this.cells().readStrings(row)[0])
      return strings
    })
  }

  /** The column's place in its manager's files. */
  protected cells(): ColumnStorage {
    this.opened ??= this.openStorage()
    return this.opened
  }

  protected get where(): string {
    return `${this.tablePath}, column ${this.name}`
  }

  protected error(message: string): CasatableError {
    return new CasatableError(message, { file: this.where })
  }

  /** @throws CasatableError unless all the rows exist */
  protected checkRows(rowStart: number, nRow: number): void {
    if (
      !Number.isInteger(rowStart) ||
      !Number.isInteger(nRow) ||
      rowStart < 0 ||
      nRow < 0 ||
      rowStart + nRow > this.nRow
    )
      throw this.error(`expected rows below ${this.nRow}, got ${nRow} rows from ${rowStart} on`)
  }

  /** Damaged files must end in an error of ours whatever a corrupt number does to typed arrays. */
  protected protect<T>(read: () => T): T {
    try {
      return read()
    } catch (cause) {
      if (cause instanceof RangeError)
        throw new CasatableError(`expected readable cells, got: ${cause.message}`, { file: this.where }, cause)
      throw cause
    }
  }

  private uniformShape(rowStart: number, nRow: number): readonly number[] {
    if (!this.isArray) return []
    if (nRow === 0) return this.fixedShape ?? []
    const end = rowStart + nRow
    const first = this.cells().shapeRun(rowStart, end)
    for (let row = rowStart, run = first; ; run = this.cells().shapeRun(row, end)) {
      if (run.shape === null) throw this.error(`expected an array in row ${row}, got an undefined cell`)
      if (!sameShape(run.shape, first.shape)) throw this.shapesDiffer(rowStart, row, first.shape ?? [], run.shape)
      row = run.end
      if (row >= end) return first.shape ?? []
    }
  }

  private shapesDiffer(rowA: number, rowB: number, a: readonly number[], b: readonly number[]): CasatableError {
    return this.error(
      `expected cells of one shape, got [${a.join(', ')}] in row ${rowA} and [${b.join(', ')}] in row ${rowB}; read by shapeRuns`,
    )
  }

  private targetFor(type: NumericType, nValue: number, into: NumericArray | undefined): NumericArray {
    if (into === undefined) return this.allocate(type, nValue)
    const length = nValue * numericLayout(type).components
    if (!matchesType(type, into) || into.length < length)
      throw this.error(
        `expected a ${type} target of ${length} elements, got ${into.constructor.name} of ${into.length}`,
      )
    return into.length === length ? into : into.subarray(0, length)
  }

  private allocate(type: NumericType, nValue: number): NumericArray {
    return allocateNumeric(type, nValue)
  }

  private recordCell(row: number): TableRecord {
    const shape = this.cells().shapeRun(row, row + 1).shape
    if (shape === null) return new TableRecord()
    const bytes = new Uint8Array(elementCount(shape))
    this.cells().readNumeric(row, 1, null, bytes, 0)
    return readRecord(new AipsioReader(bytes, this.where))
  }
}

function scalarOf(type: NumericType, data: NumericArray): ScalarValue {
  if (type === 'bool') return data[0] !== 0
  if (data instanceof BigInt64Array) return exactInteger(data[0])
  if (type === 'complex64' || type === 'complex128') return { re: data[0] as number, im: data[1] as number }
  return data[0] as number
}
