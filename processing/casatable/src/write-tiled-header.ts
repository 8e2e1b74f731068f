import { AipsioWriter } from './aipsio-writer.ts'
import type { Hypercube, TiledHeader } from './tiled-layout.ts'
import { writeBlock, writePosition, writeRecord } from './write-objects.ts'

/** Lengths and offsets from here on are written 64 bits wide. */
const WIDE = 2 ** 31

/** Serialises the head file of a TiledShapeStMan, TiledColumnStMan or TiledCellStMan. */
export function serializeTiledHeader(header: TiledHeader): Uint8Array {
  const writer = new AipsioWriter()
  writer.object(header.type, 1, () => {
    if (header.type !== 'TiledShapeStMan') writePosition(writer, header.defaultTileShape)
    writeCommon(writer, header)
    if (header.type !== 'TiledShapeStMan') return
    const map = header.rowMap ?? { rows: [], cubes: [], positions: [] }
    writePosition(writer, header.defaultTileShape)
    writer.uint32(map.rows.length)
    writeBlock(writer, map.rows)
    writeBlock(writer, map.cubes)
    writeBlock(writer, map.positions)
  })
  return writer.bytes()
}

function writeCommon(writer: AipsioWriter, header: TiledHeader): void {
  const wide = header.nRow > 0xffffffff
  const version = wide ? 3 : header.littleEndian ? 2 : 1
  const count = (n: number) => (wide ? writer.int64(n) : writer.uint32(n))
  writer.object('TiledStMan', version, () => {
    if (version > 1) writer.bool(!header.littleEndian)
    writer.uint32(header.sequence)
    count(header.nRow)
    writer.uint32(header.columnTypes.length)
    for (const code of header.columnTypes) writer.int32(code)
    writer.string(header.hypercolumnName)
    count(0) // cache size: the reader's choice
    writer.uint32(header.nAxis)
    count(header.files.length)
    for (const file of header.files) {
      writer.bool(file !== null)
      if (file === null) continue
      writer.uint32(file.length < WIDE ? 1 : 2)
      writer.uint32(file.sequence)
      if (file.length < WIDE) writer.uint32(file.length)
      else writer.int64(file.length)
    }
    count(header.cubes.length)
    for (const cube of header.cubes) writeCube(writer, cube)
  })
}

function writeCube(writer: AipsioWriter, cube: Hypercube): void {
  const wide = cube.fileOffset >= WIDE
  writer.uint32(wide ? 2 : 1)
  writeRecord(writer, cube.values, 'Record')
  writer.bool(cube.extensible)
  writer.uint32(cube.cubeShape.length)
  writePosition(writer, cube.cubeShape)
  writePosition(writer, cube.tileShape)
  writer.int32(cube.fileSequence)
  if (wide) writer.int64(cube.fileOffset)
  else writer.uint32(cube.fileOffset)
}
