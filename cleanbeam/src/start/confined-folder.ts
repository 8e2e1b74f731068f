import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { JsonObject } from '@cleanbeam/types'
import { CommandError } from '../cli/command-error.ts'

/** What an entry of a folder is to somebody who looks for data. */
export type EntryKind = 'folder' | 'MeasurementSet' | 'UVFITS' | 'image' | 'file'

/** A folder of the server that a page may look into, and nothing outside of it. */
export class ConfinedFolder {
  readonly root: string

  constructor(root: string) {
    this.root = resolve(root)
  }

  /**
   * The full path of one below the root; links that lead out of it are refused like any other way out.
   * @throws CommandError when it lies outside or does not exist
   */
  async resolve(path: string): Promise<string> {
    const root = await realpath(this.root)
    const full = await realpath(resolve(root, path)).catch(() => null)
    if (full !== null && (full === root || full.startsWith(root + sep))) return full
    throw new CommandError(`expected something below ${this.root}, got '${path}'`, { path })
  }

  /** Entries of a folder, folders first, hidden ones left out. */
  async list(path: string): Promise<JsonObject> {
    const folder = await this.resolve(path)
    const found = await readdir(folder, { withFileTypes: true })
    const shown = found.filter(entry => !entry.name.startsWith('.') && !entry.name.endsWith('.cleanbeam'))
    const entries = await Promise.all(shown.map(entry => describe(folder, entry)))
    const rank = (kind: EntryKind) => (kind === 'folder' ? 0 : 1)
    entries.sort((a, b) => rank(a.kind) - rank(b.kind) || a.name.localeCompare(b.name, 'en', { numeric: true }))
    return { root: this.root, path: relative(await realpath(this.root), folder), entries: entries as never }
  }
}

interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
  readonly bytes: number
  readonly modifiedMs: number
}

async function describe(folder: string, { name }: Dirent): Promise<FolderEntry> {
  const path = join(folder, name)
  try {
    const info = await stat(path)
    const kind = info.isDirectory() ? await folderKind(path) : fileKind(name)
    return { name, kind, bytes: info.isDirectory() ? 0 : info.size, modifiedMs: info.mtimeMs }
  } catch {
    // A link to nowhere, or a file that went meanwhile.
    return { name, kind: 'file', bytes: 0, modifiedMs: 0 }
  }
}

/** Tables are folders: a MeasurementSet has subtables for antennas and spectral windows, an image has none of them. */
async function folderKind(path: string): Promise<EntryKind> {
  const names = new Set(await readdir(path))
  if (!names.has('table.dat')) return 'folder'
  return names.has('ANTENNA') && names.has('SPECTRAL_WINDOW') ? 'MeasurementSet' : 'image'
}

function fileKind(name: string): EntryKind {
  if (/\.(uvfits|uvf|uv|fitp)$/i.test(name)) return 'UVFITS'
  return /\.(fits|fit)(\.gz)?$/i.test(name) ? 'image' : 'file'
}
