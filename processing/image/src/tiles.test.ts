import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TILE_SIZE, tileLevels, tilePlane } from './tiles.ts'

/** The definition, pixel by pixel. */
function reference(
  plane: Float32Array,
  nx: number,
  ny: number,
  level: number,
  x: number,
  y: number,
  reduce: 'mean' | 'max',
): number {
  const block = 2 ** level
  const values: number[] = []
  for (let j = y * block; j < Math.min(ny, (y + 1) * block); j++)
    for (let i = x * block; i < Math.min(nx, (x + 1) * block); i++)
      if (Number.isFinite(plane[i + nx * j])) values.push(plane[i + nx * j])
  if (values.length === 0) return Number.NaN
  return reduce === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / values.length
}

describe('tiles', () => {
  it('are the mean or maximum of the finite pixels of their block', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom<'mean' | 'max'>('mean', 'max'),
        fc.integer(),
        (nx, ny, level, reduce, seed) => {
          const plane = Float32Array.from({ length: nx * ny }, (_, i) => {
            const value = Math.sin(seed + 12.9898 * i) * 43758.5453
            return value - Math.floor(value) < 0.3 ? Number.NaN : 1 + value - Math.floor(value)
          })
          const tile = tilePlane(plane, nx, ny, level, 0, 0, reduce)
          expect([tile.width, tile.height]).toEqual([Math.ceil(nx / 2 ** level), Math.ceil(ny / 2 ** level)])
          const wrong: string[] = []
          for (let y = 0; y < tile.height; y++) {
            for (let x = 0; x < tile.width; x++) {
              const expected = Math.fround(reference(plane, nx, ny, level, x, y, reduce))
              const got = tile.pixels[x + tile.width * y]
              const tolerance = reduce === 'max' ? 0 : 1e-6 * Math.abs(expected)
              const isEqual = Number.isNaN(expected) ? Number.isNaN(got) : Math.abs(got - expected) <= tolerance
              if (!isEqual) wrong.push(`(${x}, ${y}) is ${got}, expected ${expected}`)
            }
          }
          expect(wrong).toEqual([])
        },
      ),
      { seed: 7, numRuns: 60 },
    )
  })

  it('cover the plane once at level 0 and end in one tile', () => {
    const [nx, ny] = [600, 300]
    const plane = Float32Array.from({ length: nx * ny }, (_, i) => i)
    let n = 0
    for (let ty = 0; ty * TILE_SIZE < ny; ty++) {
      for (let tx = 0; tx * TILE_SIZE < nx; tx++) {
        const tile = tilePlane(plane, nx, ny, 0, tx, ty)
        expect(tile.pixels[0]).toBe(tx * TILE_SIZE + nx * ty * TILE_SIZE)
        n += tile.pixels.length
      }
    }
    expect(n).toBe(nx * ny)
    expect(tileLevels(nx, ny)).toBe(3)
    expect(tileLevels(256, 256)).toBe(1)
    expect(tilePlane(plane, nx, ny, 2, 0, 0).width).toBe(150)
  })

  it('refuses a tile outside the plane', () => {
    expect(() => tilePlane(new Float32Array(100), 10, 10, 0, 1, 0)).toThrow(/expected a tile inside 10×10/)
    expect(() => tilePlane(new Float32Array(99), 10, 10, 0, 0, 0)).toThrow(/expected a plane of 10×10/)
  })
})
