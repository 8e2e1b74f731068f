import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { compareProducts } from './compare/compare-products.ts'
import { compareReturns } from './compare/compare-returns.ts'
import { tolerancesFor } from './compare/tolerances.ts'
import { repositoryRoot } from './structure/source-graph.ts'

interface ReferenceCase {
  readonly name: string
  readonly folder: string
  readonly observation: string
  readonly parameters: Record<string, unknown> & { niter?: number }
}

/** Deconvolvers and observations that the engine does not read yet; their cases are listed as skipped, by name. */
const NOT_YET = (one: ReferenceCase) =>
  one.parameters.deconvolver === 'multiscale' || !one.observation.endsWith('.uvfits')

const command = join(repositoryRoot, 'cleanbeam', 'bin', 'cleanbeam.js')
const observations: Record<string, string> = { 'm87.uvfits': join(repositoryRoot, 'examples', 'm87', 'm87.uvfits') }
const work = mkdtempSync(join(tmpdir(), 'cleanbeam-conformance-'))
const table: string[] = []

function referenceCases(): ReferenceCase[] {
  const whole = resolve(repositoryRoot, '..', 'shared', 'refs', 'real')
  const root = existsSync(whole) ? whole : join(repositoryRoot, 'conformance', 'refs', 'real')
  return readdirSync(root)
    .filter(name => existsSync(join(root, name, 'params.json')))
    .map(name => {
      const { ms, params } = JSON.parse(readFileSync(join(root, name, 'params.json'), 'utf8'))
      return { name, folder: join(root, name), observation: ms, parameters: params }
    })
}

async function runCase(one: ReferenceCase): Promise<string[]> {
  const parametersFile = join(work, `${one.name}.params.json`)
  const returnFile = join(work, `${one.name}.return.json`)
  const parameters = { ...one.parameters, vis: observations[one.observation], imagename: join(work, one.name) }
  writeFileSync(parametersFile, JSON.stringify(parameters))
  const started = performance.now()
  await promisify(execFile)(process.execPath, [
    ...[command, 'tclean', '--params', parametersFile, '--return', returnFile, '--format', 'fits'],
  ])
  const seconds = (performance.now() - started) / 1000
  const { faults, figures } = compareProducts(one.folder, one.name, work, tolerancesFor(one.parameters))
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  const all = [...faults, ...compareReturns(read(join(one.folder, 'return.json')), read(returnFile))]
  const shown = Object.entries(figures).map(([label, value]) => `${label} ${value.toPrecision(2)}`)
  table.push(
    `${one.name.padEnd(20)} ${seconds.toFixed(2)} s  ${all.length === 0 ? 'agrees' : 'differs'}  ${shown.join(', ')}`,
  )
  return all
}

afterAll(() => {
  rmSync(work, { recursive: true, force: true })
  console.info(table.join('\n'))
})

describe('CASA reference runs', () => {
  for (const one of referenceCases()) {
    it.skipIf(NOT_YET(one))(`${one.name} agrees with CASA`, async () => expect(await runCase(one)).toEqual([]))
  }
})
