import { HOST_LITTLE_ENDIAN, swapWords } from './byte-order.ts'
import type { WritableSource } from './cached-source.ts'
import { copyBox } from './copy-box.ts'
import { packBits, unpackBits, valueBytes } from './decode-values.ts'
import { type Box, packedStrides, pixelSpan, type TiledColumnPart, type TilePart, tileParts } from './tiled-reader.ts'
import { type NumericArray, numericLayout } from './value-type.ts'

/** Writes boxes into tiled cubes, tile by tile; of each tile only the stretch that changes. */
export class TiledWriter {
  /** Writes `box` from the packed values of `source`, from value `at` on. */
  write(part: TiledColumnPart, store: WritableSource, box: Box, source: NumericArray, at: number): void {
    if (box.count.some(n => n === 0)) return
    const values = valueBytes(part.type, source, 0, source.length / numericLayout(part.type).components)
    const boxStride = packedStrides(box.count)
    for (const piece of tileParts(part, box)) {
      const from = at + piece.target.reduce((sum, index, axis) => sum + index * boxStride[axis], 0)
      if (part.type === 'bool') writeBits(part, store, piece, values, from, boxStride)
      else writePixels(part, store, piece, values, from, boxStride)
    }
  }
}

function tileOffset(part: TiledColumnPart, piece: TilePart): number {
  return part.fileOffset + piece.number * part.layout.bytesPerTile + part.layout.columnOffsets[part.column]
}

function writePixels(
  part: TiledColumnPart,
  store: WritableSource,
  piece: TilePart,
  values: Uint8Array,
  from: number,
  boxStride: readonly number[],
): void {
  const { bytes: pixelBytes, wordBytes } = numericLayout(part.type)
  const { first, last } = pixelSpan(part, piece)
  const begin = tileOffset(part, piece) + first * pixelBytes
  const stretch = new Uint8Array((last + 1 - first) * pixelBytes)
  const isDense = last + 1 - first === piece.count.reduce((total, n) => total * n, 1)
  const foreign = part.littleEndian !== HOST_LITTLE_ENDIAN
  if (!isDense) {
    store.readInto(begin, stretch)
    if (foreign) swapWords(stretch, wordBytes)
  }
  copyBox(values, from, stretch, 0, {
    count: piece.count,
    sourceStride: boxStride,
    targetStride: packedStrides(part.tileShape).map((stride, axis) => stride * piece.step[axis]),
    wordsPerPixel: pixelBytes,
  })
  if (foreign) swapWords(stretch, wordBytes)
  store.write(begin, stretch)
}

function writeBits(
  part: TiledColumnPart,
  store: WritableSource,
  piece: TilePart,
  values: Uint8Array,
  from: number,
  boxStride: readonly number[],
): void {
  const { first, last } = pixelSpan(part, piece)
  const firstByte = first >>> 3
  const begin = tileOffset(part, piece) + firstByte
  const packed = new Uint8Array((last >>> 3) + 1 - firstByte)
  store.readInto(begin, packed)
  const nBit = Math.min(8 * packed.length, part.layout.pixelsPerTile - 8 * firstByte)
  const bits = new Uint8Array(nBit)
  unpackBits(packed, 0, bits, 0, nBit)
  copyBox(values, from, bits, first - 8 * firstByte, {
    count: piece.count,
    sourceStride: boxStride,
    targetStride: packedStrides(part.tileShape).map((stride, axis) => stride * piece.step[axis]),
    wordsPerPixel: 1,
  })
  packBits(bits, 0, nBit, packed, 0)
  store.write(begin, packed)
}
