import { readBlock } from './aipsio-objects.ts'
import { AipsioReader } from './aipsio-reader.ts'
import { AipsioWriter } from './aipsio-writer.ts'
import type { TableStorage, WritableTableStorage } from './byte-source.ts'
import { readWhole } from './data-managers.ts'
import { writeBlock } from './write-objects.ts'

/** The first bytes of table.lock: a list of processes that wait for the lock; its first six bytes are what is locked. */
export const LOCK_LIST_BYTES = 260

/** What table.lock tells about changes to the table. */
export interface LockState {
  readonly nRow: number
  readonly nColumn: number
  /** Goes up with every write. */
  readonly modifyCounter: number
  /** Goes up when table.dat is written. */
  readonly tableCounter: number
  /** Goes up when a data manager writes, per manager. */
  readonly managerCounters: readonly number[]
}

/** Reads table.lock; null when it is missing or cannot be understood (no value depends on it alone). */
export function readLockState(storage: TableStorage, path: string): LockState | null {
  const file = `${path}/table.lock`
  if (!storage.isFile(file)) return null
  try {
    const bytes = readWhole(storage.open(file))
    const body = bytes.subarray(LOCK_LIST_BYTES + 4)
    if (body.length === 0) return null
    const reader = new AipsioReader(body, file, false, LOCK_LIST_BYTES + 4)
    return reader.object('sync', 2, version => readState(reader, version))
  } catch {
    return null
  }
}

function readState(reader: AipsioReader, version: number): LockState {
  return {
    nRow: version > 1 ? reader.size64() : reader.uint32(),
    nColumn: reader.uint32(),
    modifyCounter: reader.uint32(),
    tableCounter: reader.uint32(),
    managerCounters: readBlock(reader),
  }
}

/** Tells other processes, through table.lock, what has changed. */
export function writeLockState(
  storage: WritableTableStorage,
  path: string,
  change: { nRow: number; nColumn: number; tableChanged: boolean; nManager: number },
): void {
  const file = `${path}/table.lock`
  const old = readLockState(storage, path)
  const writer = new AipsioWriter()
  const wide = change.nRow > 0xffffffff
  writer.object('sync', wide ? 2 : 1, () => {
    if (wide) writer.int64(change.nRow)
    else writer.uint32(change.nRow)
    writer.uint32(change.nColumn)
    writer.uint32((old?.modifyCounter ?? 0) + 1)
    writer.uint32((old?.tableCounter ?? 0) + (change.tableChanged ? 1 : 0))
    writeBlock(
      writer,
      Array.from({ length: change.nManager }, (_, i) => (old?.managerCounters[i] ?? 0) + 1),
    )
  })
  const body = writer.bytes()
  const tail = new Uint8Array(4 + body.length)
  new DataView(tail.buffer).setUint32(0, body.length)
  tail.set(body, 4)
  const store = storage.isFile(file) ? storage.openForUpdate(file) : storage.create(file)
  try {
    if (store.size < LOCK_LIST_BYTES) store.truncate(LOCK_LIST_BYTES)
    store.write(LOCK_LIST_BYTES, tail)
  } finally {
    store.close()
  }
}
