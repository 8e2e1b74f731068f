import { expect, it } from 'vitest'
import { engineLimits } from './limit-options.ts'

it.each([
  ['4GB', 4e9],
  ['500 MB', 5e8],
  ['2GiB', 2 ** 31],
  ['1.5g', 1.5e9],
  ['300000000', 3e8],
])('reads %s of memory', (memory, memoryBytes) => {
  expect(engineLimits({ memory })).toEqual({ memoryBytes })
})

it('leaves out what is not given and refuses by name what it cannot read', () => {
  expect(engineLimits({})).toEqual({})
  expect(engineLimits({ threads: '3' })).toEqual({ threads: 3 })
  for (const threads of ['0', '2.5', 'many', '257']) {
    expect(() => engineLimits({ threads })).toThrow(`--threads between 1 and 256, got '${threads}'`)
  }
  for (const memory of ['', 'lots', '-4GB', '4XB']) expect(() => engineLimits({ memory })).toThrow('--memory')
})
