import { describe, expect, it } from 'vitest'
import { colourTable } from './colormap.ts'
import { colourBarTicks } from './colour-bar-marks.ts'
import { colourOf } from './colouring.ts'
import { valueAt, wholePlane } from './plane.ts'
import { rasterise } from './raster.ts'
import { LINEAR_SCALING } from './scaling.ts'

const COLOURING = {
  clip: { low: 0, high: 255 },
  scaling: LINEAR_SCALING,
  bias: 0.5,
  contrast: 1,
  table: colourTable('gray'),
  nan: [0.5, 0, 0],
} as const

describe('rasters', () => {
  const plane = wholePlane(Float32Array.of(0, 100, 200, Number.NaN), 2, 2)
  const view = { x: 0.5, y: 0.5, scale: 10 }
  const frame = { x: 0, y: 0, width: 30, height: 20 }

  it('put the first pixel at the lower left and leave the outside transparent', () => {
    const { pixels, width, height } = rasterise([plane], COLOURING, view, frame)
    const at = (x: number, y: number) => [...pixels.slice(4 * (x + width * y), 4 * (x + width * y) + 4)]
    expect([width, height]).toEqual([30, 20])
    expect(at(8, 15)[0]).toBe(0)
    expect(Math.abs(at(20, 15)[0] - 100)).toBeLessThanOrEqual(1)
    expect(Math.abs(at(8, 5)[0] - 200)).toBeLessThanOrEqual(1)
    expect(at(20, 5)).toEqual([128, 0, 0, 255])
    expect(at(1, 10)).toEqual([0, 0, 0, 0])
  })

  it('are smooth between centres when asked to be', () => {
    const flat = wholePlane(Float32Array.of(0, 100, 0, 100), 2, 2)
    const { pixels, width } = rasterise([flat], COLOURING, view, frame, 1, 'bilinear')
    const middle = pixels[4 * (15 + width * 10)]
    expect(middle).toBeGreaterThan(45)
    expect(middle).toBeLessThan(60)
  })

  it('have a pixel for every device pixel', () => {
    expect(rasterise([plane], COLOURING, view, frame, 2).width).toBe(60)
  })

  it('follow the colour of single values', () => {
    expect(colourOf(COLOURING, 100)).toEqual([100, 100, 100])
    expect(colourOf(COLOURING, 1e9)).toEqual([255, 255, 255])
    expect(colourOf(COLOURING, Number.NaN)).toEqual([128, 0, 0])
  })
})

describe('planes at lower detail', () => {
  it('are read by image position', () => {
    const tile = { pixels: Float32Array.of(1, 2, 3, 4), width: 2, height: 2, originX: 8, originY: 8, step: 4 }
    expect(valueAt(tile, 8, 8)).toBe(1)
    expect(valueAt(tile, 11.4, 8)).toBe(1)
    expect(valueAt(tile, 12, 15)).toBe(4)
    expect(valueAt(tile, 7, 8)).toBeNaN()
  })
})

describe('colour bar ticks', () => {
  it('are evenly spaced on a linear scale', () => {
    const ticks = colourBarTicks({ ...COLOURING, clip: { low: -1, high: 3 } }, 400)
    expect(ticks.map(t => t.value)).toContain(0)
    expect(ticks.length).toBeGreaterThanOrEqual(5)
  })

  it('are round and apart on a curved one', () => {
    const scaling = { ...LINEAR_SCALING, name: 'asinh', softening: 0.003 } as const
    const ticks = colourBarTicks({ ...COLOURING, clip: { low: -0.005, high: 1.35 }, scaling }, 490)
    expect(ticks.map(t => t.value)).toEqual(expect.arrayContaining([0, 0.01, 0.1, 1]))
    for (let i = 1; i < ticks.length; i++)
      expect((ticks[i].fraction - ticks[i - 1].fraction) * 490).toBeGreaterThanOrEqual(28)
  })
})
