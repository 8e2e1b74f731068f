import { AipsioWriter } from './aipsio-writer.ts'
import type { CasatableError } from './casatable-error.ts'
import { resolveSlice, sliceCount } from './cell-slice.ts'
import {
  type ArrayValue,
  type CellValue,
  elementCount,
  isArrayValue,
  type ScalarValue,
  sameShape,
} from './cell-value.ts'
import type { ColumnEditor } from './column-editor.ts'
import type { ColumnStorage, ManagedColumn } from './column-storage.ts'
import { StoredColumn } from './stored-column.ts'
import type { CellSlice, StorageInfo } from './table.ts'
import { TableRecord } from './table-record.ts'
import type { WritableColumn } from './table-spec.ts'
import {
  allocateNumeric,
  isNumericType,
  matchesType,
  type NumericArray,
  type NumericType,
  numericLayout,
} from './value-type.ts'
import { writeRecord } from './write-objects.ts'

/** A column whose cells can be changed. */
export class EditableColumn extends StoredColumn implements WritableColumn {
  private readonly openEditor: () => ColumnEditor
  private editor: ColumnEditor | null = null

  constructor(
    managed: ManagedColumn,
    storage: StorageInfo,
    tablePath: string,
    rowCount: () => number,
    openStorage: () => ColumnStorage,
    openEditor: () => ColumnEditor,
  ) {
    super(managed, storage, tablePath, rowCount, openStorage)
    this.openEditor = openEditor
  }

  putCell(row: number, value: CellValue): void {
    this.checkRows(row, 1)
    if (this.type === 'record') this.putRecord(row, value)
    else if (value instanceof TableRecord) throw this.mismatch(`a value of type ${this.type}`, 'a record')
    else if (this.isArray !== isArrayValue(value))
      throw this.mismatch(this.isArray ? 'an array' : 'a scalar', 'the other')
    else if (isArrayValue(value)) this.putArray(row, value)
    else this.putScalar(row, value)
  }

  putRange(
    rowStart: number,
    nRow: number,
    data: NumericArray,
    options: { slice?: CellSlice; cellShape?: readonly number[] } = {},
  ): void {
    this.checkRows(rowStart, nRow)
    const type = this.numericType()
    if (nRow === 0) return
    for (const { start, end, shape } of this.shapesFor(rowStart, nRow, options.cellShape)) {
      const slice = this.isArray ? resolveSlice(options.slice, shape, this.where) : null
      const nCell = this.isArray && shape.length === 0 ? 0 : sliceCount(slice, shape)
      this.checkData(type, data, nCell * nRow)
      this.edit().putNumeric(start, end - start, shape, slice, data, (start - rowStart) * nCell)
    }
  }

  /** The runs of rows and the shape each has or gets. */
  private shapesFor(
    rowStart: number,
    nRow: number,
    given: readonly number[] | undefined,
  ): { start: number; end: number; shape: readonly number[] }[] {
    const whole = (shape: readonly number[]) => [{ start: rowStart, end: rowStart + nRow, shape }]
    if (!this.isArray) return whole([])
    if (given !== undefined) {
      this.checkShape(given)
      return whole(given)
    }
    if (this.fixedShape !== null) return whole(this.fixedShape)
    const runs = this.shapeRuns(rowStart, nRow)
    const shape = runs[0].shape
    if (runs.length > 1 || shape === null)
      throw this.error(
        'expected rows that have arrays of one shape, got undefined cells or several shapes; give cellShape',
      )
    return whole(shape)
  }

  private putScalar(row: number, value: ScalarValue): void {
    if (this.type === 'string') {
      if (typeof value !== 'string') throw this.mismatch('a string', typeof value)
      this.edit().putStrings(row, [], [value])
      return
    }
    const type = this.numericType()
    const data = allocateNumeric(type, 1)
    const isComplex = type === 'complex64' || type === 'complex128'
    if (typeof value === 'string' || (typeof value === 'object') !== isComplex) throw this.mismatch(type, typeof value)
    if (typeof value === 'object') data.set([value.re, value.im] as number[] & bigint[])
    else if (data instanceof BigInt64Array) data[0] = BigInt(value)
    else data[0] = Number(value)
    this.edit().putNumeric(row, 1, [], null, data, 0)
  }

  private putArray(row: number, value: ArrayValue): void {
    this.checkShape(value.shape)
    if (this.type === 'string') {
      if (!Array.isArray(value.data) || value.data.length !== elementCount(value.shape))
        throw this.mismatch(`${elementCount(value.shape)} strings`, `${value.data.length} values`)
      this.edit().putStrings(row, value.shape, value.data)
      return
    }
    const type = this.numericType()
    if (Array.isArray(value.data)) throw this.mismatch(type, 'strings')
    this.checkData(type, value.data as NumericArray, elementCount(value.shape))
    this.edit().putNumeric(row, 1, value.shape, null, value.data as NumericArray, 0)
  }

  private putRecord(row: number, value: CellValue): void {
    if (!(value instanceof TableRecord)) throw this.mismatch('a record', 'another value')
    const writer = new AipsioWriter()
    writeRecord(writer, value)
    const bytes = writer.bytes()
    this.edit().putNumeric(row, 1, [bytes.length], null, bytes, 0)
  }

  private checkShape(shape: readonly number[]): void {
    const expected = this.fixedShape
    if (expected !== null && !sameShape(expected, shape))
      throw this.mismatch(`cells of shape [${expected.join(', ')}]`, `[${shape.join(', ')}]`)
    if (this.nAxis !== null && shape.length !== this.nAxis)
      throw this.mismatch(`cells of ${this.nAxis} axes`, `${shape.length}`)
    if (shape.some(length => !Number.isInteger(length) || length < 0))
      throw this.mismatch('axis lengths of 0 or more', `[${shape.join(', ')}]`)
  }

  private checkData(type: NumericType, data: NumericArray, nValue: number): void {
    const length = nValue * numericLayout(type).components
    if (!matchesType(type, data) || data.length !== length)
      throw this.mismatch(`${length} elements for type ${type}`, `${data.constructor.name} of ${data.length}`)
  }

  private numericType(): NumericType {
    if (!isNumericType(this.type)) throw this.mismatch('a numeric column', this.type)
    return this.type
  }

  private mismatch(expected: string, got: string): CasatableError {
    return this.error(`expected ${expected}, got ${got}`)
  }

  private edit(): ColumnEditor {
    this.editor ??= this.openEditor()
    return this.editor
  }
}
