import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { compareProducts } from './compare/compare-products.ts'
import { compareReturns } from './compare/compare-returns.ts'
import { tolerancesFor } from './compare/tolerances.ts'
import { repositoryRoot } from './structure/source-graph.ts'

interface ReferenceCase {
  readonly name: string
  readonly folder: string
  readonly observation: string
  readonly parameters: Record<string, unknown> & { niter?: number; mask?: unknown; deconvolver?: string }
}

const command = join(repositoryRoot, 'cleanbeam', 'bin', 'cleanbeam.js')
const references = join(repositoryRoot, 'conformance', 'refs')
const work = mkdtempSync(join(tmpdir(), 'cleanbeam-conformance-'))
const table: string[] = []

/** Cases in the repository; all of them, where the shared references are, run through ../shared/tools/conform.py. */
function referenceCases(): ReferenceCase[] {
  return ['real', 'runs'].flatMap(kind =>
    readdirSync(join(references, kind))
      .filter(name => existsSync(join(references, kind, name, 'params.json')))
      .map(name => {
        const folder = join(references, kind, name)
        const { ms, params } = JSON.parse(readFileSync(join(folder, 'params.json'), 'utf8'))
        return { name, folder, observation: ms, parameters: params }
      }),
  )
}

/** Path of an observation; MeasurementSets are unpacked once. */
function observationPath(name: string): string {
  if (name === 'm87.uvfits') return join(repositoryRoot, 'examples', 'm87', name)
  const path = join(work, name)
  if (!existsSync(path)) execFileSync('tar', ['xzf', join(references, 'ms', `${name}.tar.gz`), '-C', work])
  return path
}

/** A mask given by the name of an image beside the case is unpacked under that name. */
function maskOf({ name, folder, parameters: { mask } }: ReferenceCase): unknown {
  if (typeof mask !== 'string' || !existsSync(join(folder, `${mask}.fits.gz`))) return mask
  const path = join(work, `${name}.${mask}`)
  writeFileSync(path, gunzipSync(readFileSync(join(folder, `${mask}.fits.gz`))))
  return path
}

async function runCase(one: ReferenceCase): Promise<string[]> {
  const parametersFile = join(work, `${one.name}.params.json`)
  const returnFile = join(work, `${one.name}.return.json`)
  const parameters = {
    ...one.parameters,
    vis: observationPath(one.observation),
    imagename: join(work, one.name),
    mask: maskOf(one),
  }
  writeFileSync(parametersFile, JSON.stringify(parameters))
  const started = performance.now()
  await promisify(execFile)(process.execPath, [
    ...[command, 'tclean', '--params', parametersFile, '--return', returnFile, '--format', 'fits'],
  ])
  const seconds = (performance.now() - started) / 1000
  const { faults, figures } = compareProducts(one.folder, one.name, work, tolerancesFor(one.parameters))
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  const deconvolver = one.parameters.deconvolver ?? 'hogbom'
  const all = [...faults, ...compareReturns(read(join(one.folder, 'return.json')), read(returnFile), deconvolver)]
  const shown = Object.entries(figures)
    .filter(([label]) => /^\.(psf|image|sumwt|mask)/.test(label) && !label.endsWith('blanks'))
    .map(([label, value]) => `${label} ${value.toPrecision(2)}`)
  table.push(
    `${one.name.padEnd(28)} ${seconds.toFixed(2)} s  ${all.length === 0 ? 'agrees ' : 'differs'}  ${shown.join(', ')}`,
  )
  return all
}

afterAll(() => {
  rmSync(work, { recursive: true, force: true })
  console.info(table.join('\n'))
})

/**
 * Cases in which we differ from CASA for a reason: what the difference is, and what decides it. They are run all the same,
 * and a case that agrees again has to leave this list.
 */
const DIFFERENCES: Readonly<Record<string, { readonly fault: RegExp; readonly reason: string }>> = {
  tp_cube_maskimage: {
    fault: /^\.sumwt/,
    reason:
      'the rounding of one factor decides whether the first row of data reaches the edge channel: docs/imaging.md',
  },
}

describe('CASA reference runs', () => {
  for (const one of referenceCases()) {
    const difference = DIFFERENCES[one.name]
    if (difference === undefined) {
      it(`${one.name} agrees with CASA`, async () => expect(await runCase(one)).toEqual([]))
    } else {
      it(`${one.name} differs from CASA: ${difference.reason}`, async () => {
        const faults = await runCase(one)
        expect(faults.filter(fault => difference.fault.test(fault))).not.toEqual([])
      })
    }
  }
})
