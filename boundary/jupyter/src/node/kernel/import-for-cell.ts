import { createRequire, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * `import()` as cells have it: paths and packages are looked for from the notebook's folder, and some packages are
 * provided by the kernel.
 * @param provided - package name → its module
 */
export function importForCells(provided: Readonly<Record<string, () => Promise<object>>>) {
  return async (specifier: string, options?: ImportCallOptions): Promise<object> => {
    if (Object.hasOwn(provided, specifier)) return provided[specifier]()
    const address = resolveFrom(process.cwd(), specifier)
    // The bundler wants the attributes spelled out, and there is but one kind.
    return options?.with?.type === 'json' ? import(address, { with: { type: 'json' } }) : import(address)
  }
}

function resolveFrom(folder: string, specifier: string): string {
  if (isBuiltin(specifier) || /^(file|data|node|https?):/.test(specifier)) return specifier
  const base = pathToFileURL(join(folder, 'notebook.js'))
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, base).href
  // With --experimental-import-meta-resolve, which our kernelspec gives, the packages' own conditions for import hold.
  const resolve = import.meta.resolve as unknown as ((specifier: string, parent: URL) => string) | undefined
  try {
    return pathToFileURL(createRequire(base).resolve(specifier)).href
  } catch (error) {
    if (resolve === undefined || resolve.length < 2) throw error
    return resolve(specifier, base)
  }
}
