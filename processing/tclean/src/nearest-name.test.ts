import { expect, it } from 'vitest'
import { nearestName } from './nearest-name.ts'

it.each([
  ['gian', 'gain'],
  ['cyclenitre', 'cycleniter'],
  ['Niter', 'niter'],
  ['thresold', 'threshold'],
  ['xyz', null],
  ['', null],
])('%s is nearest to %s', (name, expected) => {
  expect(nearestName(name, ['gain', 'niter', 'cycleniter', 'threshold'])).toBe(expected)
})
