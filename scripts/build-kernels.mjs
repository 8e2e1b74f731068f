// Compiles the WebAssembly kernels and bundles their worker into processing/math/build. Silent on stdout.
// Nothing is done when the sources have not changed since the last build.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import asc from 'assemblyscript/asc'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const math = join(root, 'processing', 'math')
const assembly = join(math, 'assembly')
const worker = join(math, 'src', 'wasm', 'node', 'kernel-worker.ts')
const out = join(math, 'build')
const outputs = ['kernels.wasm', 'kernels-relaxed.wasm', 'kernel-worker.js']

const flags = [
  '-O3',
  '--noAssert',
  '--runtime stub',
  '--enable simd',
  '--enable threads',
  '--enable bulk-memory',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory 1',
  '--maximumMemory 65536',
  '--use abort=',
].flatMap(flag => flag.split(' '))

function stamp() {
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)))
  const sources = readdirSync(assembly).filter(name => name.endsWith('.ts'))
  for (const name of sources.sort()) hash.update(name).update(readFileSync(join(assembly, name)))
  for (const name of ['node/kernel-worker.ts', 'node/worker-protocol.ts', 'web-assembly.ts']) {
    hash.update(readFileSync(join(math, 'src', 'wasm', name)))
  }
  return hash.digest('hex')
}

async function compile(name, extra) {
  const problems = asc.createMemoryStream()
  const { error } = await asc.main(
    [join('assembly', 'index.ts'), '--outFile', join('build', name), ...flags, ...extra],
    { stdout: asc.createMemoryStream(), stderr: problems, ...fileAccess },
  )
  if (error) throw new Error(`expected the kernels to compile (${name}):\n${problems.toString()}`, { cause: error })
}

// The compiler resolves names against its base directory; here that is the math package.
const fileAccess = {
  readFile: (name, base) => {
    const path = join(math, base === '.' ? '' : base, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : null
  },
  writeFile: (name, contents) => writeFile(join(math, name), contents),
  listFiles: () => [],
}

/** Builds what is out of date and copies the results to `destination` when one is given. */
export async function buildKernels(destination) {
  await mkdir(out, { recursive: true })
  const stampFile = join(out, 'sources.sha256')
  const current = stamp()
  const upToDate =
    outputs.every(name => existsSync(join(out, name))) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === current
  if (!upToDate) {
    await compile('kernels.wasm', [])
    await compile('kernels-relaxed.wasm', ['--enable', 'relaxed-simd'])
    await build({
      entryPoints: [worker],
      outfile: join(out, 'kernel-worker.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      logLevel: 'warning',
    })
    await writeFile(stampFile, current)
  }
  if (destination === undefined) return
  await mkdir(destination, { recursive: true })
  for (const name of outputs) await cp(join(out, name), join(destination, name))
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels()
