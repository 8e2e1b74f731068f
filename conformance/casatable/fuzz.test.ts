import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { MemoryStorage, openTableIn } from '@cleanbeam/casatable'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdsNoValues, type Mutation } from './mutations.ts'
import { unpackReferences } from './reference-tables.ts'

/** How many damaged tables are read; `npm run fuzz` asks for 2,000. */
const SEEDS = Number(process.env.CLEANBEAM_FUZZ_SEEDS ?? 200)
const FIRST_SEED = Number(process.env.CLEANBEAM_FUZZ_FIRST_SEED ?? 1)
const MAX_SECONDS = 2
const MAX_BYTES = 500e6
/** A process that says nothing for so long hangs: far above the limit, as machines that run tests are busy. */
const HANG_MILLISECONDS = 30_000

interface Outcome {
  readonly seed: number
  readonly mutation: Mutation
  readonly result: 'equal' | 'error' | 'different' | 'crash'
  readonly detail: string
  readonly seconds: number
}

const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-fuzz-'))
const corpus = join(folder, 'corpus')
const worker = join(folder, 'fuzz-worker.mjs')

beforeAll(async () => {
  execFileSync('mkdir', ['-p', corpus])
  for (const archive of ['every-type', 'engines'])
    execFileSync('tar', ['-xzf', resolve(import.meta.dirname, `../refs/casatable/${archive}.tar.gz`), '-C', corpus])
  const references = unpackReferences()
  for (const name of ['tp_cube_hogbom.image', 'test_adp4_0_00300673800807520000_58342_05_00_14.ms'])
    cpSync(join(references.directory, name), join(corpus, name), { recursive: true })
  references.remove()
  const entryPoints = [join(import.meta.dirname, 'fuzz-worker.ts')]
  await build({ entryPoints, outfile: worker, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' })
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the worker over all seeds; a hang ends in an outcome of its own. */
async function runWorker(): Promise<{ outcomes: Outcome[]; peakBytes: number; ended: string }> {
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=400', worker, corpus, String(FIRST_SEED), String(SEEDS)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const outcomes: Outcome[] = []
  let peakBytes = 0
  let ended = ''
  let rest = ''
  let watch = setTimeout(() => {}, 0)
  const startWatch = () => {
    clearTimeout(watch)
    watch = setTimeout(() => {
      ended = `hangs at seed ${outcomes.at(-1)?.seed ?? FIRST_SEED - 1} + 1`
      child.kill('SIGKILL')
    }, HANG_MILLISECONDS)
  }
  startWatch()
  child.stdout.on('data', chunk => {
    startWatch()
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const parsed = JSON.parse(line)
      if ('peakBytes' in parsed) peakBytes = parsed.peakBytes
      else outcomes.push(parsed)
    }
  })
  const code = await new Promise<number | null>(exit => child.once('close', exit))
  clearTimeout(watch)
  return { outcomes, peakBytes, ended: ended || `exit ${code}` }
}

describe(`${SEEDS} damaged tables`, () => {
  it(
    'end in equal values or an error of ours',
    async () => {
      const { outcomes, peakBytes, ended } = await runWorker()
      const failures = outcomes.filter(
        ({ result, mutation, seconds }) =>
          result === 'crash' ||
          seconds > MAX_SECONDS ||
          (mutation.kind === 'truncated' && result !== 'error' && !holdsNoValues(mutation.file)) ||
          (result !== 'equal' && (mutation.kind === 'unused' || holdsNoValues(mutation.file))),
      )
      const tally: Record<string, number> = {}
      for (const { mutation, result } of outcomes)
        tally[`${mutation.kind} ${result}`] = (tally[`${mutation.kind} ${result}`] ?? 0) + 1
      console.log(tally, {
        slowestSeconds: Math.max(...outcomes.map(outcome => outcome.seconds)),
        peakBytes,
      })
      expect(failures).toEqual([])
      expect(ended).toBe('exit 0')
      expect(outcomes.length).toBe(SEEDS)
      expect(peakBytes).toBeLessThan(MAX_BYTES)
    },
    600_000 + SEEDS * 1000,
  )
})

describe('tables that refer to themselves', () => {
  const put = (storage: MemoryStorage, name: string, from: string) =>
    storage.put(`root/${name}/table.dat`, new Uint8Array(readFileSync(join(corpus, from, 'table.dat'))))

  it('directly, are refused', () => {
    const storage = new MemoryStorage()
    put(storage, 'standard_little', 'reference')
    expect(() => openTableIn(storage, 'root/standard_little')).toThrow(/expected references that come to an end/)
  })

  it('through another one, are refused', () => {
    const storage = new MemoryStorage()
    put(storage, 'reference', 'reference')
    put(storage, 'standard_little', 'reference_of_reference')
    expect(() => openTableIn(storage, 'root/reference')).toThrow(/expected references that come to an end/)
  })
})
