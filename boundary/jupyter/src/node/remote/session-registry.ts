// Sessions of this user on this machine, one private folder each: session.json (who), settings.json (what for), log,
// session.sock. Kept where temporary files are: the sessions it tells of do not survive a restart of the machine either,
// and unix sockets on network file systems do not work everywhere.

import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@cleanbeam/types'
import { z } from 'zod'
import { JupyterError } from '../../jupyter-error.ts'
import { isRunning } from '../process-state.ts'

/** Overrides where the registry is. */
export const RUNTIME_FOLDER_VARIABLE = 'CLEANBEAM_RUNTIME_DIR'

/** A session that has just been asked for has no process yet. */
const STALE_MS = 60_000

const entrySchema = z.object({
  id: z.string(),
  /** Null until the process has started. On a compute node: the one here that waits for it. */
  process: z.object({ pid: z.number().int(), startTime: z.string() }).nullable(),
  host: z.string(),
  engine: z.string(),
  imagename: z.string(),
  vis: z.string(),
  /** Milliseconds since 1970 UTC. */
  startedMs: z.number(),
  packageId: z.string(),
  /** Words before a command that is to run where the session does; empty: here. */
  reach: z.array(z.string()),
  /** The session's name within its kernel, where it runs in one. */
  kernelSession: z.string().optional(),
})

/** A session on this machine. */
export type SessionEntry = z.infer<typeof entrySchema>

/** A session, and whether its process runs. */
export interface SessionStatus extends SessionEntry {
  readonly alive: boolean
  readonly finished: boolean
}

/** What a session process says of itself, a line each in its log. */
export type SessionNotice = 'opening' | 'result'

/**
 * Whoever may enter the folder may drive the sessions: it must be ours alone.
 * @throws JupyterError when others can enter it
 */
export async function openRegistry(folder = process.env[RUNTIME_FOLDER_VARIABLE]): Promise<SessionRegistry> {
  const path = folder ?? join(tmpdir(), `cleanbeam-${userInfo().uid}`)
  await mkdir(path, { recursive: true, mode: 0o700 })
  const { uid, mode } = await stat(path)
  if (uid !== userInfo().uid || (mode & 0o077) !== 0) {
    throw new JupyterError(
      `expected a folder that only this user can enter, got ${path}: remove it, or name another in ${RUNTIME_FOLDER_VARIABLE}`,
      { path },
    )
  }
  return new SessionRegistry(path)
}

/** The line a session process writes for `SessionRegistry.notice`. */
export function noticeLine(notice: SessionNotice, value: object): string {
  return `@${notice} ${JSON.stringify(value)}\n`
}

export class SessionRegistry {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws JupyterError for an id that is none */
  folderOf(id: string): string {
    if (/^[0-9a-f]{8,32}$/.test(id)) return join(this.#folder, id)
    throw new JupyterError(`expected the id of a session, got '${id}'`, { id })
  }

  socketOf(id: string): string {
    return join(this.folderOf(id), 'session.sock')
  }

  logOf(id: string): string {
    return join(this.folderOf(id), 'log')
  }

  /** Connection file of a session that runs in a kernel. */
  connectionOf(id: string): string {
    return join(this.folderOf(id), 'kernel.json')
  }

  settingsOf(id: string): string {
    return join(this.folderOf(id), 'settings.json')
  }

  async create(entry: SessionEntry, settings: JsonObject): Promise<void> {
    await mkdir(this.folderOf(entry.id), { mode: 0o700 })
    await writeFile(this.settingsOf(entry.id), JSON.stringify(settings), { mode: 0o600 })
    await this.save(entry)
  }

  async save(entry: SessionEntry): Promise<void> {
    const path = join(this.folderOf(entry.id), 'session.json')
    await writeFile(`${path}.part`, JSON.stringify(entry), { mode: 0o600 })
    await rename(`${path}.part`, path)
  }

  async log(id: string): Promise<string> {
    return readFile(this.logOf(id), 'utf8').catch(() => '')
  }

  /** The last notice of a kind; null while there is none. */
  async notice(id: string, notice: SessionNotice): Promise<JsonObject | null> {
    const lines = [...(await this.log(id)).matchAll(new RegExp(`^@${notice} (.*)\n`, 'gm'))]
    const text = lines.at(-1)?.[1]
    return text === undefined ? null : (JSON.parse(text) as JsonObject)
  }

  /** @throws JupyterError when there is no such session */
  async status(id: string): Promise<SessionStatus> {
    const path = join(this.folderOf(id), 'session.json')
    const text = await readFile(path, 'utf8').catch(cause => {
      throw new JupyterError(`expected a session of this host, got ${id}: it has ended`, { id }, cause)
    })
    const entry = entrySchema.parse(JSON.parse(text))
    const alive = entry.process !== null && (await isRunning(entry.process))
    return { ...entry, alive, finished: (await this.notice(id, 'result')) !== null }
  }

  /** Sessions that run, oldest first. What others have left behind is removed on the way. */
  async list(): Promise<SessionStatus[]> {
    const names = (await readdir(this.#folder)).filter(name => /^[0-9a-f]{8,32}$/.test(name))
    const all = await Promise.all(names.map(name => this.status(name).catch(() => null)))
    const found = all.filter(status => status !== null)
    for (const { id, alive, startedMs } of found) {
      if (!alive && Date.now() - startedMs > STALE_MS) await this.remove(id)
    }
    return found.filter(({ alive }) => alive).sort((a, b) => a.startedMs - b.startedMs)
  }

  async remove(id: string): Promise<void> {
    await rm(this.folderOf(id), { recursive: true, force: true })
  }
}
