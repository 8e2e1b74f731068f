// Bundles the math package's TypeScript for this Node, which may be too old to run it directly.

import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { buildKernels } from '../../../scripts/build-kernels.mjs'

const math = dirname(dirname(fileURLToPath(import.meta.url)))

/** The exports of `@cleanbeam/math` and `@cleanbeam/math/node` together. */
export async function loadMath() {
  const folder = await mkdtemp(join(math, 'build', 'bench-'))
  try {
    await buildKernels(join(folder, 'kernels'))
    const contents = "export * from './src/index.ts'\nexport * from './src/node.ts'\n"
    await build({
      stdin: { contents, resolveDir: math, loader: 'ts' },
      outfile: join(folder, 'math.mjs'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      logLevel: 'warning',
    })
    return {
      math: await import(pathToFileURL(join(folder, 'math.mjs')).href),
      dispose: () => rm(folder, { recursive: true }),
    }
  } catch (error) {
    await rm(folder, { recursive: true })
    throw error
  }
}
