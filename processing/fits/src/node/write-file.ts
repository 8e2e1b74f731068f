import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FitsError } from '../fits-error.ts'

/**
 * Writes a file beside its place and renames it there, so that a crash leaves the old file or the new one, never a part.
 * @param parts - bytes, written one after the other
 * @throws FitsError when the folder is missing or cannot be written
 */
export async function writeFileAtomically(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.part`)
  try {
    const handle = await open(beside, 'wx')
    try {
      for (const part of parts) await handle.writeFile(part)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, path)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined)
    const code = (cause as NodeJS.ErrnoException).code
    throw new FitsError(
      `expected a folder that can be written, got ${describe(code)} (${path}): choose another place or change its permissions`,
      { path, code },
      cause,
    )
  }
}

function describe(code: string | undefined): string {
  if (code === 'ENOENT') return 'no such folder'
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'no permission to write'
  return code === 'ENOSPC' ? 'a full disk' : String(code)
}
