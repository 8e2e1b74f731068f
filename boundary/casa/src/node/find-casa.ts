import { execFile } from 'node:child_process'
import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { CasaError } from '../casa-error.ts'

const run = promisify(execFile)

/** Names the Python that has CASA. */
export const CASA_PYTHON_VARIABLE = 'CLEANBEAM_CASA_PYTHON'
/** Where `npm run setup:casa` puts CASA, below the home folder. */
export const CASA_FOLDER = '.cleanbeam/casa'

const LOOK = `
import importlib.util as u, json, sys
print(json.dumps([n for n in ("casatasks", "casatools", "ipykernel") if u.find_spec(n) is None]))
`
const LOOK_MS = 20_000

/**
 * The Python that CASA's tasks are run with: named by CLEANBEAM_CASA_PYTHON; set up by us; of the virtual environment that
 * is active; beside a `casa` program on the path (an installation, or one brought by a module); any python3.
 * @throws CasaError saying where was looked and what to do
 */
export async function findCasaPython(): Promise<string> {
  const seen: string[] = []
  for (const path of await candidates()) {
    const missing = await missingIn(path)
    if (missing === null) continue
    if (missing.length === 0) return path
    seen.push(`${path} (lacks ${missing.join(', ')})`)
  }
  const where = seen.length === 0 ? 'no Python at all' : seen.join(', ')
  throw new CasaError(
    `expected a Python with casatasks, casatools and ipykernel, got ${where}: name one in ${CASA_PYTHON_VARIABLE}, or run npm run setup:casa`,
  )
}

async function candidates(): Promise<string[]> {
  const named = process.env[CASA_PYTHON_VARIABLE]
  if (named) return [named]
  const active = process.env.VIRTUAL_ENV
  const casa = await onPath('casa')
  return [
    join(homedir(), CASA_FOLDER, 'bin', 'python'),
    ...(active ? [join(active, 'bin', 'python')] : []),
    // CASA's own distribution has its Python beside the program, or in lib/py.
    ...(casa ? [join(dirname(casa), 'python3'), join(dirname(dirname(casa)), 'lib', 'py', 'bin', 'python3')] : []),
    'python3',
  ]
}

async function onPath(program: string): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = await realpath(join(folder, program)).catch(() => null)
    if (path !== null) return path
  }
  return null
}

/** Modules that are missing; null when there is no such Python. */
async function missingIn(python: string): Promise<string[] | null> {
  try {
    const { stdout } = await run(python, ['-c', LOOK], { timeout: LOOK_MS })
    return JSON.parse(stdout) as string[]
  } catch {
    return null
  }
}
