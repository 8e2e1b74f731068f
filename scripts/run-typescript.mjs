// node --import ./scripts/run-typescript.mjs x.ts: runs TypeScript where it stands, for benchmarks. Types are dropped.
import { register } from 'node:module'

const hooks = `
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transform } from '${import.meta.resolve('esbuild')}'

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const source = await readFile(fileURLToPath(url), 'utf8')
  const { code } = await transform(source, { loader: 'ts', target: 'node20', sourcefile: url, sourcemap: 'inline' })
  return { format: 'module', source: code, shortCircuit: true }
}
`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
