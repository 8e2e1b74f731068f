import type { CachedSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import type { ResolvedSlice } from './cell-slice.ts'
import type { ColumnStorage, ManagedColumn, StorageManager, StorageRun } from './column-storage.ts'
import { findBucket } from './standard-layout.ts'
import { isTableReference, TableRecord } from './table-record.ts'
import { TiledCoordinateColumn } from './tiled-coordinates.ts'
import {
  type Hypercube,
  parseTiledHeader,
  type TiledHeader,
  type TiledType,
  type TileLayout,
  tiledColumnType,
  tileLayout,
} from './tiled-layout.ts'
import { TiledReader, tilesPerAxis, unravel } from './tiled-reader.ts'
import { type NumericArray, type NumericType, numericLayout } from './value-type.ts'

/** What a tiled manager is opened with. */
export interface TiledOptions {
  readonly type: TiledType
  readonly columns: readonly ManagedColumn[]
  /** Number of rows that table.dat tells; null to take what the manager tells. */
  readonly nRow: number | null
  readonly littleEndian: boolean
  /** The whole head file. */
  readonly header: Uint8Array
  readonly headerFile: string
  /** The table's own keywords, where hypercolumns are defined. */
  readonly privateKeywords: TableRecord
  /** Opens the tile file of that number. */
  openTiles(sequence: number): CachedSource
}

/** Where a row lies: `position` counts cells in the cube. */
export interface TiledPlace {
  readonly cube: Hypercube
  readonly cubeIndex: number
  readonly position: number
  /** Rows up to here (exclusive) follow in the same cube. */
  readonly end: number
}

/** The tiled storage managers, for reading. */
export class TiledStorage implements StorageManager {
  readonly header: TiledHeader
  readonly reader = new TiledReader()
  /** Types of the data columns in the order of their pixels in a tile. */
  readonly dataTypes: readonly NumericType[]
  private readonly options: TiledOptions
  private readonly dataOrder: readonly number[]
  private readonly coordinateNames: readonly string[]
  private readonly files = new Map<number, CachedSource>()

  constructor(options: TiledOptions) {
    this.options = options
    this.header = parseTiledHeader(options.header, options.headerFile, options.type)
    const { columns, nRow, littleEndian } = options
    const { header } = this
    if (nRow !== null && header.nRow !== nRow) throw this.error(`expected ${nRow} rows, got ${header.nRow}`)
    if (header.littleEndian !== littleEndian)
      throw this.error('expected the byte order that table.dat tells, got the other')
    if (header.columnTypes.length !== columns.length)
      throw this.error(`expected ${columns.length} columns, got ${header.columnTypes.length}`)
    const types = columns.map((column, i) => {
      const type = tiledColumnType(header.columnTypes[i])
      if (type === null || type !== column.description.type)
        throw this.error(`expected type ${column.description.type} for column ${column.description.name}, got ${type}`)
      return type
    })
    const hypercolumn = options.privateKeywords.get(`Hypercolumn_${header.hypercolumnName}`)
    const definition = hypercolumn instanceof TableRecord && !isTableReference(hypercolumn) ? hypercolumn : null
    this.coordinateNames = definition?.has('coord') ? definition.strings('coord') : []
    this.dataOrder = this.orderData(definition, types)
    this.dataTypes = this.dataOrder.map(column => types[column])
  }

  /** Position of a column among the data of a tile; −1 for a coordinate. */
  tilePosition(index: number): number {
    return this.dataOrder.indexOf(index)
  }

  column(index: number): ColumnStorage {
    const column = this.options.columns[index]
    const inTile = this.tilePosition(index)
    if (inTile < 0) return new TiledCoordinateColumn(this, column, this.coordinateNames.indexOf(column.originalName))
    return new TiledDataColumn(this, this.dataTypes[inTile], inTile, column)
  }

  close(): void {
    for (const file of this.files.values()) file.close()
  }

  get nRow(): number {
    return this.header.nRow
  }

  get littleEndian(): boolean {
    return this.options.littleEndian
  }

  error(message: string): CasatableError {
    return new CasatableError(message, { file: this.options.headerFile })
  }

  /** Number of axes of a cell. */
  get nCellAxis(): number {
    const { type, columns } = this.options
    if (type === 'TiledCellStMan') return this.header.nAxis
    if (type !== 'TiledDataStMan') return this.header.nAxis - 1
    return columns[this.dataOrder[0]].description.nAxis
  }

  /** Which cube a row is in, and where; null for a row that has no value. */
  place(row: number): TiledPlace | null {
    const { cubes, rowMap } = this.header
    const { type } = this.options
    const { nRow } = this.header
    if (type === 'TiledCellStMan') return this.defined(row, 0, row + 1)
    if (type === 'TiledColumnStMan') return this.defined(0, row, nRow)
    if (rowMap === null || cubes.length === 0) return null
    if (type === 'TiledShapeStMan') {
      const i = findBucket(rowMap.rows, row)
      if (i === rowMap.rows.length) return null
      return this.defined(rowMap.cubes[i], rowMap.positions[i] - (rowMap.rows[i] - row), rowMap.rows[i] + 1)
    }
    const i = findBucket(rowMap.rows, row + 1) - 1
    if (i < 0) return null
    const extraAxes = cubes[rowMap.cubes[i]].cubeShape.slice(this.nCellAxis, -1)
    const cellsPerStep = extraAxes.reduce((total, length) => total * length, 1)
    const position = row - rowMap.rows[i] + rowMap.positions[i] * cellsPerStep
    return this.defined(rowMap.cubes[i], position, rowMap.rows[i + 1] ?? nRow)
  }

  /** The open tile file of a cube, checked to hold all its tiles. */
  tiles(cube: Hypercube, layout: TileLayout): CachedSource {
    let file = this.files.get(cube.fileSequence)
    if (file === undefined) {
      file = this.options.openTiles(cube.fileSequence)
      this.files.set(cube.fileSequence, file)
    }
    const nTile = tilesPerAxis(cube).reduce((total, n) => total * n, 1)
    const expected = cube.fileOffset + nTile * layout.bytesPerTile
    if (!(expected <= file.size))
      throw file.error(
        `expected ${expected} bytes for ${nTile} tiles, got ${file.size}; the file is truncated or damaged`,
        file.size,
      )
    return file
  }

  layout(cube: Hypercube): TileLayout {
    return tileLayout(cube.tileShape, this.dataTypes)
  }

  private defined(cubeIndex: number, position: number, end: number): TiledPlace | null {
    const cube = this.header.cubes[cubeIndex]
    if (cube === undefined || cube.fileSequence < 0 || cube.cubeShape.length === 0) return null
    if (cube.cubeShape.length !== this.header.nAxis || position < 0)
      throw this.error(
        `expected a cube of ${this.header.nAxis} axes for cell ${position}, got ${cube.cubeShape.length}`,
      )
    return { cube, cubeIndex, position, end }
  }

  /** Data columns by descending size of their pixels, as they follow each other in a tile. */
  private orderData(definition: TableRecord | null, types: readonly NumericType[]): number[] {
    const { columns } = this.options
    const names = definition?.has('data') ? definition.strings('data') : columns.map(column => column.originalName)
    const order = names.map(name => columns.findIndex(column => column.originalName === name))
    if (order.length === 0 || order.includes(-1))
      throw this.error(
        `expected the data columns ${names.join(', ')}, got ${columns.map(c => c.originalName).join(', ')}`,
      )
    return order.sort((a, b) => numericLayout(types[b]).bytes - numericLayout(types[a]).bytes)
  }
}

class TiledDataColumn implements ColumnStorage {
  private readonly storage: TiledStorage
  private readonly type: NumericType
  private readonly inTile: number
  private readonly column: ManagedColumn

  constructor(storage: TiledStorage, type: NumericType, inTile: number, column: ManagedColumn) {
    this.storage = storage
    this.type = type
    this.inTile = inTile
    this.column = column
  }

  shapeRun(row: number): StorageRun {
    const place = this.storage.place(row)
    if (place === null) return { shape: null, end: row + 1 }
    return { shape: place.cube.cubeShape.slice(0, this.storage.nCellAxis), end: place.end }
  }

  readNumeric(rowStart: number, nRow: number, slice: ResolvedSlice | null, target: NumericArray, at: number): void {
    let out = at
    for (let row = rowStart; row < rowStart + nRow; ) {
      const place = this.storage.place(row)
      if (place === null)
        throw this.storage.error(`expected a value in row ${row} of ${this.column.description.name}, got none`)
      const { cubeShape } = place.cube
      const nCellAxis = this.storage.nCellAxis
      // With one axis of rows many rows are one box, otherwise each row is one.
      const n = cubeShape.length === nCellAxis + 1 ? Math.min(place.end, rowStart + nRow) - row : 1
      const cellShape = cubeShape.slice(0, nCellAxis)
      const rowAxes = unravel(place.position, cubeShape.slice(nCellAxis))
      if (rowAxes === null || (rowAxes.length > 0 && rowAxes[rowAxes.length - 1] + n > cubeShape[cubeShape.length - 1]))
        throw this.storage.error(
          `expected row ${row} within its cube of shape [${cubeShape.join(', ')}], got one outside`,
        )
      const box = {
        start: [...(slice?.start ?? cellShape.map(() => 0)), ...rowAxes],
        count: [...(slice?.count ?? cellShape), ...rowAxes.map((_, i) => (i === rowAxes.length - 1 ? n : 1))],
        step: [...(slice?.step ?? cellShape.map(() => 1)), ...rowAxes.map(() => 1)],
      }
      const layout = this.storage.layout(place.cube)
      this.storage.reader.read(
        {
          source: this.storage.tiles(place.cube, layout),
          type: this.type,
          littleEndian: this.storage.littleEndian,
          cubeShape,
          tileShape: place.cube.tileShape,
          layout,
          fileOffset: place.cube.fileOffset,
          column: this.inTile,
        },
        box,
        target,
        out,
      )
      out += box.count.reduce((total, length) => total * length, 1)
      row += n
    }
  }

  readStrings(): string[] {
    throw this.storage.error(`expected strings in column ${this.column.description.name}, got ${this.type}`)
  }
}
