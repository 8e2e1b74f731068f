import { describe, expect, it } from 'vitest'
import type { PlaneTile } from './plane.ts'
import { levelOnScreen, levelWithin, tilesOnScreen, tilesToDraw } from './tile-plan.ts'

const GRID = { nx: 16384, ny: 16384, tileSize: 256 }

describe('tiles on screen', () => {
  it('are of the level whose pixels are device pixels', () => {
    expect([2, 1, 0.6, 0.5, 0.3, 0.25, 1 / 64].map(scale => levelOnScreen(scale, 1))).toEqual([0, 0, 0, 1, 1, 2, 6])
    expect(levelOnScreen(0.5, 2)).toBe(0)
    expect([512, 2048, 2049, 16384].map(n => levelWithin(n, 10, 2048))).toEqual([0, 0, 1, 3])
  })

  it('cover the frame and no more, the middle first', () => {
    const view = { x: 8191.5, y: 8191.5, scale: 0.5 }
    const tiles = tilesOnScreen(GRID, view, 800, 500, 1)
    // 1600 × 1000 image pixels about the middle, tiles of 512: columns 14 to 17, rows 15 and 16 (8191.5 ± 500).
    expect(new Set(tiles.map(t => t.tx))).toEqual(new Set([14, 15, 16, 17]))
    expect(new Set(tiles.map(t => t.ty))).toEqual(new Set([15, 16]))
    expect(tiles).toHaveLength(8)
    expect([15, 16]).toContain(tiles[0].tx)
  })

  it('end at the border of the image', () => {
    expect(tilesOnScreen({ nx: 300, ny: 200, tileSize: 256 }, { x: 0, y: 0, scale: 1 }, 2000, 2000, 0)).toHaveLength(2)
    expect(tilesOnScreen(GRID, { x: 16383, y: 0, scale: 64 }, 640, 640, 0)).toEqual([{ level: 0, tx: 63, ty: 0 }])
  })
})

describe('tiles to draw', () => {
  const tile = (originX: number, originY: number, side: number, step: number): PlaneTile => ({
    pixels: new Float32Array(0),
    width: side / step,
    height: side / step,
    originX,
    originY,
    step,
  })
  const whole = tile(0, 0, 1024, 16)
  const quarters = [tile(0, 0, 512, 2), tile(512, 0, 512, 2), tile(0, 512, 512, 2), tile(512, 512, 512, 2)]
  const view = { x: 600, y: 600, scale: 1 }

  it('leave out what is not on screen, and what finer ones hide', () => {
    // 160 × 160 about (600, 600) lies in the upper right quarter: 520 … 680.
    expect(tilesToDraw([whole, ...quarters], view, 160, 160)).toEqual([quarters[3]])
    expect(tilesToDraw([whole, ...quarters], view, 400, 400)).toEqual(quarters)
  })

  it('keep the coarse below as long as a fine one is missing', () => {
    expect(tilesToDraw([whole, ...quarters.slice(1)], view, 400, 400)).toEqual([whole, ...quarters.slice(1)])
    expect(tilesToDraw([whole], view, 5000, 5000)).toEqual([whole])
    expect(tilesToDraw([whole], { x: 5000, y: 0, scale: 1 }, 100, 100)).toEqual([])
  })
})
