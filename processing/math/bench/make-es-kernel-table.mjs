// Computes processing/math/src/wasm/es-kernel-table.ts: for each support and oversampling the best β and its error.
// Run from the repository root: node processing/math/bench/make-es-kernel-table.mjs

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const math = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = await mkdtemp(join(tmpdir(), 'es-kernel-'))
const bundle = join(folder, 'es-kernel.mjs')
await build({ entryPoints: [join(math, 'src/wasm/es-kernel.ts')], outfile: bundle, bundle: true, format: 'esm' })
const { bestEsBeta, esAliasingError } = await import(pathToFileURL(bundle).href)

const rows = []
for (let support = 4; support <= 14; support++) {
  for (let percent = 120; percent <= 260; percent += 5) {
    const beta = Number(bestEsBeta(support, percent / 100).beta.toFixed(3))
    const error = esAliasingError(support, percent / 100, beta)
    rows.push(`  [${support}, ${percent / 100}, ${beta}, ${error.toPrecision(3)}],`)
  }
}
await writeFile(
  join(math, 'src/wasm/es-kernel-table.ts'),
  `/**
 * Rows of support W (cells), oversampling σ, β and relative aliasing error of one axis, computed by
 * bench/make-es-kernel-table.mjs from {@link bestEsBeta}; es-kernel.test.ts holds them against it.
 */
export const ES_KERNEL_TABLE: readonly (readonly [support: number, oversampling: number, beta: number, error: number])[] = [
${rows.join('\n')}
]
`,
)
await rm(folder, { recursive: true })
