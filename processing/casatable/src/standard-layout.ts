import { readBlock, readMap } from './aipsio-objects.ts'
import { AipsioReader } from './aipsio-reader.ts'
import type { CachedSource } from './cached-source.ts'
import { elementCount } from './cell-value.ts'
import type { ManagedColumn } from './column-storage.ts'
import { OPTION_DIRECT } from './table-description.ts'
import { isNumericType, numericLayout } from './value-type.ts'

/** Buckets of all bucket files start here. */
export const BUCKETS_OFFSET = 512
/** Bytes of a reference to the string heap: bucket, offset, length. */
export const STRING_REFERENCE_BYTES = 12
/** Bytes of a reference to the array file. */
export const ARRAY_REFERENCE_BYTES = 8

/** Which rows the buckets of one group of columns hold. */
export interface StandardIndex {
  rowsPerBucket: number
  nColumn: number
  /** Gaps left by removed columns: offset in the bucket → length. */
  freeSpace: Map<number, number>
  /** Last row in each bucket. */
  lastRows: number[]
  /** Number of each bucket. */
  buckets: number[]
}

/** Head of a StandardStMan file. */
export interface StandardHeader {
  version: number
  bucketBytes: number
  nBucket: number
  cacheSize: number
  nFreeBucket: number
  firstFreeBucket: number
  nIndexBucket: number
  firstIndexBucket: number
  indexOffset: number
  lastStringBucket: number
  indexBytes: number
  nIndex: number
}

/** What table.dat keeps for a StandardStMan. */
export interface StandardInfo {
  readonly name: string
  /** Offset of each column in its buckets. */
  readonly columnOffsets: readonly number[]
  /** Index (group of columns) of each column. */
  readonly columnIndexes: readonly number[]
}

/** How a StandardStMan keeps a column. */
export type StandardKind = 'direct' | 'fixedString' | 'stringReference' | 'arrayReference'

/** Where a column is kept: in the buckets, or elsewhere with references in the buckets. */
export function standardKind(column: ManagedColumn): StandardKind {
  const { type, isArray, options, maxLength } = column.description
  if (type === 'string') return maxLength > 0 && !isArray ? 'fixedString' : 'stringReference'
  if (type === 'record') return 'arrayReference'
  if (!isArray) return 'direct'
  return (options & OPTION_DIRECT) !== 0 && column.fixedShape !== null ? 'direct' : 'arrayReference'
}

/** Bits a column takes per row in its buckets. */
export function standardBitsPerRow(column: ManagedColumn): number {
  const kind = standardKind(column)
  if (kind === 'fixedString') return 8 * column.description.maxLength
  if (kind === 'stringReference') return 8 * STRING_REFERENCE_BYTES
  if (kind === 'arrayReference') return 8 * ARRAY_REFERENCE_BYTES
  const { type, isArray } = column.description
  const n = isArray ? elementCount(column.fixedShape ?? []) : 1
  if (!isNumericType(type) || type === 'bool') return n
  return n * 8 * numericLayout(type).bytes
}

/** Reads and checks the head of the file. */
export function readStandardHeader(source: CachedSource, littleEndian: boolean): StandardHeader {
  const reader = new AipsioReader(
    source.view(0, Math.min(BUCKETS_OFFSET, source.size)).slice(),
    source.name,
    littleEndian,
  )
  const header = reader.object('StandardStMan', 3, version => {
    const bigEndian = version >= 3 ? reader.bool() : true
    if (bigEndian === littleEndian) throw reader.error('expected the byte order that table.dat tells, got the other')
    return {
      version,
      bucketBytes: reader.uint32(),
      nBucket: reader.uint32(),
      cacheSize: reader.uint32(),
      nFreeBucket: reader.uint32(),
      firstFreeBucket: reader.int32(),
      nIndexBucket: reader.uint32(),
      firstIndexBucket: reader.int32(),
      indexOffset: version >= 2 ? reader.uint32() : 0,
      lastStringBucket: reader.int32(),
      indexBytes: reader.uint32(),
      nIndex: reader.uint32(),
    }
  })
  const expected = BUCKETS_OFFSET + header.bucketBytes * header.nBucket
  if (expected > source.size)
    throw source.error(
      `expected ${expected} bytes for ${header.nBucket} buckets, got ${source.size}; the file is truncated`,
      0,
    )
  return header
}

/** Reads the indexes, which lie in buckets of their own. */
export function readStandardIndexes(
  source: CachedSource,
  header: StandardHeader,
  littleEndian: boolean,
): StandardIndex[] {
  const bytes = collectIndexBytes(source, header)
  const reader = new AipsioReader(bytes, source.name, littleEndian)
  const indexes: StandardIndex[] = []
  for (let i = 0; i < header.nIndex; i++) indexes.push(readIndex(reader, header))
  return indexes
}

function collectIndexBytes(source: CachedSource, header: StandardHeader): Uint8Array {
  const linkBytes = 8
  const available = header.nIndexBucket * header.bucketBytes
  if (header.indexBytes > available || header.nIndexBucket > header.nBucket)
    throw source.error(`expected an index of at most ${available} bytes, got ${header.indexBytes}`, 0)
  const bytes = new Uint8Array(header.indexBytes)
  let bucket = header.firstIndexBucket
  for (let done = 0, hops = 0; done < bytes.length; hops++) {
    if (bucket < 0 || bucket >= header.nBucket || hops >= header.nIndexBucket)
      throw source.error(`expected an index bucket below ${header.nBucket}, got ${bucket}`, 0)
    const begin = BUCKETS_OFFSET + bucket * header.bucketBytes
    const skip = header.indexOffset > 0 ? header.indexOffset : linkBytes
    const n = Math.min(header.bucketBytes - skip, bytes.length - done)
    if (n <= 0 || (header.indexOffset > 0 && n < bytes.length))
      throw source.error(`expected an index within its bucket, got offset ${header.indexOffset}`, begin)
    const link = source.view(begin + 4, 4)
    bucket = (link[0] << 24) | (link[1] << 16) | (link[2] << 8) | link[3]
    bytes.set(source.view(begin + skip, n), done)
    done += n
  }
  return bytes
}

function readIndex(reader: AipsioReader, header: StandardHeader): StandardIndex {
  return reader.object('SSMIndex', 2, version => {
    const nUsed = reader.uint32()
    const rowsPerBucket = reader.uint32()
    const nColumn = reader.int32()
    const freeSpace = readMap(
      reader,
      () => reader.int32(),
      () => reader.int32(),
    )
    const lastRows = readBlock(reader, version > 1)
    const buckets = readBlock(reader)
    if (lastRows.length < nUsed || buckets.length < nUsed)
      throw reader.error(`expected ${nUsed} buckets in the index, got ${Math.min(lastRows.length, buckets.length)}`)
    if (new Set(buckets.slice(0, nUsed)).size !== nUsed) throw reader.error('expected each bucket once, got one twice')
    for (let i = 0; i < nUsed; i++) {
      const nRow = lastRows[i] - (i === 0 ? -1 : lastRows[i - 1])
      if (nRow < 1 || nRow > rowsPerBucket || buckets[i] >= header.nBucket)
        throw reader.error(
          `expected at most ${rowsPerBucket} rows in bucket ${buckets[i]} of ${header.nBucket}, got ${nRow}`,
        )
    }
    return { rowsPerBucket, nColumn, freeSpace, lastRows: lastRows.slice(0, nUsed), buckets: buckets.slice(0, nUsed) }
  })
}

/** Parses what table.dat keeps for the manager. */
export function parseStandardInfo(info: Uint8Array, file: string): StandardInfo {
  const reader = new AipsioReader(info, file)
  return reader.object('SSM', 2, () => ({
    name: reader.string(),
    columnOffsets: readBlock(reader),
    columnIndexes: readBlock(reader),
  }))
}

/** Position of the first entry of the ascending `lastRows` that is not below `row`. */
export function findBucket(lastRows: ArrayLike<number>, row: number): number {
  let low = 0
  let high = lastRows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (lastRows[middle] < row) low = middle + 1
    else high = middle
  }
  return low
}
