import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type StorageSpec, TableRecord } from '@cleanbeam/casatable'
import { createTable, findTableLock, openTable, openTableForUpdate } from '@cleanbeam/casatable/node'
import { afterAll, describe, expect, it } from 'vitest'
import { compareDumps, countCells } from './compare-dumps.ts'
import { copyTable } from './copy-table.ts'
import { hasCasacore, runPython, unpackReferences } from './reference-tables.ts'
import { dumpTable, type TableDump } from './table-dump.ts'

const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-writing-'))
const references = unpackReferences()
const withCasacore = hasCasacore()
if (withCasacore) runPython('make_tables.py', [folder])

afterAll(() => {
  references.remove()
  rmSync(folder, { recursive: true, force: true })
})

const STORAGE: StorageSpec['type'][] = [
  'StandardStMan',
  'IncrementalStMan',
  'TiledShapeStMan',
  'TiledColumnStMan',
  'TiledCellStMan',
]

function dumpOurs(path: string): Record<string, TableDump> {
  const table = openTable(path)
  try {
    return dumpTable(table)
  } finally {
    table.close()
  }
}

function dumpTheirs(path: string): Record<string, TableDump> {
  return JSON.parse(runPython('dump_tables.py', [path]))
}

describe.runIf(withCasacore)('casacore reads the copies we write', () => {
  const cases: [string, StorageSpec['type'], boolean][] = [
    ...STORAGE.flatMap(storage => [true, false].map(order => ['standard_little', storage, order] as const)),
    ...STORAGE.map(storage => ['TiledCellStMan_little', storage, true] as const),
    ['incremental_edited_big', 'IncrementalStMan', true] as const,
  ].map(([name, storage, order]) => [name, storage, order])
  it.each(cases)('%s in %s, little-endian %s', (name, storage, littleEndian) => {
    const copy = join(folder, 'copy')
    rmSync(copy, { recursive: true, force: true })
    const original = openTable(join(folder, name))
    copyTable(original, copy, { storage, littleEndian })
    const expected = { [copy]: dumpTable(original)[original.path] }
    original.close()
    expect(compareDumps(dumpOurs(copy), expected)).toEqual([])
    expect(compareDumps(expected, dumpTheirs(copy))).toEqual([])
    expect(countCells(expected)).toBeGreaterThan(100)
    // casacore also goes on working with what we wrote.
    runPython('make_tables.py', ['--edit', copy])
    const [ours, theirs] = [dumpOurs(copy), dumpTheirs(copy)]
    expect(compareDumps(ours, theirs)).toEqual([])
    expect(ours[copy].nrow).toBe(expected[copy].nrow + 40)
  })
})

describe('edits in place', () => {
  const variants = references.tables.filter(path => basename(path).startsWith('twopoints_twochan'))

  it.each(variants.map(path => [basename(path), path]))('change only what was meant in %s', (name, path) => {
    const copy = join(folder, name)
    cpSync(path, copy, { recursive: true })
    const before = dumpOurs(copy)[copy]
    const table = openTableForUpdate(copy)
    const { nRow } = table
    const data = table.column('DATA').getRange(0, nRow)
    const doubled = (data.data as Float32Array).map(value => 2 * value)
    const model = { type: 'TiledShapeStMan', name: 'TiledModel' } as const
    table.addColumn({ name: 'MODEL_DATA', type: 'complex64', shape: 'variable', nAxis: 2 }, model)
    table.column('MODEL_DATA').putRange(0, nRow, doubled, { cellShape: data.cellShape })
    table
      .column('FLAG')
      .putCell(7, { shape: data.cellShape, data: new Uint8Array(data.cellShape[0] * data.cellShape[1]).fill(1) })
    table.column('SCAN_NUMBER').putRange(10, 5, new Int32Array(5).fill(99))
    table.column('FLAG_ROW').putCell(20, true)
    table.setKeywords(table.keywords.set('NOTE', 'string', 'changed'))
    table.close()

    const changed = openTable(copy)
    expect(changed.column('MODEL_DATA').getRange(0, nRow).data).toEqual(doubled)
    expect(changed.column('SCAN_NUMBER').getRange(9, 7).data).toEqual(Int32Array.of(1, 99, 99, 99, 99, 99, 1))
    expect(changed.column('FLAG_ROW').getCell(20)).toBe(true)
    changed.close()
    const after = dumpOurs(copy)[copy]
    for (const column of Object.keys(before.columns)) {
      const different = before.columns[column].rows.flatMap((cell, row) =>
        cell === after.columns[column].rows[row] ? [] : [row],
      )
      const expected = { FLAG: [7], SCAN_NUMBER: [10, 11, 12, 13, 14], FLAG_ROW: [20] }[column] ?? []
      expect([column, different]).toEqual([column, expected])
    }
    if (withCasacore) expect(compareDumps({ [copy]: after }, { [copy]: dumpTheirs(copy)[copy] })).toEqual([])
  })

  it.runIf(withCasacore)('add rows and values to tables that casacore made', () => {
    for (const name of [
      'standard_edited_little',
      'incremental_edited_little',
      'TiledShapeStMan_big',
      'TiledCellStMan_big',
    ]) {
      const path = join(folder, name)
      const original = openTable(path)
      const cells = original.columnNames.map(column => {
        const source = original.column(column)
        return [column, source.isDefined(1) ? source.getCell(1) : null] as const
      })
      const nRow = original.nRow
      original.close()
      const table = openTableForUpdate(path)
      table.addRows(500)
      for (const [column, cell] of cells) if (cell !== null) table.column(column).putCell(nRow + 333, cell)
      table.close()
      const ours = dumpOurs(path)
      expect(ours[path].nrow).toBe(nRow + 500)
      expect(compareDumps(ours, dumpTheirs(path))).toEqual([])
    }
  })
})

describe('an image', () => {
  it('with its mask and log is read by casacore', () => {
    const path = join(folder, 'made.image')
    const shape = [40, 30, 1, 3]
    const pixels = Float32Array.from({ length: 3600 }, (_, i) => Math.sin(i))
    const mask = Uint8Array.from({ length: 3600 }, (_, i) => (i % 7 === 0 ? 0 : 1))
    const map = { name: 'map', type: 'TiledCellStMan' } as const
    const image = createTable(path, {
      nRow: 1,
      columns: [{ name: 'map', type: 'float32', shape: 'variable', nAxis: 4 }],
      storage: [map],
      info: { type: 'Image' },
    })
    image.column('map').putCell(0, { shape, data: pixels })
    const maskTable = createTable(join(path, 'mask0'), {
      nRow: 1,
      columns: [{ name: 'PagedArray', type: 'bool', shape: 'variable', nAxis: 4 }],
      storage: [{ name: 'PagedArray', type: 'TiledCellStMan' }],
      info: { type: 'Paged Array' },
    })
    maskTable.column('PagedArray').putCell(0, { shape, data: mask })
    maskTable.close()
    const log = createTable(join(path, 'logtable'), {
      nRow: 2,
      columns: [
        { name: 'TIME', type: 'float64' },
        { name: 'MESSAGE', type: 'string' },
      ],
      info: { type: 'Log message' },
    })
    log.column('MESSAGE').putCell(1, 'a message that is longer than eight characters')
    log.close()
    const beam = new TableRecord().set(
      'major',
      'record',
      new TableRecord().set('value', 'float64', 1.5).set('unit', 'string', 'arcsec'),
    )
    image.setKeywords(
      new TableRecord()
        .set('logtable', 'table', { tablePath: '././logtable' })
        .set(
          'masks',
          'record',
          new TableRecord().set('mask0', 'record', new TableRecord().set('mask', 'table', { tablePath: '././mask0' })),
        )
        .set('units', 'string', 'Jy/beam')
        .set('imageinfo', 'record', new TableRecord().set('restoringbeam', 'record', beam)),
    )
    image.close()

    const back = openTable(path)
    expect(back.column('map').getCell(0)).toEqual({ shape, data: pixels })
    const plane = { start: [3, 4, 0, 1], count: [10, 20, 1, 1] }
    expect(back.column('map').getRange(0, 1, { slice: plane }).data[11]).toBe(pixels[1200 + 5 * 40 + 4])
    expect(back.info.type).toBe('Image')
    back.close()
    if (withCasacore) expect(compareDumps(dumpOurs(path), dumpTheirs(path))).toEqual([])
  })
})

describe.runIf(withCasacore && process.platform === 'linux')('a table that casacore holds', () => {
  it('is reported and left alone', async () => {
    const path = join(folder, 'standard_big')
    const before = dumpOurs(path)
    const script =
      'import sys; from casacore.tables import table; t = table(sys.argv[1], readonly=False, ack=False, lockoptions="permanent"); print("ready", flush=True); sys.stdin.read()'
    const holder = spawn('/usr/bin/python3', ['-c', script, path], { stdio: ['pipe', 'pipe', 'ignore'] })
    await new Promise(ready => holder.stdout.once('data', ready))
    try {
      expect(findTableLock(path)).toMatch(new RegExp(`process ${holder.pid}`))
      expect(() => openTableForUpdate(path)).toThrow(/expected a table nobody else uses/)
      expect(compareDumps(dumpOurs(path), before)).toEqual([])
    } finally {
      holder.stdin.end()
      await new Promise(ended => holder.once('exit', ended))
    }
    expect(findTableLock(path)).toBeNull()
  })
})
