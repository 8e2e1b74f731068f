import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MathError } from '../../math-error.ts'

/** Where the compiled kernels lie: beside the published bundle, or in this package's build folder in a checkout. */
const FOLDERS = ['./kernels/', '../../../build/']

/**
 * Path of a file that scripts/build-kernels.mjs makes.
 * @throws MathError when it has not been built
 */
export function kernelFile(name: string): string {
  for (const folder of FOLDERS) {
    const path = fileURLToPath(new URL(folder + name, import.meta.url))
    if (existsSync(path)) return path
  }
  throw new MathError(`expected the compiled kernel file ${name}, got none: run "npm run build"`, { name })
}
