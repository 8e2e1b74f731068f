import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WritableSource } from './cached-source.ts'
import { MemoryStorage } from './memory-storage.ts'
import { tileLayout } from './tiled-layout.ts'
import { type Box, TiledReader, tilesPerAxis } from './tiled-reader.ts'
import { TiledWriter } from './tiled-writer.ts'
import { allocateNumeric, type NumericArray, type NumericType, numericLayout } from './value-type.ts'

const TYPES: NumericType[] = ['bool', 'uint8', 'int16', 'float32', 'float64', 'complex64', 'complex128', 'int64']

/** A cube with other columns in its tiles, and a box in it. */
const cases = fc
  .record({
    axes: fc.array(
      fc.record({
        length: fc.integer({ min: 1, max: 9 }),
        tile: fc.integer({ min: 1, max: 11 }),
        cut: fc.nat(),
        step: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    whole: fc.boolean(),
    type: fc.constantFrom(...TYPES),
    others: fc.array(fc.constantFrom(...TYPES), { maxLength: 2 }),
    littleEndian: fc.boolean(),
  })
  .map(({ axes, whole, type, others, littleEndian }) => {
    const start = axes.map(axis => (whole ? 0 : axis.cut % axis.length))
    const step = axes.map(axis => (whole ? 1 : axis.step))
    const room = axes.map((axis, i) => Math.ceil((axis.length - start[i]) / step[i]))
    const count = axes.map((axis, i) => (whole ? axis.length : 1 + ((axis.cut >>> 8) % room[i])))
    const types = [...others, type]
    const tileShape = axes.map(axis => axis.tile)
    const box: Box = { start, count, step }
    return {
      cubeShape: axes.map(axis => axis.length),
      tileShape,
      box,
      type,
      littleEndian,
      column: others.length,
      layout: tileLayout(tileShape, types),
    }
  })

function fill(type: NumericType, n: number): NumericArray {
  const data = allocateNumeric(type, n)
  for (let i = 0; i < data.length; i++) {
    const value = type === 'bool' ? (i * 7 + (i >> 2)) & 1 : (i * 37) % 120
    if (data instanceof BigInt64Array) data[i] = BigInt(value)
    else data[i] = value
  }
  return data
}

/** The box element by element: what reading means. */
function pick(cube: NumericArray, shape: readonly number[], box: Box, type: NumericType): number[] {
  const { components } = numericLayout(type)
  const picked: number[] = []
  const total = box.count.reduce((a, b) => a * b, 1)
  for (let i = 0; i < total; i++) {
    let rest = i
    let position = 0
    let stride = 1
    for (const [axis, length] of shape.entries()) {
      position += (box.start[axis] + (rest % box.count[axis]) * box.step[axis]) * stride
      rest = Math.floor(rest / box.count[axis])
      stride *= length
    }
    for (let part = 0; part < components; part++) picked.push(Number(cube[position * components + part]))
  }
  return picked
}

describe('boxes of tiled cubes', () => {
  it('are read as if the cube were one array', () => {
    fc.assert(
      fc.property(cases, ({ cubeShape, box, type, ...rest }) => {
        const n = cubeShape.reduce((a, b) => a * b, 1)
        const nTile = tilesPerAxis({ cubeShape, tileShape: rest.tileShape }).reduce((a, b) => a * b, 1)
        const store = new WritableSource(new MemoryStorage().create('tiles'))
        store.extend(16 + nTile * rest.layout.bytesPerTile)
        const part = { source: store, type, cubeShape, fileOffset: 16, ...rest }
        const cube = fill(type, n)
        const all = { start: cubeShape.map(() => 0), count: cubeShape, step: cubeShape.map(() => 1) }
        new TiledWriter().write(part, store, all, cube, 0)
        const nBox = box.count.reduce((a, b) => a * b, 1)
        const target = allocateNumeric(type, nBox + 3)
        new TiledReader().read(part, box, target, 2)
        const { components } = numericLayout(type)
        expect(Array.from(target as Float64Array, Number)).toEqual([
          ...new Array(2 * components).fill(0),
          ...pick(cube, cubeShape, box, type),
          ...new Array(components).fill(0),
        ])
      }),
      { numRuns: 400, seed: 11 },
    )
  })

  it('are written without touching anything else', () => {
    fc.assert(
      fc.property(cases, ({ cubeShape, box, type, ...rest }) => {
        const nTile = tilesPerAxis({ cubeShape, tileShape: rest.tileShape }).reduce((a, b) => a * b, 1)
        const store = new WritableSource(new MemoryStorage().create('tiles'))
        store.extend(nTile * rest.layout.bytesPerTile)
        const part = { source: store, type, cubeShape, fileOffset: 0, ...rest }
        const nBox = box.count.reduce((a, b) => a * b, 1)
        const values = allocateNumeric(type, nBox)
        if (values instanceof BigInt64Array) values.fill(1n)
        else values.fill(1)
        new TiledWriter().write(part, store, box, values, 0)
        const n = cubeShape.reduce((a, b) => a * b, 1)
        const cube = allocateNumeric(type, n)
        const all = { start: cubeShape.map(() => 0), count: cubeShape, step: cubeShape.map(() => 1) }
        new TiledReader().read(part, all, cube, 0)
        expect(pick(cube, cubeShape, box, type).every(value => value === 1)).toBe(true)
        const sum = Array.from(cube as Float64Array, Number).reduce((a, b) => a + b, 0)
        expect(sum).toBe(nBox * numericLayout(type).components)
      }),
      { numRuns: 200, seed: 12 },
    )
  })
})
