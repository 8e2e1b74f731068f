// Runs benchmarks: `npm run bench` runs all, `npm run bench -- m87 page` those named, `npm run bench -- gridding -- …` hands on
// what follows the second `--`. Figures are medians of one run on one machine: quote ratios, not seconds.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const BENCHMARKS = {
  m87: 'conformance/bench/m87-processes.ts',
  page: 'conformance/bench/m87-page.ts',
  'page-sizes': 'conformance/bench/page-sizes.ts',
  channel: 'conformance/bench/channel.ts',
  ms: 'conformance/bench/measurement-sets.ts',
  remote: 'conformance/bench/remote.ts',
  gridding: 'processing/math/bench/gridding.mjs',
  'major-cycle': 'conformance/bench/major-cycle.ts',
}

const given = process.argv.slice(2)
const split = given.indexOf('--')
const names = split < 0 ? given : given.slice(0, split)
const passedOn = split < 0 ? [] : given.slice(split + 1)
const unknown = names.filter(name => !(name in BENCHMARKS))
if (unknown.length > 0) {
  console.error(`expected benchmarks among ${Object.keys(BENCHMARKS).join(', ')}, got ${unknown.join(', ')}`)
  process.exit(2)
}

let failed = false
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  console.log(`\n## ${name}`)
  const script = join(root, BENCHMARKS[name])
  const { status } = run(script)
  failed ||= status !== 0
}
process.exit(failed ? 1 : 0)

function run(script) {
  const loader = pathToFileURL(join(root, 'scripts', 'run-typescript.mjs')).href
  const words = script.endsWith('.ts') ? ['--import', loader, script] : [script]
  return spawnSync(process.execPath, [...words, ...passedOn], { cwd: root, stdio: 'inherit' })
}
