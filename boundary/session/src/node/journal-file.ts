import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { MaskJournalEntry } from '../mask-journal.ts'
import { SessionError } from '../session-error.ts'
import type { JournalFile } from '../session-files.ts'

/** The journal of mask edits as a file of one JSON object per line. */
export function openJournalFile(path: string): JournalFile {
  let writing: Promise<void> = Promise.resolve()
  const inTurn = (write: () => Promise<void>): Promise<void> => {
    const next = writing.catch(() => {}).then(write)
    writing = next
    return next
  }
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return ''
        throw new SessionError(`expected a readable journal, got ${error.message} (${path})`, { path }, error)
      })
      // A process that was killed may have left half a line at the end; it was never acknowledged.
      const lines = text.split('\n').slice(0, -1)
      return lines.map(line => JSON.parse(line) as MaskJournalEntry)
    },
    append: entry =>
      inTurn(async () => {
        await mkdir(dirname(path), { recursive: true })
        await appendFile(path, `${JSON.stringify(entry)}\n`)
      }),
    clear: () => inTurn(() => rm(path, { force: true })),
  }
}
