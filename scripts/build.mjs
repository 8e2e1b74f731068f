// Builds everything the published package contains into cleanbeam/dist: command line, public API, workers and the page.
// Silent on stdout, so that `npm start` and `--json` output stay clean; problems go to stderr.

import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildKernels } from './build-kernels.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'cleanbeam', 'dist')
await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
await buildKernels(join(dist, 'kernels'))

const present = paths => Object.fromEntries(Object.entries(paths).filter(([, path]) => existsSync(join(root, path))))

const nodeEntries = present({
  cli: 'cleanbeam/src/cli.ts',
  index: 'cleanbeam/src/index.ts',
  'session-worker': 'cleanbeam/src/session-worker.ts',
  'gclean-worker': 'cleanbeam/src/gclean-worker.ts',
})
await build({
  absWorkingDir: root,
  entryPoints: nodeEntries,
  outdir: dist,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  legalComments: 'linked',
  external: ['zeromq', 'bufferutil', 'utf-8-validate'],
  // Bundled CommonJS packages (ws) call require() for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})

if (existsSync(join(root, 'gui/app/src/main.tsx'))) {
  await build({
    absWorkingDir: root,
    entryPoints: { app: 'gui/app/src/main.tsx' },
    outdir: join(dist, 'page'),
    bundle: true,
    minify: true,
    sourcemap: true,
    platform: 'browser',
    target: ['chrome110', 'firefox115', 'safari16'],
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'linked',
    logLevel: 'warning',
  })
  await cp(join(root, 'gui/app/public'), join(dist, 'page'), { recursive: true })
}
