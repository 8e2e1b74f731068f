import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { JsonObject } from '@cleanbeam/types'

const DEEPEST = 3
const MOST = 12

/** Sessions whose folders lie below a root, the last used first. */
export async function recentSessions(root: string): Promise<JsonObject[]> {
  const folders = await sessionFolders(root, DEEPEST)
  const found = await Promise.all(folders.map(folder => describeSession(root, folder)))
  return found
    .filter(session => session !== null)
    .sort((a, b) => Number(b.modifiedMs) - Number(a.modifiedMs))
    .slice(0, MOST)
}

async function sessionFolders(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const folders = entries.filter(entry => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name))
  const nested = await Promise.all(
    folders.map(async ({ name }) => {
      if (name.endsWith('.cleanbeam')) return [join(folder, name)]
      return depth > 1 ? sessionFolders(join(folder, name), depth - 1) : []
    }),
  )
  return nested.flat()
}

interface SavedFacts {
  readonly given: JsonObject
  readonly record: { readonly niterdone: number; readonly nmajordone: number } | null
  readonly restored: boolean
}

async function describeSession(root: string, folder: string): Promise<JsonObject | null> {
  const file = join(folder, 'session.json')
  try {
    const { given, record, restored } = JSON.parse(await readFile(file, 'utf8')) as SavedFacts
    const { mtimeMs } = await stat(file)
    return {
      name: relative(root, folder.replace(/\.cleanbeam$/, '')),
      vis: given.vis,
      modifiedMs: mtimeMs,
      iterations: record?.niterdone ?? 0,
      cycles: record?.nmajordone ?? 0,
      restored,
      parameters: given,
    }
  } catch {
    // Half written, of another version or gone meanwhile: it is not offered.
    return null
  }
}
