import { AipsioWriter } from './aipsio-writer.ts'
import type { WritableSource } from './cached-source.ts'
import { BUCKETS_OFFSET, type StandardHeader, type StandardIndex } from './standard-layout.ts'
import { writeBlock, writeMap } from './write-objects.ts'

/** Buckets of an index begin with the number of the next one, twice. */
export const INDEX_LINK_BYTES = 8

/** Head of a manager without buckets. */
export function emptyHeader(bucketBytes: number): StandardHeader {
  return {
    version: 3,
    bucketBytes,
    nBucket: 0,
    cacheSize: 2,
    nFreeBucket: 0,
    firstFreeBucket: -1,
    nIndexBucket: 0,
    firstIndexBucket: -1,
    indexOffset: 0,
    lastStringBucket: -1,
    indexBytes: 0,
    nIndex: 1,
  }
}

/** The head as the file's first 512 bytes hold it. */
export function serializeHeader(header: StandardHeader, littleEndian: boolean): Uint8Array {
  const writer = new AipsioWriter(littleEndian)
  writer.object('StandardStMan', 3, () => {
    writer.bool(!littleEndian)
    writer.uint32(header.bucketBytes)
    writer.uint32(header.nBucket)
    writer.uint32(header.cacheSize)
    writer.uint32(header.nFreeBucket)
    writer.int32(header.firstFreeBucket)
    writer.uint32(header.nIndexBucket)
    writer.int32(header.firstIndexBucket)
    writer.uint32(header.indexOffset)
    writer.int32(header.lastStringBucket)
    writer.uint32(header.indexBytes)
    writer.uint32(header.nIndex)
  })
  return writer.bytes()
}

/** The indexes of all groups, one after the other. */
export function serializeIndexes(indexes: readonly StandardIndex[], littleEndian: boolean): Uint8Array {
  const writer = new AipsioWriter(littleEndian)
  for (const index of indexes) {
    const wide = (index.lastRows.at(-1) ?? 0) > 0xffffffff
    writer.object('SSMIndex', wide ? 2 : 1, () => {
      writer.uint32(index.buckets.length)
      writer.uint32(index.rowsPerBucket)
      writer.int32(index.nColumn)
      writeMap(
        writer,
        index.freeSpace,
        () => writer.int32(0),
        (offset, length) => {
          writer.int32(offset)
          writer.int32(length)
        },
      )
      writeBlock(writer, index.lastRows, wide)
      writeBlock(writer, index.buckets)
    })
  }
  return writer.bytes()
}

/** What the manager keeps in table.dat. */
export function serializeInfo(
  name: string,
  columnOffsets: readonly number[],
  columnIndexes: readonly number[],
): Uint8Array {
  const writer = new AipsioWriter()
  writer.object('SSM', 2, () => {
    writer.string(name)
    writeBlock(writer, columnOffsets)
    writeBlock(writer, columnIndexes)
  })
  return writer.bytes()
}

/** Writes one bucket of the index, with its link to the next. */
export function writeIndexBucket(
  source: WritableSource,
  header: StandardHeader,
  bucket: number,
  next: number,
  bytes: Uint8Array,
): void {
  const content = new Uint8Array(header.bucketBytes)
  new DataView(content.buffer).setInt32(0, next)
  new DataView(content.buffer).setInt32(4, next)
  content.set(bytes, INDEX_LINK_BYTES)
  source.write(BUCKETS_OFFSET + bucket * header.bucketBytes, content)
}
