import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ArrayValue } from './cell-value.ts'
import { MemoryStorage } from './memory-storage.ts'
import { createTableIn, openTableForUpdateIn, openTableIn } from './table-access.ts'
import { TableRecord } from './table-record.ts'
import type { StorageSpec, TableSpec, WritableStorageType } from './table-spec.ts'

const SHAPES = [
  [2, 3],
  [4, 1],
  [1, 2],
]

function specFor(type: WritableStorageType, nRow: number, littleEndian: boolean): TableSpec {
  const storage: StorageSpec[] = [
    {
      type,
      name: 'first',
      tileShape: type.startsWith('Tiled') ? (type === 'TiledCellStMan' ? [3, 2] : [3, 2, 5]) : undefined,
    },
    { type: 'StandardStMan', name: 'rest' },
  ]
  const shape = type === 'TiledColumnStMan' ? [2, 3] : 'variable'
  return {
    nRow,
    littleEndian,
    storage,
    columns: [
      { name: 'DATA', type: 'complex64', shape, nAxis: 2 },
      { name: 'ID', type: 'int32', storage: 'rest' },
      { name: 'NAME', type: 'string', storage: 'rest' },
    ],
  }
}

const TYPES: WritableStorageType[] = [
  'StandardStMan',
  'IncrementalStMan',
  'TiledShapeStMan',
  'TiledColumnStMan',
  'TiledCellStMan',
]

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('put' as const), row: fc.nat(40), shape: fc.nat(2), seed: fc.nat(1000) }),
    fc.record({ kind: fc.constant('rows' as const), n: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ kind: fc.constant('reopen' as const) }),
  ),
  { maxLength: 25 },
)

describe.each(TYPES)('%s', type => {
  it('holds what was put into it, whatever the order', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (list, littleEndian) => {
        const storage = new MemoryStorage()
        let table = createTableIn(storage, 't', specFor(type, 5, littleEndian))
        const model = Array.from({ length: 5 }, () => ({ data: null as ArrayValue | null, id: 0, name: '' }))
        for (const step of list) {
          if (step.kind === 'rows') {
            table.addRows(step.n)
            for (let i = 0; i < step.n; i++) model.push({ data: null, id: 0, name: '' })
          } else if (step.kind === 'reopen') {
            table.close()
            table = openTableForUpdateIn(storage, 't')
          } else {
            const row = step.row % model.length
            const shape = type === 'TiledColumnStMan' ? [2, 3] : SHAPES[step.shape]
            const data = Float32Array.from({ length: 2 * shape[0] * shape[1] }, (_, i) => step.seed + i)
            const name = 'x'.repeat(step.seed % 700)
            table.column('DATA').putCell(row, { shape, data })
            table.column('ID').putCell(row, step.seed)
            table.column('NAME').putCell(row, name)
            model[row] = { data: { shape, data }, id: step.seed, name }
          }
        }
        table.close()
        const back = openTableIn(storage, 't')
        expect(back.nRow).toBe(model.length)
        for (const [row, cell] of model.entries()) {
          // Cells of a fixed shape always exist; they are zero until given a value.
          if (cell.data !== null) expect(back.column('DATA').getCell(row)).toEqual(cell.data)
          else if (type !== 'TiledColumnStMan') expect(back.column('DATA').isDefined(row)).toBe(false)
          expect(back.column('ID').getCell(row)).toBe(cell.id)
          expect(back.column('NAME').getCell(row)).toBe(cell.name)
        }
      }),
      { numRuns: 40, seed: 3 },
    )
  })
})

describe('what does not fit', () => {
  const storage = new MemoryStorage()
  const table = createTableIn(storage, 't', specFor('TiledShapeStMan', 5, true))

  it('is refused by name', () => {
    expect(() => table.column('ID').putCell(5, 1)).toThrow(
      /expected rows below 5, got 1 rows from 5 on \(t, column ID\)/,
    )
    expect(() => table.column('ID').putCell(0, 'x')).toThrow(/expected int32, got string/)
    expect(() => table.column('DATA').putCell(0, 3)).toThrow(/expected an array, got the other/)
    expect(() => table.column('DATA').putCell(0, { shape: [2], data: new Float32Array(4) })).toThrow(
      /expected cells of 2 axes, got 1/,
    )
    expect(() => table.column('DATA').putRange(0, 2, new Float32Array(8))).toThrow(/give cellShape/)
    expect(() => table.column('ABSENT')).toThrow(/expected a column ABSENT, got DATA, ID, NAME/)
    expect(() => table.column('DATA').getCell(0)).toThrow(/expected an array in row 0, got an undefined cell/)
    expect(() => createTableIn(storage, 't', specFor('StandardStMan', 1, true))).toThrow(/expected a new path/)
    expect(() => createTableIn(storage, 'a/b', specFor('StandardStMan', 1, true))).toThrow(
      /expected an existing directory/,
    )
  })

  it('does not come out of a scalar or differently shaped range', () => {
    table.column('DATA').putCell(0, { shape: [2, 3], data: new Float32Array(12) })
    table.column('DATA').putCell(1, { shape: [4, 1], data: new Float32Array(8) })
    expect(() => table.column('DATA').getRange(0, 2)).toThrow(
      /expected cells of one shape, got \[2, 3\] in row 0 and \[4, 1\] in row 1/,
    )
    expect(table.column('DATA').shapeRuns(0, 3)).toEqual([
      { rowStart: 0, nRow: 1, shape: [2, 3] },
      { rowStart: 1, nRow: 1, shape: [4, 1] },
      { rowStart: 2, nRow: 1, shape: null },
    ])
    expect(() => table.column('DATA').getRange(0, 1, { slice: { start: [1, 0], count: [2, 1] } })).toThrow(
      /expected a slice within axis 0 of length 2/,
    )
  })

  it('leaves the table readable', () => {
    table.setKeywords(new TableRecord().set('units', 'string', 'Jy'))
    table.close()
    expect(openTableIn(storage, 't').keywords.string('units')).toBe('Jy')
  })
})
