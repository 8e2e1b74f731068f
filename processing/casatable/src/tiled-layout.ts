import { checkShape, readBlock, readPosition } from './aipsio-objects.ts'
import { AipsioReader } from './aipsio-reader.ts'
import { readRecord } from './read-record.ts'
import type { TableRecord } from './table-record.ts'
import { decodeTypeCode, isNumericType, type NumericType, numericLayout } from './value-type.ts'

/** The tiled managers. */
export type TiledType = 'TiledShapeStMan' | 'TiledColumnStMan' | 'TiledCellStMan' | 'TiledDataStMan'

/** A file of tiles. */
export interface TiledFileEntry {
  sequence: number
  length: number
}

/** A hypercube: arrays of one shape from many rows put together, cut into tiles. */
export interface Hypercube {
  /** Values of coordinate and identification columns. */
  values: TableRecord
  extensible: boolean
  /** Fastest axis first; [] for the cube that stands for rows without a value. */
  cubeShape: readonly number[]
  tileShape: readonly number[]
  /** Number of the file, or −1 for a cube without data. */
  fileSequence: number
  fileOffset: number
}

/**
 * Which rows lie in which cube.
 * - TiledShapeStMan: `rows` are the last rows of intervals, `positions` the cube positions of those.
 * - TiledDataStMan: `rows` are the first rows of intervals, `positions` the cube positions of those.
 */
export interface RowMap {
  rows: readonly number[]
  cubes: readonly number[]
  positions: readonly number[]
}

/** Head file of a tiled manager (table.f&lt;n&gt;), always big-endian. */
export interface TiledHeader {
  type: TiledType
  littleEndian: boolean
  sequence: number
  nRow: number
  columnTypes: readonly number[]
  hypercolumnName: string
  nAxis: number
  files: (TiledFileEntry | null)[]
  cubes: Hypercube[]
  defaultTileShape: readonly number[]
  rowMap: RowMap | null
}

/** Parses the head file. */
export function parseTiledHeader(bytes: Uint8Array, file: string, type: TiledType): TiledHeader {
  const reader = new AipsioReader(bytes, file)
  const header = reader.object(type, type === 'TiledDataStMan' ? 2 : 1, version => {
    const shapeFirst = type === 'TiledColumnStMan' || type === 'TiledCellStMan'
    let defaultTileShape = shapeFirst ? readPosition(reader) : []
    const common = readCommon(reader)
    let rowMap: RowMap | null = null
    if (type === 'TiledShapeStMan') {
      defaultTileShape = readPosition(reader)
      const nUsed = reader.uint32()
      rowMap = checkRowMap(reader, nUsed, common.cubes.length, {
        rows: readBlock(reader),
        cubes: readBlock(reader),
        positions: readBlock(reader),
      })
    } else if (type === 'TiledDataStMan') rowMap = readDataRowMap(reader, version, common)
    return { type, ...common, defaultTileShape, rowMap }
  })
  if (reader.remaining !== 0) throw reader.error(`expected the end of the file, got ${reader.remaining} more bytes`)
  return header
}

interface CommonHeader extends Omit<TiledHeader, 'type' | 'defaultTileShape' | 'rowMap'> {
  version: number
}

function readCommon(reader: AipsioReader): CommonHeader {
  return reader.object('TiledStMan', 3, version => {
    const bigEndian = version >= 2 ? reader.bool() : true
    const count = () => (version >= 3 ? reader.size64() : reader.uint32())
    const sequence = reader.uint32()
    const nRow = count()
    const columnTypes: number[] = []
    const nColumn = reader.count(reader.uint32(), 4, 'columns')
    for (let i = 0; i < nColumn; i++) columnTypes.push(reader.int32())
    const hypercolumnName = reader.string()
    count() // cache size
    const nAxis = reader.uint32()
    const nFile = reader.count(count(), 1, 'files')
    const files: (TiledFileEntry | null)[] = []
    for (let i = 0; i < nFile; i++) files.push(reader.bool() ? readFileEntry(reader) : null)
    const nCube = reader.count(count(), 40, 'hypercubes')
    const cubes: Hypercube[] = []
    for (let i = 0; i < nCube; i++) cubes.push(readCube(reader))
    return { version, littleEndian: !bigEndian, sequence, nRow, columnTypes, hypercolumnName, nAxis, files, cubes }
  })
}

function readFileEntry(reader: AipsioReader): TiledFileEntry {
  const version = reader.uint32()
  const sequence = reader.uint32()
  return { sequence, length: version === 1 ? reader.uint32() : reader.size64() }
}

function readCube(reader: AipsioReader): Hypercube {
  const version = reader.uint32()
  const values = readRecord(reader)
  const extensible = reader.bool()
  const nAxis = reader.uint32()
  const cubeShape = checkShape(reader, readPosition(reader))
  const tileShape = checkShape(reader, readPosition(reader))
  const fileSequence = reader.int32()
  const fileOffset = version === 1 ? reader.uint32() : reader.size64()
  if (fileSequence >= 0) {
    if (cubeShape.length !== nAxis || tileShape.length !== nAxis)
      throw reader.error(`expected cube and tile of ${nAxis} axes, got ${cubeShape.length} and ${tileShape.length}`)
    if (tileShape.some(length => length < 1))
      throw reader.error(`expected tile axes of 1 or more, got [${tileShape.join(', ')}]`)
  }
  return { values, extensible, cubeShape, tileShape, fileSequence, fileOffset }
}

function readDataRowMap(reader: AipsioReader, version: number, common: CommonHeader): RowMap {
  const wide = version > 1 || common.version > 2
  if (wide) reader.size64()
  else reader.uint32()
  const nUsed = version === 1 ? reader.uint32() : null
  const map = { rows: readBlock(reader, version > 1), cubes: readBlock(reader), positions: readBlock(reader) }
  return checkRowMap(reader, nUsed ?? map.rows.length, common.cubes.length, map)
}

function checkRowMap(reader: AipsioReader, nUsed: number, nCube: number, map: RowMap): RowMap {
  if (map.rows.length < nUsed || map.cubes.length < nUsed || map.positions.length < nUsed)
    throw reader.error(`expected ${nUsed} entries in the row map, got ${map.rows.length}`)
  for (let i = 0; i < nUsed; i++)
    if (map.cubes[i] >= nCube || (i > 0 && map.rows[i] <= map.rows[i - 1]))
      throw reader.error(`expected ascending rows in cubes below ${nCube}, got cube ${map.cubes[i]}`)
  return {
    rows: map.rows.slice(0, nUsed),
    cubes: map.cubes.slice(0, nUsed),
    positions: map.positions.slice(0, nUsed),
  }
}

/** How the columns of a hypercolumn lie in each tile. */
export interface TileLayout {
  readonly pixelsPerTile: number
  readonly bytesPerTile: number
  /** Offset of each data column in the tile. */
  readonly columnOffsets: readonly number[]
}

/** Number of bytes that `n` values of a type take in a tile. */
export function tiledBytes(type: NumericType, n: number): number {
  return type === 'bool' ? Math.ceil(n / 8) : n * numericLayout(type).bytes
}

/** Lays out a tile of these column types. */
export function tileLayout(tileShape: readonly number[], types: readonly NumericType[]): TileLayout {
  const pixelsPerTile = tileShape.reduce((product, length) => product * length, 1)
  const columnOffsets: number[] = []
  let bytesPerTile = 0
  for (const type of types) {
    columnOffsets.push(bytesPerTile)
    bytesPerTile += tiledBytes(type, pixelsPerTile)
  }
  return { pixelsPerTile, bytesPerTile, columnOffsets }
}

/** The numeric type a code of the head file stands for. */
export function tiledColumnType(code: number): NumericType | null {
  const kind = decodeTypeCode(code)
  return kind !== null && isNumericType(kind.type) ? kind.type : null
}
