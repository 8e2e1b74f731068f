// npm run setup:casa: CASA's tasks in a virtual environment of their own, with the data tables they need, for machines
// that only reach a package index. Nothing is fetched when CASA runs.
//   node scripts/setup-casa.mjs [FOLDER]     default ~/.cleanbeam/casa, where Cleanbeam finds it by itself
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = resolve(process.argv[2] ?? join(homedir(), '.cleanbeam', 'casa'))
const data = join(folder, 'data')
const python = join(folder, 'bin', 'python')
const here = dirname(fileURLToPath(import.meta.url))

function run(program, args) {
  console.log(`$ ${[program, ...args].join(' ')}`)
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' })
  if (status === 0) return
  console.error(`setup:casa: expected ${program} to succeed, got ${error?.message ?? `exit status ${status}`}`)
  process.exit(1)
}

mkdirSync(folder, { recursive: true })
if (!existsSync(python)) run('python3', ['-m', 'venv', folder])
run(python, [
  '-m',
  'pip',
  'install',
  '--quiet',
  'casatools',
  'casatasks',
  'ipykernel',
  'python-casacore',
  'astropy-iers-data',
])
run(python, [join(here, 'casa_data.py'), data])

const config = join(homedir(), '.casa', 'config.py')
const lines = [
  `measurespath = ${JSON.stringify(data)}`,
  `datapath = [${JSON.stringify(data)}]`,
  'measures_auto_update = False',
  'data_auto_update = False',
]
if (existsSync(config)) {
  console.log(`${config} is there already: see that it says\n  ${lines.join('\n  ')}`)
} else {
  mkdirSync(dirname(config), { recursive: true })
  writeFileSync(config, `# Written by Cleanbeam's setup:casa.\n${lines.join('\n')}\n`)
}
run(python, ['-c', 'import casatasks; print("CASA", casatasks.version_string(), "is ready")'])
console.log(
  `Cleanbeam uses it with --engine casa${folder.startsWith(homedir()) ? '' : `: export CLEANBEAM_CASA_PYTHON=${python}`}`,
)
