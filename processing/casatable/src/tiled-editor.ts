import type { WritableSource } from './cached-source.ts'
import { CasatableError } from './casatable-error.ts'
import type { ResolvedSlice } from './cell-slice.ts'
import { sameShape } from './cell-value.ts'
import type { ColumnEditor, ManagerEditor } from './column-editor.ts'
import type { ColumnStorage, ManagedColumn } from './column-storage.ts'
import { ReadThroughEditor } from './read-through-editor.ts'
import { TableRecord } from './table-record.ts'
import { type Hypercube, type TiledHeader, type TiledType, tileLayout } from './tiled-layout.ts'
import { tilesPerAxis, unravel } from './tiled-reader.ts'
import { RowRuns } from './tiled-row-runs.ts'
import { TiledStorage } from './tiled-storage.ts'
import { TiledWriter } from './tiled-writer.ts'
import { encodeTypeCode, type NumericArray, type NumericType } from './value-type.ts'
import { serializeTiledHeader } from './write-tiled-header.ts'

/** What a tiled manager is changed with. */
export interface TiledEditorOptions {
  readonly type: TiledType
  readonly columns: readonly ManagedColumn[]
  readonly nRow: number
  readonly littleEndian: boolean
  readonly header: Uint8Array
  readonly headerFile: string
  readonly privateKeywords: TableRecord
  /** Opens a tile file, making it if it does not exist. */
  openTiles(sequence: number): WritableSource
  /** Replaces the head file. */
  putHeader(bytes: Uint8Array): void
}

/** The tiled managers (but TiledDataStMan), for writing: tiles are changed in place, cubes grow at their end. */
export class TiledEditor implements ManagerEditor {
  readonly storage: TiledStorage
  readonly writer = new TiledWriter()
  private readonly options: TiledEditorOptions
  private readonly header: TiledHeader
  private readonly runs: RowRuns
  private readonly stores = new Map<number, WritableSource>()
  private changed = false

  constructor(options: TiledEditorOptions) {
    if (options.type === 'TiledDataStMan')
      throw new CasatableError('expected a manager that can be written, got TiledDataStMan', {
        file: options.headerFile,
      })
    this.options = options
    this.storage = new TiledStorage({ ...options, openTiles: sequence => this.store(sequence) })
    this.header = this.storage.header
    this.runs = new RowRuns(this.header.rowMap)
  }

  /** The head file of a new manager. */
  static initialize(options: {
    type: Exclude<TiledType, 'TiledDataStMan'>
    columns: readonly ManagedColumn[]
    name: string
    sequence: number
    nRow: number
    littleEndian: boolean
    tileShape: readonly number[]
  }): Uint8Array {
    const { type, columns, name, sequence, nRow, littleEndian, tileShape } = options
    const isColumn = type === 'TiledColumnStMan'
    const first: Hypercube = isColumn
      ? cubeOf([...(columns[0].fixedShape ?? []), nRow], tileShape, 0, 0, true)
      : emptyCube(type)
    return serializeTiledHeader({
      type,
      littleEndian,
      sequence,
      nRow,
      columnTypes: columns.map(column => encodeTypeCode(column.description.type, false)),
      hypercolumnName: name,
      nAxis: tileShape.length,
      files: type === 'TiledShapeStMan' ? [null] : [{ sequence: 0, length: 0 }],
      cubes: type === 'TiledCellStMan' ? Array.from({ length: nRow }, () => first) : [first],
      defaultTileShape: [...tileShape],
      rowMap: type === 'TiledShapeStMan' ? { rows: [], cubes: [], positions: [] } : null,
    })
  }

  column(index: number): ColumnEditor {
    const { description } = this.options.columns[index]
    const inTile = this.storage.tilePosition(index)
    if (inTile < 0)
      throw new CasatableError(
        `expected a data column, got the coordinate ${description.name}, which cannot be changed`,
        {
          file: this.options.headerFile,
        },
      )
    return new TiledColumnEditor(this, this.storage.column(index), this.storage.dataTypes[inTile], inTile)
  }

  addRows(nRow: number): void {
    const { header } = this
    header.nRow += nRow
    this.changed = true
    if (header.type === 'TiledCellStMan') for (let i = 0; i < nRow; i++) header.cubes.push(emptyCube(header.type))
    else if (header.type === 'TiledColumnStMan') this.growCube(0, header.nRow)
  }

  flush(): Uint8Array {
    if (this.changed) {
      for (const [i, file] of this.header.files.entries()) if (file !== null) file.length = this.store(i).size
      this.options.putHeader(serializeTiledHeader(this.header))
      this.changed = false
    }
    return new Uint8Array(0)
  }

  close(): void {
    for (const store of this.stores.values()) store.close()
    this.stores.clear()
  }

  store(sequence: number): WritableSource {
    let store = this.stores.get(sequence)
    if (store === undefined) {
      store = this.options.openTiles(sequence)
      this.stores.set(sequence, store)
    }
    return store
  }

  /** Makes sure the rows have cells of this shape. */
  define(rowStart: number, nRow: number, shape: readonly number[]): void {
    for (let row = rowStart; row < rowStart + nRow; ) {
      const place = this.storage.place(row)
      const end = Math.min(place?.end ?? row + 1, rowStart + nRow)
      if (place === null || !sameShape(place.cube.cubeShape.slice(0, shape.length), shape)) {
        this.assign(row, this.undefinedUntil(row, rowStart + nRow), shape)
        continue
      }
      this.growCube(place.cubeIndex, place.position + (end - row))
      row = end
    }
  }

  /** End of the rows from `row` on that can be given a shape together. */
  private undefinedUntil(row: number, limit: number): number {
    let end = row + 1
    while (end < limit && this.header.type === 'TiledShapeStMan' && this.storage.place(end) === null) end++
    return end
  }

  private assign(row: number, end: number, shape: readonly number[]): void {
    const { header } = this
    this.changed = true
    if (header.type === 'TiledColumnStMan')
      throw this.storage.error(`expected cells of the fixed shape, got [${shape.join(', ')}]`)
    if (shape.length !== this.storage.nCellAxis)
      throw this.storage.error(`expected cells of ${this.storage.nCellAxis} axes, got ${shape.length}`)
    if (header.type === 'TiledCellStMan') {
      header.cubes[row] = this.placeCell(shape)
      return
    }
    const cube = this.cubeFor(shape)
    const position = header.cubes[cube].cubeShape[shape.length]
    this.growCube(cube, position + end - row)
    this.runs.assign(row, end, cube, position)
    header.rowMap = this.runs.toRowMap()
  }

  /** The cube for cells of this shape, made if there is none. */
  private cubeFor(shape: readonly number[]): number {
    const { header } = this
    const found = header.cubes.findIndex(
      cube => cube.fileSequence >= 0 && sameShape(cube.cubeShape.slice(0, -1), shape),
    )
    if (found >= 0) return found
    const tileShape = header.defaultTileShape.map((length, axis) => Math.min(length, shape[axis] ?? length))
    const sequence = header.files.length
    header.files.push({ sequence, length: 0 })
    header.cubes.push(cubeOf([...shape, 0], tileShape, sequence, 0, true))
    return header.cubes.length - 1
  }

  private placeCell(shape: readonly number[]): Hypercube {
    const { header } = this
    const tileShape = header.defaultTileShape.map((length, axis) => Math.max(1, Math.min(length, shape[axis])))
    header.files[0] ??= { sequence: 0, length: 0 }
    const store = this.store(0)
    const cube = cubeOf([...shape], tileShape, 0, store.size, false)
    store.extend(store.size + this.cubeBytes(cube))
    return cube
  }

  /** Makes an extensible cube at least this long along its last axis. */
  private growCube(index: number, length: number): void {
    const cube = this.header.cubes[index]
    const last = cube.cubeShape.length - 1
    const tooShort = cube.extensible && cube.cubeShape[last] < length
    const shape = tooShort ? [...cube.cubeShape.slice(0, last), length] : cube.cubeShape
    const grown = { ...cube, cubeShape: shape }
    const expected = cube.fileOffset + this.cubeBytes(grown)
    if (!tooShort && this.store(cube.fileSequence).size >= expected) return
    this.header.cubes[index] = grown
    this.store(cube.fileSequence).extend(expected)
    this.changed = true
  }

  private cubeBytes(cube: Hypercube): number {
    const nTile = tilesPerAxis(cube).reduce((total, n) => total * n, 1)
    return nTile * tileLayout(cube.tileShape, this.storage.dataTypes).bytesPerTile
  }
}

class TiledColumnEditor extends ReadThroughEditor {
  private readonly editor: TiledEditor
  private readonly type: NumericType
  private readonly inTile: number

  constructor(editor: TiledEditor, storage: ColumnStorage, type: NumericType, inTile: number) {
    super(storage)
    this.editor = editor
    this.type = type
    this.inTile = inTile
  }

  putNumeric(
    rowStart: number,
    nRow: number,
    shape: readonly number[],
    slice: ResolvedSlice | null,
    source: NumericArray,
    at: number,
  ): void {
    const { storage, writer } = this.editor
    this.editor.define(rowStart, nRow, shape)
    const cellCount = (slice?.count ?? shape).reduce((total, n) => total * n, 1)
    for (let row = rowStart; row < rowStart + nRow; ) {
      const place = storage.place(row)
      if (place === null) throw storage.error(`expected a place for row ${row}, got none`)
      const { cube } = place
      const n = cube.cubeShape.length > shape.length ? Math.min(place.end, rowStart + nRow) - row : 1
      const rowAxes = unravel(place.position, cube.cubeShape.slice(shape.length)) ?? []
      const store = this.editor.store(cube.fileSequence)
      const part = {
        source: store,
        type: this.type,
        littleEndian: storage.littleEndian,
        cubeShape: cube.cubeShape,
        tileShape: cube.tileShape,
        layout: storage.layout(cube),
        fileOffset: cube.fileOffset,
        column: this.inTile,
      }
      const box = {
        start: [...(slice?.start ?? shape.map(() => 0)), ...rowAxes],
        count: [...(slice?.count ?? shape), ...rowAxes.map(() => n)],
        step: [...(slice?.step ?? shape.map(() => 1)), ...rowAxes.map(() => 1)],
      }
      writer.write(part, store, box, source, at + (row - rowStart) * cellCount)
      row += n
    }
  }

  putStrings(): void {
    throw this.editor.storage.error('expected numbers, got strings, which tiles cannot hold')
  }
}

/** Stands for rows without a value; casacore expects TiledCellStMan to name the file that such a cell will go to. */
function emptyCube(type: TiledType): Hypercube {
  return cubeOf([], [], type === 'TiledCellStMan' ? 0 : -1, 0, false)
}

function cubeOf(
  cubeShape: readonly number[],
  tileShape: readonly number[],
  fileSequence: number,
  fileOffset: number,
  extensible: boolean,
): Hypercube {
  return { values: new TableRecord(), extensible, cubeShape, tileShape, fileSequence, fileOffset }
}
