import { describe, expect, it } from 'vitest'
import { leaveOutOffGrid } from './off-grid.ts'
import { randomSamples } from './random-samples.reference.ts'

const CELL: readonly [number, number] = [1e-5, 1e-5]

describe('leaveOutOffGrid', () => {
  it('uses cells 3 … N − 4 of the padded grid', () => {
    const samples = randomSamples({ count: 8, cellRad: CELL, seed: 1 })
    // 64 pixels make a grid of 80 cells: u in cells is u·80·cell.
    const cells = [-37.4, -37.6, 36.4, 36.6, 0, 0, 0, 0]
    samples.uLambda.set(cells.map(cell => cell / (80 * CELL[0])))
    samples.vLambda.set([0, 0, 0, 0, 37.4, 37.6, -36.4, -36.6].map(cell => cell / (80 * CELL[1])))
    expect(leaveOutOffGrid(samples, 64, 64, CELL)).toBe(4)
    expect(Array.from(samples.imagingWeight, weight => weight > 0)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
      true,
      false,
    ])
  })

  it('leaves out nothing where pixels are fine enough', () => {
    const samples = randomSamples({ count: 500, cellRad: CELL, seed: 2 })
    expect(leaveOutOffGrid(samples, 64, 64, [0.8 * CELL[0], 0.8 * CELL[1]])).toBe(0)
  })
})
