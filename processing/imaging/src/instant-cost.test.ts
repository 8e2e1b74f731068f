import { expect, it } from 'vitest'
import { fitsInstant, isInstantWorthwhile } from './instant-cost.ts'

const situation = { nx: 2048, ny: 2048, nStokes: 1, nChannel: 1, nTerm: 1, nSample: 1e7, memoryBytes: 4e9 }

it('is worth while with many visibilities for the pixels, and more so the more there are', () => {
  expect(isInstantWorthwhile(situation)).toBe(true)
  expect(isInstantWorthwhile({ ...situation, nSample: 6000 })).toBe(false)
  expect(isInstantWorthwhile({ ...situation, nx: 512, ny: 512, nSample: 6000 })).toBe(false)
  const worth = [1e5, 1e6, 1e7, 1e8].map(nSample => isInstantWorthwhile({ ...situation, nSample }))
  expect(worth).toEqual([...worth].sort())
})

it('needs memory for the spectra of all channels and Taylor terms beside the samples', () => {
  expect(fitsInstant(situation)).toBe(true)
  expect(fitsInstant({ ...situation, memoryBytes: 8e8 })).toBe(false)
  expect(fitsInstant({ ...situation, nSample: 2e8 })).toBe(false)
  expect(fitsInstant({ ...situation, nChannel: 64 })).toBe(false)
  expect(fitsInstant({ ...situation, nx: 256, ny: 256, nChannel: 64, nTerm: 1 })).toBe(true)
})
