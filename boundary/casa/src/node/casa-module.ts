import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CasaError } from '../casa-error.ts'

/** Where the Python module lies: beside the published bundle, or in this package in a checkout. */
const FOLDERS = ['./python/', '../../python/']
const NAME = 'cleanbeam_casa.py'

/**
 * Code that makes a kernel answer our requests. The module is sent with it: nothing of ours is installed beside CASA, and
 * both sides are always of one version.
 * @throws CasaError when the module's file is missing
 */
export function casaModuleCode(): string {
  const path = FOLDERS.map(folder => fileURLToPath(new URL(folder + NAME, import.meta.url))).find(existsSync)
  if (path === undefined) throw new CasaError(`expected ${NAME} beside the program, got none: run npm run build`)
  const source = JSON.stringify(readFileSync(path, 'utf8'))
  return [
    'import types as _types',
    `_cleanbeam = _types.ModuleType('cleanbeam_casa')`,
    `exec(compile(${source}, '${NAME}', 'exec'), _cleanbeam.__dict__)`,
    // A kernel that is connected to again keeps its server, and with it an answer that was on its way.
    `if 'cleanbeam_server' not in globals(): cleanbeam_server = _cleanbeam.Server(); cleanbeam_server.register()`,
  ].join('\n')
}
