import { readFileSync, statSync } from 'node:fs'
import { CasatableError } from '../casatable-error.ts'

/** One line of /proc/locks. */
interface HeldLock {
  readonly kind: 'READ' | 'WRITE'
  readonly processId: number
  readonly inode: string
  readonly start: number
  readonly end: number
}

/** Bytes of table.lock that casacore locks: the table itself, its being open, a permanent lock. */
const LOCKED_BYTES = 3

/**
 * Whether other processes have locked or opened a table.
 *
 * casacore locks tables with `fcntl` on the first bytes of table.lock, which Node cannot do or ask about; the kernel's
 * list of locks (/proc/locks on Linux) shows who holds one. Elsewhere nothing is known and the table counts as free.
 * @returns a sentence about the holder, or null
 */
export function findTableLock(tablePath: string): string | null {
  const file = statSync(`${tablePath}/table.lock`, { throwIfNoEntry: false, bigint: true })
  if (file === undefined) return null
  const held = readLocks().filter(
    lock => lock.inode === String(file.ino) && lock.start < LOCKED_BYTES && lock.processId !== process.pid,
  )
  if (held.length === 0) return null
  const strongest = held.find(lock => lock.kind === 'WRITE') ?? held[0]
  const state = strongest.start > 0 && strongest.kind === 'READ' ? 'open in' : 'locked by'
  return `${state} process ${strongest.processId}`
}

/** @throws CasatableError when another process has locked or opened the table */
export function checkTableLock(tablePath: string): void {
  const holder = findTableLock(tablePath)
  if (holder !== null)
    throw new CasatableError(`expected a table nobody else uses, got one ${holder}; close it there first`, {
      file: tablePath,
    })
}

function readLocks(): HeldLock[] {
  let text: string
  try {
    text = readFileSync('/proc/locks', 'utf8')
  } catch {
    return []
  }
  return text.split('\n').flatMap(line => {
    const match = /POSIX\s+\S+\s+(READ|WRITE)\s+(-?\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)\s+(\d+)\s+(\d+|EOF)/.exec(line)
    if (match === null) return []
    const end = match[5] === 'EOF' ? Number.POSITIVE_INFINITY : Number(match[5])
    return [
      {
        kind: match[1] as 'READ' | 'WRITE',
        processId: Number(match[2]),
        inode: match[3],
        start: Number(match[4]),
        end,
      },
    ]
  })
}
