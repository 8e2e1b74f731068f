import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readFitsImage } from './compare/fits-image.ts'
import { repositoryRoot } from './structure/source-graph.ts'

const command = join(repositoryRoot, 'cleanbeam', 'bin', 'cleanbeam.js')
const work = mkdtempSync(join(tmpdir(), 'cleanbeam-crash-'))
const PARAMETERS = {
  vis: join(repositoryRoot, 'examples', 'm87', 'm87.uvfits'),
  imsize: 256,
  cell: '0.2marcsec',
  specmode: 'mfs',
  weighting: 'briggs',
  robust: 0.5,
  niter: 160,
  cycleniter: 20,
  gain: 0.05,
}
/** What a process may live, as parts of an undisturbed one's life: from before its lock to its last cycles, in no order. */
const LIVES = [0.45, 0.2, 0.5, 0.3, 0.55, 0.25, 0.6, 0.35, 0.7, 0.4, 0.8, 0.28, 0.65, 0.48]

afterAll(() => rmSync(work, { recursive: true, force: true }))

/** Starts a session over all its steps; resolves with its exit status, null when it was killed. */
function run(name: string, parameters: object, lifeMs: number | null): Promise<number | null> {
  const files = {
    params: join(work, `${name}.json`),
    steps: join(work, 'steps.json'),
    answer: join(work, `${name}.out`),
  }
  writeFileSync(files.params, JSON.stringify({ ...PARAMETERS, ...parameters, imagename: join(work, name) }))
  writeFileSync(files.steps, JSON.stringify([...Array.from({ length: 12 }, () => ['next']), ['restore']]))
  const child: ChildProcess = spawn(
    process.execPath,
    [command, 'gclean', '--params', files.params, '--steps', files.steps, '--return', files.answer, '--format', 'fits'],
    { stdio: 'ignore' },
  )
  const timer = lifeMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), lifeMs)
  return new Promise(resolve => {
    child.on('exit', status => {
      clearTimeout(timer)
      resolve(status)
    })
  })
}

const lastRecord = (name: string) => {
  const { steps } = JSON.parse(readFileSync(join(work, `${name}.out`), 'utf8'))
  return steps.filter((step: { record?: object }) => step.record).at(-1).record
}

describe('a session whose process is killed again and again', () => {
  it.each([
    ['hogbom', { deconvolver: 'hogbom', mask: 'circle[[128pix,128pix],40pix]' }],
    ['automatic', { deconvolver: 'hogbom', usemask: 'auto-multithresh', noisethreshold: 4 }],
  ])(
    'goes on from its last complete step and ends with the same images, bit for bit (%s)',
    async (name, parameters) => {
      const started = performance.now()
      expect(await run(`${name}-whole`, parameters, null)).toBe(0)
      const wholeMs = performance.now() - started
      let killed = 0
      for (const life of LIVES) {
        if ((await run(`${name}-killed`, parameters, life * wholeMs)) === 0) break
        killed++
      }
      if (killed === LIVES.length) expect(await run(`${name}-killed`, parameters, null)).toBe(0)
      console.info(`${name}: killed ${killed} times`)
      expect(killed).toBeGreaterThan(2)
      for (const product of ['mask', 'model', 'residual', 'image']) {
        const [whole, other] = ['whole', 'killed'].map(kind =>
          readFitsImage(join(work, `${name}-${kind}.${product}.fits`)),
        )
        expect(Buffer.from(other.pixels.buffer).equals(Buffer.from(whole.pixels.buffer)), product).toBe(true)
      }
      const [whole, other] = [lastRecord(`${name}-whole`), lastRecord(`${name}-killed`)]
      expect(other.chan).toEqual(whole.chan)
      expect(other.stopcode).toBe(whole.stopcode)
    },
  )
})
