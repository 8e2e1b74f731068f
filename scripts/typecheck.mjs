// Type-checks each wing against the libraries it may use: pure processing without DOM or Node, Node code, browser code.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
let failed = false
for (const project of ['tsconfig.pure.json', 'tsconfig.node.json', 'tsconfig.gui.json']) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`type check failed: ${project}`)
    failed = true
  }
}
process.exit(failed ? 1 : 0)
