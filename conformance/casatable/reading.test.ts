import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { openTable } from '@cleanbeam/casatable/node'
import { afterAll, describe, expect, it } from 'vitest'
import { compareDumps, countCells } from './compare-dumps.ts'
import { hasCasacore, runPython, sharedTables, unpackReferences } from './reference-tables.ts'
import { dumpTable, type TableDump } from './table-dump.ts'

const references = unpackReferences()
const made = mkdtempSync(join(tmpdir(), 'cleanbeam-made-'))
const withCasacore = hasCasacore()
if (withCasacore) {
  runPython('make_tables.py', [made])
  const settings = join(references.directory, 'casarc')
  writeFileSync(settings, 'table.storage.option: multifile\n')
  runPython('make_tables.py', ['--multifile', join(made, 'multifile')], { CASARCFILES: settings })
  execFileSync('tar', ['-xzf', resolve(import.meta.dirname, '../refs/casatable/tiled-data.tar.gz'), '-C', made])
}

afterAll(() => {
  references.remove()
  rmSync(made, { recursive: true, force: true })
})

function dumpOurs(path: string): Record<string, TableDump> {
  const table = openTable(path)
  try {
    return dumpTable(table)
  } finally {
    table.close()
  }
}

describe.runIf(withCasacore)('every cell and keyword equals what casacore reads', () => {
  const tables = [...references.tables, ...sharedTables(), ...readdirSync(made).map(name => join(made, name))]
  it.each(tables.map(path => [basename(path), path]))('%s', (_, path) => {
    const theirs = JSON.parse(runPython('dump_tables.py', [path]))
    const ours = dumpOurs(path)
    expect(compareDumps(ours, theirs)).toEqual([])
    expect(countCells(ours)).toBe(countCells(theirs))
    expect(countCells(ours)).toBeGreaterThan(0)
  })

  it('the MultiFile is one', () => expect(existsSync(join(made, 'multifile/table.mf'))).toBe(true))
})

describe('storage variants of one observation', () => {
  const base = join(references.directory, 'twopoints_twochan.ms')
  const variants = references.tables.filter(path => basename(path).startsWith('twopoints_twochan_'))

  it.each(variants.map(path => [basename(path), path]))('%s equals the original', (_, path) => {
    const [ours, original] = [dumpOurs(path), dumpOurs(base)]
    const renamed = Object.fromEntries(Object.entries(ours).map(([name, dump]) => [name.replace(path, base), dump]))
    expect(compareDumps(renamed, original)).toEqual([])
  })

  it('are all there', () => expect(variants.length).toBe(6))
})
