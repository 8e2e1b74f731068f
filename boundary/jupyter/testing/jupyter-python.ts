import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** Where `scripts/jupyter-for-tests.sh` puts ipykernel and its companions. */
const OWN = resolve(import.meta.dirname, '../../../build/jupyter/bin/python')

/**
 * A Python with ipykernel, for tests: $JUPYTER_PYTHON, or the environment of our own.
 * @returns null when there is none; the tests that need it are skipped then, except where tools are required
 */
export function jupyterPython(): string | null {
  const python = process.env.JUPYTER_PYTHON ?? OWN
  if (existsSync(python) && has(python, 'ipykernel')) return python
  if (process.env.REQUIRE_TOOLS) throw new Error(`expected ipykernel at ${python}: run scripts/jupyter-for-tests.sh`)
  return null
}

function has(python: string, module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
