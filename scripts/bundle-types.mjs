// Bundles the declarations of the public API into one file that needs nothing of the workspaces.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'

const WINGS = ['processing', 'boundary', 'gui']

/** Resolves `@cleanbeam/<package>` and `@cleanbeam/<package>/node` to their sources. */
const workspaces = root => ({
  name: 'workspaces',
  resolveId(id) {
    const match = /^@cleanbeam\/([a-z]+)(\/node)?$/.exec(id)
    if (!match) return null
    const entry = match[2] ? 'node.ts' : 'index.ts'
    return WINGS.map(wing => join(root, wing, match[1], 'src', entry)).find(path => existsSync(path)) ?? null
  },
})

/** Writes the declarations of `input` (relative to `root`) to `file`. */
export async function bundleTypes(root, input, file) {
  const bundle = await rollup({
    input: join(root, input),
    plugins: [
      workspaces(root),
      dts({
        includeExternal: [/^@cleanbeam\//],
        tsconfig: join(root, 'tsconfig.node.json'),
        compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true },
      }),
    ],
    external: [/^node:/],
  })
  await bundle.write({ file, format: 'es' })
  await bundle.close()
}
