import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
/** Debian's Python, for which python3-casacore is packaged. */
const PYTHON = '/usr/bin/python3'

/** Reference tables in the repository, unpacked into a folder of their own. */
export interface ReferenceTables {
  readonly directory: string
  /** Paths of all tables, by name. */
  readonly tables: readonly string[]
  remove(): void
}

/** Unpacks the reference MeasurementSets and images. */
export function unpackReferences(): ReferenceTables {
  const directory = mkdtempSync(join(tmpdir(), 'cleanbeam-tables-'))
  for (const kind of ['ms', 'native']) {
    const archives = join(ROOT, 'conformance/refs', kind)
    for (const archive of readdirSync(archives).filter(name => name.endsWith('.tar.gz')))
      execFileSync('tar', ['-xzf', join(archives, archive), '-C', directory], { stdio: ['ignore', 'ignore', 'ignore'] })
  }
  const tables = readdirSync(directory)
    .map(name => join(directory, name))
    .filter(isTable)
    .sort()
  return { directory, tables, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

/** MeasurementSets of the shared collection, where it is present next to the repository. */
export function sharedTables(): string[] {
  const shared = resolve(ROOT, '../shared/refs/ms')
  if (!existsSync(shared)) return []
  return readdirSync(shared)
    .map(name => join(shared, name))
    .filter(isTable)
    .sort()
}

/**
 * True when python-casacore is there to compare with; says so aloud when it is not.
 * @throws Error when REQUIRE_TOOLS is set (as in CI), where nothing may be skipped
 */
export function hasCasacore(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import casacore.tables'], { stdio: 'ignore' })
    return true
  } catch {
    const message = `expected python-casacore in ${PYTHON}, found none; install it (Debian: apt-get install python3-casacore)`
    if (process.env.REQUIRE_TOOLS) throw new Error(message)
    console.warn(`COMPARISON WITH CASACORE SKIPPED: ${message}`)
    return false
  }
}

/** Runs a Python script of this folder and returns what it prints. */
export function runPython(script: string, args: readonly string[], environment: Record<string, string> = {}): string {
  return execFileSync(PYTHON, [join(import.meta.dirname, script), ...args], {
    maxBuffer: 1 << 30,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
}

function isTable(path: string): boolean {
  return existsSync(join(path, 'table.dat'))
}
