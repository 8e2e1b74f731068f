import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArrayValue } from './cell-value.ts'
import { openTable } from './node.ts'
import type { NumericArray } from './value-type.ts'

// Made by casacore 3.5.0 with conformance/casatable/make_tiled_data.cc.
const archive = fileURLToPath(new URL('../../../conformance/refs/casatable/tiled-data.tar.gz', import.meta.url))
const TABLES = [
  { name: 'data-little.table', nBaseline: 1 },
  { name: 'data-big.table', nBaseline: 1 },
  { name: 'data-two-axes.table', nBaseline: 3 },
]

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiled-data-'))
  execFileSync('tar', ['xzf', archive, '-C', folder])
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a row's step in time says of it: rows 4 to 6 are a second cube, 7 and 8 went to the first one later. */
function cubeOf(step: number): { shape: number[]; id: number; firstHz: number; time: number } {
  if (step >= 4 && step < 7) return { shape: [4, 3], id: 9, firstHz: 1e9 + 9, time: 2000 + step - 4 }
  return { shape: [2, 5], id: 7, firstHz: 1e9 + 7, time: 1000 + (step < 4 ? step : step - 3) }
}

describe('TiledDataStMan', () => {
  it.each(TABLES)('$name: every cell, with coordinates and identifications', ({ name, nBaseline }) => {
    const table = openTable(join(folder, name))
    expect(table.nRow).toBe(9 * nBaseline)
    for (let row = 0; row < table.nRow; row++) {
      const { shape, id, firstHz, time } = cubeOf(Math.floor(row / nBaseline))
      const n = shape[0] * shape[1]
      const elements = Array.from({ length: n }, (_, i) => i)
      const cell = (column: string) => table.column(column).getCell(row) as ArrayValue<NumericArray>
      for (const column of ['data', 'vis', 'flag']) expect(cell(column).shape, `${column}, row ${row}`).toEqual(shape)
      expect(Array.from(cell('data').data, Number)).toEqual(elements.map(i => row * 100 + i))
      expect(Array.from(cell('vis').data, Number)).toEqual(elements.flatMap(i => [row + i, row - 2 * i]))
      expect(Array.from(cell('flag').data, Number)).toEqual(elements.map(i => ((row * 3 + i * i) % 5 < 2 ? 1 : 0)))
      expect(Array.from(cell('pol').data, Number)).toEqual(Array.from({ length: shape[0] }, (_, i) => i))
      expect(Array.from(cell('freq').data, Number)).toEqual(Array.from({ length: shape[1] }, (_, i) => firstHz + i))
      expect([table.column('id').getCell(row), table.column('time').getCell(row)]).toEqual([id, time])
      if (nBaseline > 1) expect(table.column('baseline').getCell(row)).toBe(100 + (row % nBaseline))
    }
    table.close()
  })

  it.each(TABLES)('$name: slices of rows in one read', ({ name, nBaseline }) => {
    const table = openTable(join(folder, name))
    const slice = { start: [1, 1], count: [1, 2], step: [1, 2] }
    const { data } = table.column('data').getRange(0, 4 * nBaseline, { slice })
    const expected = Array.from({ length: 4 * nBaseline }, (_, row) => [row * 100 + 3, row * 100 + 7]).flat()
    expect(Array.from(data as Float32Array)).toEqual(expected)
    table.close()
  })

  it.each(TABLES)('$name: a truncated file is an error', ({ name }) => {
    // casacore keeps the growing cube in a file of its own, number 1.
    truncateSync(join(folder, name, 'table.f0_TSM1'), 10)
    const table = openTable(join(folder, name))
    expect(() => table.column('data').getCell(0)).toThrow(/truncated or damaged/)
    table.close()
  })
})
