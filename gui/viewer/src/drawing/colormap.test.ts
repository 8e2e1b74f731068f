import { describe, expect, it } from 'vitest'
import { COLORMAP_NAMES, COLOUR_TABLE_LENGTH, colourTable, isColormapName } from './colormap.ts'

const entry = (name: (typeof COLORMAP_NAMES)[number], i: number) => [...colourTable(name).subarray(4 * i, 4 * i + 3)]

describe('colour tables', () => {
  // Published 256-entry tables (matplotlib's _cm_listed, CC0), rounded to bytes.
  it.each([
    ['inferno', 0, [0, 0, 4]],
    ['inferno', 128, [188, 55, 84]],
    ['inferno', 255, [252, 255, 164]],
    ['viridis', 0, [68, 1, 84]],
    ['viridis', 128, [33, 145, 140]],
    ['viridis', 255, [253, 231, 37]],
    ['magma', 128, [183, 55, 121]],
    ['plasma', 128, [204, 71, 120]],
    ['cividis', 255, [254, 232, 56]],
  ] as const)('%s entry %i is that of the published table within 3', (name, i, published) => {
    const worst = Math.max(...entry(name, i).map((v, c) => Math.abs(v - published[c])))
    expect(worst).toBeLessThanOrEqual(3)
  })

  it('follows the formula of cubehelix', () => {
    // Green (2011): black and white at the ends, and a grey mean of the deviations in between.
    expect(entry('cubehelix', 0)).toEqual([0, 0, 0])
    expect(entry('cubehelix', 255)).toEqual([255, 255, 255])
  })

  it('gives coolwarm its published ends and middle', () => {
    const within = (a: number[], b: number[], tolerance: number) =>
      expect(Math.max(...a.map((v, c) => Math.abs(v - b[c])))).toBeLessThanOrEqual(tolerance)
    within(entry('coolwarm', 0), [59, 76, 192], 3)
    within(entry('coolwarm', 255), [180, 4, 38], 3)
    within(entry('coolwarm', 128), [221, 221, 221], 3)
  })

  it('is inverted end for end', () => {
    const [plain, inverted] = [colourTable('magma'), colourTable('magma', true)]
    for (let i = 0; i < COLOUR_TABLE_LENGTH; i++) {
      const j = COLOUR_TABLE_LENGTH - 1 - i
      expect([...inverted.subarray(4 * i, 4 * i + 4)]).toEqual([...plain.subarray(4 * j, 4 * j + 4)])
    }
  })

  it('grows brighter from end to end in the perceptual maps', () => {
    for (const name of ['inferno', 'viridis', 'magma', 'plasma', 'cividis', 'gray', 'cubehelix'] as const) {
      const table = colourTable(name)
      const luminance = (i: number) => 0.2126 * table[4 * i] + 0.7152 * table[4 * i + 1] + 0.0722 * table[4 * i + 2]
      for (let i = 16; i < COLOUR_TABLE_LENGTH; i += 16) expect(luminance(i)).toBeGreaterThan(luminance(i - 16))
    }
  })

  it('knows its names', () => {
    expect(COLORMAP_NAMES.every(isColormapName)).toBe(true)
    expect(isColormapName('jet')).toBe(false)
  })
})
