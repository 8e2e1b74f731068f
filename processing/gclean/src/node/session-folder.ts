// The session folder `<imagename>.cleanbeam/`: session.json, lock, and a checkpoint while a step runs. Everything is
// written beside and renamed, so that whatever is there is complete.

import { constants, type Stats } from 'node:fs'
import { copyFile, cp, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { GcleanError } from '../gclean-error.ts'
import type { SavedSession, SessionStore } from '../session-store.ts'
import type { StateHistory } from '../state-history.ts'
import { isProcessAlive, processStart } from './process-start.ts'
import { openStateFolder } from './state-folder.ts'

/** Who drives a session. */
interface LockHolder {
  readonly pid: number
  /** Tells this process from a later one with the same number. */
  readonly start: string
}

export interface SessionFolderOptions {
  /** Keeps the states after major cycles, so that one can go back, up to this many bytes; absent: none is kept. */
  readonly keepBytes?: number
}

/** The session kept in `<imagename>.cleanbeam/`. The folder is created by the first `lock` or `save`. */
export function openSessionFolder(imagename: string, options: SessionFolderOptions = {}): SessionStore {
  const folder = `${imagename}.cleanbeam`
  return new SessionFolder(
    folder,
    options.keepBytes === undefined ? undefined : openStateFolder(folder, options.keepBytes),
  )
}

class SessionFolder implements SessionStore {
  readonly history?: StateHistory
  readonly #folder: string
  readonly #sessionFile: string
  readonly #lockFile: string

  constructor(folder: string, history: StateHistory | undefined) {
    this.history = history
    this.#folder = folder
    this.#sessionFile = join(folder, 'session.json')
    this.#lockFile = join(folder, 'lock')
  }

  async load(): Promise<SavedSession | null> {
    const text = await readFile(this.#sessionFile, 'utf8').catch(nullIfMissing)
    if (text === null) return null
    const saved = JSON.parse(text) as SavedSession
    if (saved.version === 1) return saved
    throw new GcleanError(
      `expected a session of version 1, got ${String(saved.version)} (${this.#sessionFile}): a newer Cleanbeam wrote it; use that, or remove ${this.#folder}`,
      { path: this.#sessionFile },
    )
  }

  async save(session: SavedSession): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const beside = `${this.#sessionFile}.part`
    const file = await open(beside, 'w')
    try {
      await file.writeFile(JSON.stringify(session))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, this.#sessionFile)
  }

  async lock(): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const mine: LockHolder = { pid: process.pid, start: await processStart(process.pid) }
    for (;;) {
      if (await this.#tryLock(mine)) return
      await this.#removeStaleLock()
    }
  }

  async unlock(): Promise<void> {
    await rm(this.#lockFile, { force: true })
  }

  async checkpoint(step: number, products: readonly string[]): Promise<void> {
    const folder = this.#checkpointFolder(step)
    const home = resolve(this.#folder, '..')
    const elsewhere = products.find(path => resolve(dirname(path)) !== home)
    if (elsewhere !== undefined) {
      throw new GcleanError(
        `expected all fields in one folder (${home}), got ${elsewhere}: give the outliers image names beside the main one`,
        { path: elsewhere },
      )
    }
    const beside = `${folder}.part`
    await rm(beside, { recursive: true, force: true })
    await mkdir(beside, { recursive: true })
    for (const path of products) await keep(path, join(beside, basename(path)))
    await rm(folder, { recursive: true, force: true })
    await rename(beside, folder)
  }

  async rollback(step: number): Promise<void> {
    const folder = this.#checkpointFolder(step)
    const names = await readdir(folder).catch(nullIfMissing)
    if (names === null) return
    const home = resolve(this.#folder, '..')
    for (const name of names) await putBack(join(folder, name), join(home, name))
    await rm(folder, { recursive: true, force: true })
  }

  async discardCheckpoints(): Promise<void> {
    const names = (await readdir(this.#folder).catch(nullIfMissing)) ?? []
    for (const name of names) {
      if (name.startsWith('checkpoint-')) await rm(join(this.#folder, name), { recursive: true, force: true })
    }
  }

  #checkpointFolder(step: number): string {
    return join(this.#folder, `checkpoint-${step}`)
  }

  /** The lock appears complete or not at all: it is written beside and linked, which fails where one exists. */
  async #tryLock(mine: LockHolder): Promise<boolean> {
    const beside = `${this.#lockFile}.${process.pid}`
    const file = await open(beside, 'w')
    await file.writeFile(JSON.stringify(mine))
    await file.close()
    try {
      await link(beside, this.#lockFile)
      return true
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false
      throw error
    } finally {
      await rm(beside, { force: true })
    }
  }

  async #removeStaleLock(): Promise<void> {
    const text = await readFile(this.#lockFile, 'utf8').catch(nullIfMissing)
    if (text === null) return
    const holder = JSON.parse(text) as LockHolder
    if (await isProcessAlive(holder.pid, holder.start)) {
      throw new GcleanError(
        `expected to be the only session on this image name, got one of process ${holder.pid} (${this.#lockFile}): end it, or choose another imagename`,
        { pid: holder.pid, path: this.#lockFile },
      )
    }
    await rm(this.#lockFile, { force: true })
  }
}

/** Products are replaced by renaming, so a second link keeps the old content at no cost; folders are copied. */
async function keep(path: string, copy: string): Promise<void> {
  const found: Stats = await stat(path)
  if (found.isDirectory()) return cp(path, copy, { recursive: true })
  await link(path, copy).catch(() => copyFile(path, copy, constants.COPYFILE_FICLONE))
}

async function putBack(copy: string, path: string): Promise<void> {
  if ((await stat(copy)).isDirectory()) await rm(path, { recursive: true, force: true })
  await rename(copy, path)
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

function nullIfMissing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}
