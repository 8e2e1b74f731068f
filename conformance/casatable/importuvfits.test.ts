import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { openTable } from '@cleanbeam/casatable/node'
import { importuvfits, openObservation } from '@cleanbeam/visibility/node'
import { afterAll, describe, expect, it } from 'vitest'
import { hasCasacore, runPython } from './reference-tables.ts'
import { dumpTable, type TableDump } from './table-dump.ts'

const ROOT = resolve(import.meta.dirname, '../..')

interface TableChecksums {
  readonly nrow: number
  readonly columns: Readonly<Record<string, number>>
}
const recorded = JSON.parse(readFileSync(join(ROOT, 'conformance/refs/oracles/importuvfits.json'), 'utf8'))
  .measurement_sets as Record<string, Record<string, TableChecksums>>

/** The files, where they are; the second only beside the shared collection. */
const FILES: Readonly<Record<string, string>> = {
  m87: join(ROOT, 'examples/m87/m87.uvfits'),
  sim: resolve(ROOT, '../shared/data/sim.uvfits'),
}
const names = Object.keys(FILES).filter(name => existsSync(FILES[name]))

/**
 * What differs from importuvfits on purpose: see `writeMeasurementSet`. Directions agree to the last bit or two (compared
 * below); antenna positions of sim.uvfits are turned from the meridian, which CASA does for arrays it knows only; and
 * its feed angles there go by the row of the antenna table, where station numbers are skipped.
 */
const OTHERWISE: readonly RegExp[] = [
  /^HISTORY /,
  /^OBSERVATION TIME_RANGE$/,
  /^FIELD (DELAY|PHASE|REFERENCE)_DIR$/,
  /^SOURCE DIRECTION$/,
  /^ANTENNA POSITION$/,
]
const OTHERWISE_IN_SIM = 'FEED RECEPTOR_ANGLE'

const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-import-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function imported(name: string): Promise<string> {
  const vis = join(folder, `${name}.ms`)
  if (!existsSync(vis)) await importuvfits({ fitsfile: FILES[name], vis })
  return vis
}

function dumpOf(path: string): Record<string, TableDump> {
  const table = openTable(path)
  try {
    return dumpTable(table)
  } finally {
    table.close()
  }
}

describe.each(names)('%s.uvfits as a MeasurementSet', name => {
  it('holds the cells that importuvfits writes, in every column of every subtable', async () => {
    const path = await imported(name)
    const dumps = dumpOf(path)
    const different: string[] = []
    let nColumn = 0
    for (const [subtable, expected] of Object.entries(recorded[name])) {
      const ours = dumps[subtable === 'MAIN' ? path : `${path}/${subtable}`]
      expect(Object.keys(ours.columns).sort(), subtable).toEqual(Object.keys(expected.columns).sort())
      if (subtable !== 'HISTORY') expect(ours.nrow, subtable).toBe(expected.nrow)
      for (const [column, checksum] of Object.entries(expected.columns)) {
        const place = `${subtable} ${column}`
        if (name === 'm87' && place === 'ANTENNA POSITION') expect(cellsOf(ours, column), place).toBe(checksum)
        if (OTHERWISE.some(each => each.test(place)) || (name === 'sim' && place === OTHERWISE_IN_SIM)) continue
        nColumn++
        if (cellsOf(ours, column) !== checksum) different.push(place)
      }
    }
    expect(different).toEqual([])
    expect(nColumn).toBeGreaterThan(100)
  })

  it('is read back as the file itself', async () => {
    const [file, ms] = [await openObservation(FILES[name]), await openObservation(await imported(name))]
    try {
      expect(ms.nRow).toBe(file.nRow)
      expect(ms.antennas.map(each => each.positionMetres)).toEqual(file.antennas.map(each => each.positionMetres))
      const [a] = ms.fields
      const [b] = file.fields
      expect(a.phaseCentre.frame).toBe(b.phaseCentre.frame)
      expect(Math.abs(Math.sin((a.phaseCentre.longitudeRad - b.phaseCentre.longitudeRad) / 2))).toBeLessThan(1e-15)
      const ours = ms.chunks({ spw: '0' })[Symbol.asyncIterator]()
      const theirs = file.chunks({ spw: '0' })[Symbol.asyncIterator]()
      const [first, second] = [(await ours.next()).value, (await theirs.next()).value]
      expect(Buffer.compare(bytes(first.visibility), bytes(second.visibility))).toBe(0)
      expect(Buffer.compare(bytes(first.weight), bytes(second.weight))).toBe(0)
      expect([...first.uvwMetres.slice(0, 300)]).toEqual([...second.uvwMetres.slice(0, 300)])
      expect(first.flag.filter((each: number) => each !== 0).length).toBe(
        second.flag.filter((each: number) => each !== 0).length,
      )
    } finally {
      await ms.close()
      await file.close()
    }
  })

  it.runIf(hasCasacore())('is opened by casacore with the same cells', async () => {
    const path = await imported(name)
    const theirs = JSON.parse(runPython('dump_tables.py', [path]))
    const ours = dumpOf(path)
    for (const [table, dump] of Object.entries(ours))
      for (const column of Object.keys(dump.columns))
        expect(JSON.stringify(theirs[table].columns[column].rows), `${table} ${column}`).toBe(
          JSON.stringify(dump.columns[column].rows),
        )
  })
})

function cellsOf(dump: TableDump, column: string): number {
  return crc32(JSON.stringify(dump.columns[column].rows))
}

function bytes(data: Float32Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength)
}
