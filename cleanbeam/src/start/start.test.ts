import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ConfinedFolder } from './confined-folder.ts'
import { estimateRun } from './estimate.ts'
import { proposeImage } from './image-proposal.ts'
import { recentSessions } from './recent-sessions.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cleanbeam-start-'))
})

describe('the folder the start page may look into', () => {
  it('knows data from other files, folders first', async () => {
    await mkdir(join(root, 'obs.ms', 'ANTENNA'), { recursive: true })
    await mkdir(join(root, 'obs.ms', 'SPECTRAL_WINDOW'))
    await writeFile(join(root, 'obs.ms', 'table.dat'), '')
    await mkdir(join(root, 'night2'))
    await mkdir(join(root, '.hidden'))
    await writeFile(join(root, 'm87.uvfits'), 'x')
    await writeFile(join(root, 'notes.txt'), 'x')
    const { entries } = await new ConfinedFolder(root).list('')
    const seen = (entries as { name: string; kind: string }[]).map(({ name, kind }) => `${name} ${kind}`)
    expect(seen).toEqual(['night2 folder', 'm87.uvfits UVFITS', 'notes.txt file', 'obs.ms MeasurementSet'])
  })

  it('lets nobody out, neither by dots nor by links', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'cleanbeam-outside-'))
    await symlink(outside, join(root, 'way-out'))
    const folder = new ConfinedFolder(root)
    for (const path of ['..', '../..', 'way-out', '/etc', 'missing']) {
      await expect(folder.resolve(path), path).rejects.toThrow(/expected something below/)
    }
    expect(await folder.resolve('')).toBe(await folder.resolve('.'))
  })
})

describe('the grid proposed', () => {
  const VLA_C = { longestBaselineMetres: 3400, dishDiameterMetres: 25, lowestHz: 1.0e9, highestHz: 2.0e9 }

  it('resolves the longest baseline and covers the primary beam', () => {
    const { cellArcsec, imsize, resolutionArcsec, primaryBeamArcsec } = proposeImage(VLA_C)
    // λ = 0.149896 m over 3400 m; 1.02 · 0.299792 m over 25 m.
    expect(resolutionArcsec).toBeCloseTo(9.0937, 3)
    expect(primaryBeamArcsec).toBeCloseTo(2522.9, 0)
    expect(cellArcsec).toBe(1.5)
    expect(imsize * cellArcsec).toBeGreaterThan(1.29 * primaryBeamArcsec)
    expect(
      [2, 3, 5].reduce((n, p) => {
        let rest = n
        while (rest % p === 0) rest /= p
        return rest
      }, imsize),
    ).toBe(1)
  })

  it('begins small where the primary beam is huge or not known', () => {
    expect(proposeImage({ ...VLA_C, longestBaselineMetres: 8e6 }).imsize).toBe(512)
    expect(proposeImage({ ...VLA_C, dishDiameterMetres: 0 })).toMatchObject({ imsize: 512, primaryBeamArcsec: 0 })
  })
})

it('estimates more for more', () => {
  const small = {
    nRow: 1e4,
    nDataChannel: 64,
    nCorrelation: 2,
    imsize: [512, 512],
    nImageChannel: 1,
    nStokes: 1,
    nterms: 1,
  } as const
  const large = { ...small, nRow: 1e6, imsize: [4096, 4096] } as const
  expect(estimateRun(large).memoryBytes).toBeGreaterThan(10 * estimateRun(small).memoryBytes)
  expect(estimateRun(large).cycleSeconds).toBeGreaterThan(50 * estimateRun(small).cycleSeconds)
  expect(estimateRun(small).firstImageSeconds).toBeGreaterThan(estimateRun(small).cycleSeconds)
})

it('finds sessions, the last used first, and passes over what is not one', async () => {
  const saved = (iterations: number) =>
    JSON.stringify({ given: { vis: 'a.ms' }, record: { niterdone: iterations, nmajordone: 2 }, restored: false })
  await mkdir(join(root, 'deep', 'one.cleanbeam'), { recursive: true })
  await mkdir(join(root, 'broken.cleanbeam'))
  await writeFile(join(root, 'deep', 'one.cleanbeam', 'session.json'), saved(7))
  await writeFile(join(root, 'broken.cleanbeam', 'session.json'), '{')
  expect(await recentSessions(root)).toMatchObject([{ name: 'deep/one', iterations: 7, cycles: 2 }])
})
