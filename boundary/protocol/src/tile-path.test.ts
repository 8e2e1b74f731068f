import { expect, it } from 'vitest'
import { parseTilePath, tilePath } from './tile-path.ts'

const tile = { field: 1, suffix: '.image.tt0', generation: 12, channel: 3, stokes: 2, level: 4, tx: 5, ty: 6 }

it('tile paths are read back, awkward names included', () => {
  for (const sessionId of ['abc', 'a/b c?#%']) {
    expect(parseTilePath(tilePath(sessionId, tile))).toEqual({ sessionId, tile })
  }
  expect(tilePath('abc', tile)).toBe('tile/abc/1/.image.tt0/12/3/2/4/5/6')
})

it.each([
  'tile/abc',
  'tile/a/1/.psf/1/2/3/4/5/x',
  'tile/a/1/.psf/1/2/3/4/5/6/7',
  'tile/a/-1/.psf/1/2/3/4/5/6',
  'other/a/1/.psf/1/2/3/4/5/6',
])('refuses %s', path => {
  expect(() => parseTilePath(path)).toThrow('(tile address)')
})
