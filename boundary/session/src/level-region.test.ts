import { expect, it } from 'vitest'
import { connectedAbove, pixelsAbove } from './level-region.ts'
import { planeValue, setPositions } from './spectrum.ts'

// Two sources that touch at a corner only, and a blank.
const PLANE = Float32Array.of(5, 5, 0, 0, 5, 0, 0, 3, 0, 3, 3, 0, 0, 0, Number.NaN, 9)

it('finds pixels above a level, blanks never', () => {
  expect(setPositions(pixelsAbove(PLANE, 3))).toEqual(Uint32Array.of(0, 1, 4, 7, 9, 10, 15))
  expect(setPositions(pixelsAbove(PLANE, 4))).toEqual(Uint32Array.of(0, 1, 4, 15))
})

it('fills from a seed over edges, not over corners', () => {
  expect(setPositions(connectedAbove(PLANE, 4, 4, 3, [0.3, 0.4]))).toEqual(Uint32Array.of(0, 1, 4))
  expect(setPositions(connectedAbove(PLANE, 4, 4, 3, [2, 2]))).toEqual(Uint32Array.of(9, 10))
  expect(setPositions(connectedAbove(PLANE, 4, 4, 3, [3, 1]))).toEqual(Uint32Array.of(7))
})

it('covers nothing from a seed below the level or outside', () => {
  expect(connectedAbove(PLANE, 4, 4, 3, [3, 0]).includes(1)).toBe(false)
  expect(connectedAbove(PLANE, 4, 4, 3, [-1, 9]).includes(1)).toBe(false)
})

it('makes one value of the pixels of a region', () => {
  const inside = Uint32Array.of(0, 4, 14, 15)
  expect(planeValue(PLANE, inside, 'mean')).toEqual({ value: 19 / 3, nPixel: 3 })
  expect(planeValue(PLANE, inside, 'maximum').value).toBe(9)
  expect(planeValue(PLANE, inside, 'rms').value).toBeCloseTo(Math.sqrt((25 + 25 + 81) / 3), 12)
  expect(planeValue(PLANE, null, 'sum').value).toBe(33)
  expect(planeValue(PLANE, new Uint32Array(0), 'sum')).toEqual({ value: Number.NaN, nPixel: 0 })
})
