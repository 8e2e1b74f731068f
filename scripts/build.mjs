// Builds everything the published package contains into cleanbeam/dist: command line, public API, workers and the page.
// Silent on stdout, so that `npm start` and `--json` output stay clean; problems go to stderr.
// With --no-types the declarations of the public API are left out, which is most of the time.

import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildKernels } from './build-kernels.mjs'
import { bundleTypes } from './bundle-types.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'cleanbeam', 'dist')
// Built beside and renamed, so that a running program finds the old files or the new ones, never a part of them.
const staging = join(root, 'cleanbeam', 'build', String(process.pid))

// Bundled CommonJS packages (ws) call require() for Node's own modules.
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"

// The kernel for notebooks transpiles cells with TypeScript: a file of its own, loaded with the first cell.
const typescriptBeside = {
  name: 'typescript-beside',
  setup({ onResolve }) {
    onResolve({ filter: /^typescript$/ }, () => ({ path: './typescript.cjs', external: true }))
  },
}

const present = paths => Object.fromEntries(Object.entries(paths).filter(([, path]) => existsSync(join(root, path))))

async function buildNode() {
  await build({
    absWorkingDir: root,
    entryPoints: present({
      cli: 'cleanbeam/src/cli.ts',
      index: 'cleanbeam/src/index.ts',
      'session-worker': 'cleanbeam/src/session-worker.ts',
      'gclean-worker': 'cleanbeam/src/gclean-worker.ts',
      kernel: 'cleanbeam/src/kernel.ts',
    }),
    outdir: staging,
    bundle: true,
    splitting: true,
    plugins: [typescriptBeside],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    minifySyntax: true,
    legalComments: 'linked',
    external: ['zeromq', 'bufferutil', 'utf-8-validate'],
    banner: { js: REQUIRE_BANNER },
    logLevel: 'warning',
  })
}

async function buildTypescript() {
  await build({
    entryPoints: [join(root, 'node_modules/typescript/lib/typescript.js')],
    outfile: join(staging, 'typescript.cjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'linked',
    logLevel: 'error',
  })
}

async function buildPage() {
  if (!existsSync(join(root, 'gui/app/src/main.tsx'))) return
  await build({
    absWorkingDir: root,
    entryPoints: { app: 'gui/app/src/main.tsx', start: 'gui/app/src/start/main.tsx' },
    outdir: join(staging, 'page'),
    bundle: true,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    platform: 'browser',
    target: ['chrome110', 'firefox115', 'safari16'],
    format: 'esm',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'linked',
    logLevel: 'warning',
  })
  await cp(join(root, 'gui/app/public'), join(staging, 'page'), { recursive: true })
}

async function replaceDist() {
  const old = join(root, 'cleanbeam', 'build', `old-${process.pid}`)
  if (existsSync(dist)) await rename(dist, old)
  await rename(staging, dist)
  await rm(old, { recursive: true, force: true })
}

await rm(staging, { recursive: true, force: true })
await mkdir(staging, { recursive: true })
try {
  await buildKernels(join(staging, 'kernels'))
  await cp(join(root, 'boundary/casa/python'), join(staging, 'python'), { recursive: true })
  await Promise.all([buildNode(), buildTypescript(), buildPage()])
  if (!process.argv.includes('--no-types'))
    await bundleTypes(root, 'cleanbeam/src/index.ts', join(staging, 'index.d.ts'))
  await replaceDist()
} finally {
  await rm(staging, { recursive: true, force: true })
}
