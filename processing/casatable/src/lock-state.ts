import { readBlock } from './aipsio-objects.ts'
import { AipsioReader } from './aipsio-reader.ts'
import type { TableStorage } from './byte-source.ts'
import { readWhole } from './data-managers.ts'

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
