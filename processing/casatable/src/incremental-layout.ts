import { readBlock } from './aipsio-objects.ts'
import { AipsioReader } from './aipsio-reader.ts'
import type { CachedSource } from './cached-source.ts'
import { elementCount } from './cell-value.ts'
import type { ManagedColumn } from './column-storage.ts'
import { ARRAY_REFERENCE_BYTES, BUCKETS_OFFSET } from './standard-layout.ts'
import { OPTION_DIRECT } from './table-description.ts'
import { isNumericType, numericLayout } from './value-type.ts'

/** Head of an IncrementalStMan file. */
export interface IncrementalHeader {
  readonly version: number
  readonly bucketBytes: number
  readonly nBucket: number
  readonly cacheSize: number
}

/** Which rows the buckets hold. */
export interface IncrementalIndex {
  /** First row of each bucket, then the number of rows. */
  readonly firstRows: readonly number[]
  readonly buckets: readonly number[]
}

/** Whether values lie in the buckets, or in the array file with references in the buckets. */
export function isInBucket(column: ManagedColumn): boolean {
  const { isArray, type, options } = column.description
  return type !== 'record' && (!isArray || ((options & OPTION_DIRECT) !== 0 && column.fixedShape !== null))
}

/** Bytes of one value in a bucket; null for strings, which tell their own length. */
export function incrementalValueBytes(column: ManagedColumn): number | null {
  const { isArray, type } = column.description
  if (!isInBucket(column)) return ARRAY_REFERENCE_BYTES
  if (!isNumericType(type)) return null
  const n = isArray ? elementCount(column.fixedShape ?? []) : 1
  // A scalar takes a byte of its own; arrays are bits put together.
  return type === 'bool' ? Math.ceil(n / 8) : n * numericLayout(type).bytes
}

/** Reads and checks the head of the file and the index behind the buckets. */
export function readIncrementalHeader(
  source: CachedSource,
  littleEndian: boolean,
  nRow: number | null,
): { header: IncrementalHeader; index: IncrementalIndex } {
  const reader = new AipsioReader(
    source.view(0, Math.min(BUCKETS_OFFSET, source.size)).slice(),
    source.name,
    littleEndian,
  )
  const header = reader.object('IncrementalStMan', 5, version => {
    const bigEndian = version >= 5 ? reader.bool() : true
    if (bigEndian === littleEndian) throw reader.error('expected the byte order that table.dat tells, got the other')
    const head = { version, bucketBytes: reader.uint32(), nBucket: reader.uint32(), cacheSize: reader.uint32() }
    reader.raw(4) // number for the files of old versions
    if (version > 1) reader.raw(8) // free buckets
    return head
  })
  const end = BUCKETS_OFFSET + header.nBucket * header.bucketBytes
  if (end >= source.size)
    throw source.error(
      `expected an index behind ${header.nBucket} buckets, got ${source.size} bytes; the file is truncated`,
      end,
    )
  const indexBytes = new Uint8Array(source.size - end)
  source.readInto(end, indexBytes)
  return { header, index: readIndex(new AipsioReader(indexBytes, source.name, littleEndian, end), header, nRow) }
}

function readIndex(reader: AipsioReader, header: IncrementalHeader, expected: number | null): IncrementalIndex {
  return reader.object('ISMIndex', 2, version => {
    const nUsed = reader.uint32()
    const firstRows = readBlock(reader, version > 1)
    const buckets = readBlock(reader)
    if (firstRows.length < nUsed + 1 || buckets.length < nUsed)
      throw reader.error(`expected ${nUsed} buckets in the index, got ${buckets.length}`)
    const nRow = expected ?? firstRows[nUsed]
    for (let i = 0; i < nUsed; i++)
      if (firstRows[i + 1] < firstRows[i] || buckets[i] >= header.nBucket)
        throw reader.error(`expected ascending rows and buckets below ${header.nBucket}, got bucket ${buckets[i]}`)
    if (nUsed > 0 && (firstRows[0] !== 0 || firstRows[nUsed] !== nRow))
      throw reader.error(`expected ${nRow} rows in the index, got rows ${firstRows[0]} to ${firstRows[nUsed]}`)
    if (nUsed === 0 && nRow > 0) throw reader.error(`expected ${nRow} rows in the index, got none`)
    return { firstRows: firstRows.slice(0, nUsed + 1), buckets: buckets.slice(0, nUsed) }
  })
}
