// States after major cycles, in `<imagename>.cleanbeam/cycles/<n>/`: state.json and the images cleaning changes.

import { constants } from 'node:fs'
import { copyFile, cp, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { GcleanError } from '../gclean-error.ts'
import type { SavedSession } from '../session-store.ts'
import type { KeptStates, StateHistory } from '../state-history.ts'

const STATE_FILE = 'state.json'

/** Disk space that states take before the oldest give way. */
export const DEFAULT_STATES_BYTES = 2 * 1024 ** 3

/**
 * States kept in a folder. Images are replaced by renaming, never written into, so that a second link keeps the old
 * content: a state costs the space of the images it alone still holds.
 * @param folder - the session's folder, `<imagename>.cleanbeam`
 */
export function openStateFolder(folder: string, limitBytes = DEFAULT_STATES_BYTES): StateHistory {
  return new StateFolder(folder, limitBytes)
}

class StateFolder implements StateHistory {
  readonly #folder: string
  readonly #home: string
  #limitBytes: number
  /** Cycle → bytes. */
  readonly #sizes = new Map<number, number>()

  constructor(folder: string, limitBytes: number) {
    this.#folder = join(folder, 'cycles')
    this.#home = resolve(folder, '..')
    this.#limitBytes = limitBytes
  }

  get kept(): KeptStates {
    const cycles = [...this.#sizes.keys()].sort((a, b) => a - b)
    const usedBytes = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0)
    return { cycles, usedBytes, limitBytes: this.#limitBytes }
  }

  async open(goesOn: boolean): Promise<void> {
    this.#sizes.clear()
    if (!goesOn) {
      await rm(this.#folder, { recursive: true, force: true })
      return
    }
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (/^\d+$/.test(name)) this.#sizes.set(Number(name), await sizeOf(join(this.#folder, name)))
    }
  }

  async keep(cycle: number, session: SavedSession, products: readonly string[]): Promise<void> {
    const place = this.#placeOf(cycle)
    const beside = `${place}.part`
    await rm(beside, { recursive: true, force: true })
    await mkdir(beside, { recursive: true })
    for (const path of products) await keepCopy(path, join(beside, basename(path)))
    await writeFile(join(beside, STATE_FILE), JSON.stringify(session))
    await rm(place, { recursive: true, force: true })
    await rename(beside, place)
    this.#sizes.set(cycle, await sizeOf(place))
    await this.#makeRoom(cycle)
  }

  async goBack(cycle: number, present: readonly string[]): Promise<SavedSession> {
    if (!this.#sizes.has(cycle)) {
      const known = this.kept.cycles.join(', ') || 'none'
      throw new GcleanError(`expected a major cycle whose state is kept (${known}), got ${cycle}`, { cycle })
    }
    const place = this.#placeOf(cycle)
    const session = JSON.parse(await readFile(join(place, STATE_FILE), 'utf8')) as SavedSession
    const names = (await readdir(place)).filter(name => name !== STATE_FILE)
    for (const path of present) if (!names.includes(basename(path))) await rm(path, { recursive: true, force: true })
    for (const name of names) await putCopy(join(place, name), join(this.#home, name))
    for (const later of this.kept.cycles.filter(other => other > cycle)) await this.#forget(later)
    return session
  }

  async limit(bytes: number): Promise<void> {
    this.#limitBytes = bytes
    await this.#makeRoom(Math.max(-1, ...this.#sizes.keys()))
  }

  /** The first state is the way back to the beginning and goes last; that of the present cycle stays. */
  async #makeRoom(present: number): Promise<void> {
    while (this.kept.usedBytes > this.#limitBytes) {
      const others = this.kept.cycles.filter(cycle => cycle !== present)
      const oldest = others.find(cycle => cycle !== 0) ?? others[0]
      if (oldest === undefined) return
      await this.#forget(oldest)
    }
  }

  async #forget(cycle: number): Promise<void> {
    this.#sizes.delete(cycle)
    await rm(this.#placeOf(cycle), { recursive: true, force: true })
  }

  #placeOf(cycle: number): string {
    return join(this.#folder, String(cycle))
  }
}

async function keepCopy(path: string, copy: string): Promise<void> {
  if ((await stat(path)).isDirectory()) return cp(path, copy, { recursive: true })
  await link(path, copy).catch(() => copyFile(path, copy, constants.COPYFILE_FICLONE))
}

/** The state stays kept: what goes back in place is another link, put there by renaming. */
async function putCopy(copy: string, path: string): Promise<void> {
  const beside = `${path}.back`
  await rm(beside, { recursive: true, force: true })
  await keepCopy(copy, beside)
  if ((await stat(copy)).isDirectory()) await rm(path, { recursive: true, force: true })
  await rename(beside, path)
  // A rename onto another link to the same file does nothing and leaves the source.
  await rm(beside, { recursive: true, force: true })
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path)
  if (!info.isDirectory()) return info.size
  const sizes = await Promise.all((await readdir(path)).map(name => sizeOf(join(path, name))))
  return sizes.reduce((sum, size) => sum + size, 0)
}
