import { describe, expect, it } from 'vitest'
import {
  addToDensity,
  averagedDensity,
  type DensityGrid,
  densityCell,
  emptyDensity,
  type UvDensity,
  widenedDensity,
} from './uv-density.ts'

const N = 16
const CELL = 1e-4
const grid = (rounding: DensityGrid['rounding']): DensityGrid => ({ nx: N, ny: N, cellRad: [CELL, CELL], rounding })
/** Wavelengths of a number of cells along v. */
const cells = (n: number) => n / (N * CELL)
/** The same along u, which runs against the cells. */
const uCells = (n: number) => -cells(n)

describe('densityCell', () => {
  it.each([
    ['down', 2.7, 10],
    ['down', -2.7, 5],
    ['nearest', 2.7, 11],
    ['nearest', -2.7, 5],
    ['nearest', 2.3, 10],
  ] as const)('rounds %s: %d cells from the origin fall into column %d', (rounding, n, column) => {
    expect(densityCell(grid(rounding), uCells(n), cells(0.1)) % N).toBe(column)
  })

  it('counts the first row and column, and all beyond the grid, as outside', () => {
    for (const n of [-7.5, -9, 8.5]) {
      expect(densityCell(grid('down'), uCells(n), 0)).toBe(-1)
      expect(densityCell(grid('down'), 0, cells(n))).toBe(-1)
    }
    expect(densityCell(grid('down'), uCells(-6.5), cells(7.5))).toBe(1 + N * 15)
  })

  it('finds cells over all data in single precision, those of single channels in double', () => {
    const hair = 2 - 1e-9
    expect(densityCell(grid('down'), uCells(hair), 0) % N).toBe(10)
    expect(densityCell(grid('nearest'), uCells(hair - 0.5), 0) % N).toBe(9)
  })
})

describe('densities', () => {
  it('counts samples and conjugates, over as many cells around as asked for', () => {
    const samples = {
      nSample: 2,
      uLambda: Float64Array.of(uCells(2.5), uCells(3.5)),
      vLambda: Float64Array.of(cells(1.5), cells(1.5)),
      imagingWeight: Float64Array.of(2, 3),
    }
    const at = (density: UvDensity, u: number, v: number) =>
      density.weight[densityCell(grid('down'), uCells(u), cells(v))]
    const single = emptyDensity(grid('down'))
    addToDensity(single, samples)
    expect([at(single, 2.5, 1.5), at(single, -3.5, -1.5), at(single, 4.5, 1.5)]).toEqual([2, 3, 0])
    const box = widenedDensity(single, 1)
    expect([at(box, 2.5, 1.5), at(box, 1.5, 0.5), at(box, 4.5, 2.5), at(box, 5.5, 1.5)]).toEqual([5, 2, 3, 0])
    expect(box.weight.reduce((sum, w) => sum + w, 0)).toBe(9 * 10)
  })
  it('leaves cells out of wider boxes that would be spread beyond the edge', () => {
    const density = emptyDensity(grid('down'))
    for (const column of [2, 3, 13, 14]) density.weight[column + N * 8] = 1
    const sumOver = (reach: number) => widenedDensity(density, reach).weight.reduce((sum, w) => sum + w, 0)
    expect([sumOver(1), sumOver(2), sumOver(3)]).toEqual([4 * 9, 2 * 25, 0])
  })

  it('averages over boxes, counting samples with their conjugates or not at all', () => {
    const one = (n: number) => ({
      nSample: 1,
      uLambda: Float64Array.of(uCells(n)),
      vLambda: Float64Array.of(cells(0)),
      imagingWeight: Float64Array.of(2),
    })
    const total = (n: number, reach: number) => {
      const density = emptyDensity(grid('nearest'))
      addToDensity(density, one(n), reach)
      return averagedDensity(density, reach).weight.reduce((sum, w) => sum + w, 0)
    }
    // Cells 3 … 14 of 16 count with a reach of 2; the box of the last is cut by one column of its five.
    const inside = [-5, 0, 5].map(n => total(n, 2))
    for (const sum of inside) expect(sum).toBeCloseTo(4, 12)
    expect(total(6, 2)).toBeCloseTo(2 + (2 * 4) / 5, 12)
    expect([total(-6, 2), total(7, 2)]).toEqual([0, 0])
    expect(total(7, 0)).toBe(4)
  })
})
