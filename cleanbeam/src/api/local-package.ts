import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LocalPackage } from '@cleanbeam/jupyter/node'

/** The package this program runs from; its files lie two folders below package.json. */
export function localPackage(): LocalPackage {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  return { root, modules: modulesWithZeromq() ?? join(root, 'node_modules') }
}

function modulesWithZeromq(): string | null {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve('zeromq/package.json')))
  } catch {
    return null
  }
}
