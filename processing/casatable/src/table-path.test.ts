import { describe, expect, it } from 'vitest'
import { makeReference, normalizePath, parentPath, resolveReference } from './table-path.ts'

describe('references between tables', () => {
  it.each([
    ['././ANTENNA', '/data/obs.ms', '/data/obs.ms/ANTENNA'],
    ['./other.ms', '/data/obs.ms', '/data/other.ms'],
    ['/else/where', '/data/obs.ms', '/else/where'],
    ['././SOURCE', 'obs.ms', 'obs.ms/SOURCE'],
    ['./other.ms', 'obs.ms', 'other.ms'],
  ])('%s in %s leads to %s, and back', (reference, table, target) => {
    expect(resolveReference(reference, table)).toBe(target)
    expect(resolveReference(makeReference(target, table), table)).toBe(target)
  })

  it('are normalised', () => {
    expect(normalizePath('a//b/./c/../d/')).toBe('a/b/d')
    expect(normalizePath('../x')).toBe('../x')
    expect(parentPath('/x')).toBe('/')
    expect(parentPath('x/')).toBe('.')
  })
})
