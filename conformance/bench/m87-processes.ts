// Whole processes on the M87 example, beside an empty Node process in the same run.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { median, medianText } from './median.ts'

const REPEATS = 5
const root = resolve('.')
const command = join(root, 'cleanbeam', 'bin', 'cleanbeam.js')
const common = [
  '--vis',
  join(root, 'examples', 'm87', 'm87.uvfits'),
  '--imsize',
  '512',
  '--cell',
  '0.1marcsec',
  '--pblimit',
  '-0.01',
]
const hogbom = [
  '--niter',
  '2000',
  '--gain',
  '0.05',
  '--cycleniter',
  '300',
  '--nsigma',
  '3',
  '--weighting',
  'briggs',
  '--robust',
  '0',
]

const cases: Record<string, string[]> = {
  'empty Node process': ['-e', '0'],
  'm87 dirty, 512²': [command, 'tclean', ...common],
  'm87 hogbom, 512², to 3 σ': [
    command,
    'tclean',
    ...common,
    ...hogbom,
    '--mask',
    'box[[180pix,200pix],[511pix,400pix]]',
  ],
}

function secondsOf(args: readonly string[], folder: string): number {
  const named = args[0] === command ? [...args, '--imagename', join(folder, 'm87')] : args
  const started = performance.now()
  const { status, stderr } = spawnSync(process.execPath, named, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`expected exit status 0, got ${status}: ${stderr}`)
  return (performance.now() - started) / 1000
}

const times = new Map<string, number[]>()
for (let repeat = 0; repeat < REPEATS; repeat++) {
  for (const [name, args] of Object.entries(cases)) {
    const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-bench-'))
    times.set(name, [...(times.get(name) ?? []), secondsOf(args, folder)])
    rmSync(folder, { recursive: true, force: true })
  }
}
const baseline = median(times.get('empty Node process') as number[])
for (const [name, seconds] of times) {
  console.log(
    `${name.padEnd(28)} ${medianText(seconds)}  ${(median(seconds) / baseline).toFixed(1)} × an empty process`,
  )
}
