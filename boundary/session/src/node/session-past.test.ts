import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSession, memoryTransportPair } from '@cleanbeam/channel'
import { readImage } from '@cleanbeam/image/node'
import { decodeRuns, type RegionData, type SessionClient } from '@cleanbeam/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionHost } from '../session-host.ts'
import { openSession } from './open-session.ts'

const UVFITS = join(import.meta.dirname, '../../../../examples/m87/m87.uvfits')
const SIZE = 64
const CORE: RegionData = { shape: 'circle', centre: [32, 32], radius: 6 }

let folder: string
let imagename: string
let host: SessionHost
let client: SessionClient

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cleanbeam-session-'))
  imagename = join(folder, 'm87')
  await copyFile(UVFITS, join(folder, 'm87.uvfits'))
  const parameters = { vis: join(folder, 'm87.uvfits'), imagename, imsize: SIZE, cell: '0.4marcsec', niter: 90 }
  host = await openSession({ parameters: { ...parameters, cycleniter: 10 }, firstStep: false })
  client = connectSession({
    async connect() {
      const [near, far] = memoryTransportPair()
      host.accept(far)
      return near
    },
    limits: { heartbeatMs: 0 },
  })
  await client.call('gclean.next', {})
})

afterEach(async () => {
  client.close()
  await host.close('test over')
  await rm(folder, { recursive: true, force: true })
})

const product = async (suffix: string) => (await readImage(`${imagename}${suffix}.fits`)).pixels
const maskPixels = async () => decodeRuns((await client.call('mask.get', {})).runs, SIZE * SIZE)
const count = (pixels: ArrayLike<number>) => Array.from(pixels).filter(value => value !== 0).length

describe('the past of a session', () => {
  it('goes back to an earlier major cycle bit by bit, and cleaning goes on from there the same way', async () => {
    await client.call('mask.edit', { op: 'add', region: CORE })
    const records = []
    const residuals: Float32Array[] = [await product('.residual')]
    for (let i = 0; i < 3; i++) {
      records.push((await client.call('gclean.next', {})).record!)
      residuals.push(await product('.residual'))
    }
    expect((await client.call('session.snapshot', {})).rewind?.cycles).toEqual([0, 1, 2, 3])
    const back = await client.call('gclean.rewind', { cycle: 1 })
    expect(back.record).toEqual(records[0])
    expect(await product('.residual')).toEqual(residuals[1])
    const { rewind, parameters } = await client.call('session.snapshot', {})
    expect(rewind?.cycles).toEqual([0, 1])
    expect(parameters.niter).toBe(records[0].niterleft)
    const again = await client.call('gclean.next', {})
    expect(again.record).toEqual(records[1])
    expect(await product('.residual')).toEqual(residuals[2])
  })

  it('goes back to the dirty image, which has no model', async () => {
    await client.call('mask.edit', { op: 'add', region: CORE })
    const dirty = await product('.residual')
    await client.call('gclean.next', {})
    await client.call('gclean.rewind', { cycle: 0 })
    expect(await product('.residual')).toEqual(dirty)
    expect(count(await product('.model'))).toBe(0)
    await expect(client.call('gclean.rewind', { cycle: 7 })).rejects.toThrow(/state is kept \(0\), got 7/)
  })

  it('keeps no more than it may', async () => {
    await client.call('mask.edit', { op: 'add', region: CORE })
    for (let i = 0; i < 3; i++) await client.call('gclean.next', {})
    const { usedBytes } = (await client.call('session.snapshot', {})).rewind!
    await client.call('gclean.keep', { limitBytes: usedBytes / 2 })
    const after = (await client.call('session.snapshot', {})).rewind!
    expect(after.usedBytes).toBeLessThanOrEqual(usedBytes / 2)
    expect(after.cycles).toEqual([0, 3])
    expect((await readdir(`${imagename}.cleanbeam/cycles`)).sort()).toEqual(['0', '3'])
  })
})

describe('masks that are more than a shape', () => {
  it('follow a level from a seed, grow and shrink', async () => {
    const residual = await product('.residual')
    const peak = residual.reduce((a, b) => Math.max(a, b), 0)
    const at = residual.indexOf(peak)
    const seed: [number, number] = [at % SIZE, Math.floor(at / SIZE)]
    await client.call('mask.edit', {
      op: 'set',
      region: { shape: 'level', suffix: '.residual', value: 0.5 * peak, seed },
    })
    const mask = await maskPixels()
    expect(mask[at]).toBe(1)
    expect(mask.every((v, i) => v === 0 || residual[i] >= 0.5 * peak)).toBe(true)
    const n = count(mask)
    await client.call('mask.edit', { op: 'grow', radiusPixels: 2 })
    expect(count(await maskPixels())).toBeGreaterThan(n + 10)
    await client.call('mask.edit', { op: 'shrink', radiusPixels: 2 })
    const closed = await maskPixels()
    expect(mask.every((v, i) => v === 0 || closed[i] === 1)).toBe(true)
    await client.call('mask.undo', {})
    await client.call('mask.undo', {})
    expect(await maskPixels()).toEqual(mask)
  })

  it('come from files of the folder and go into them', async () => {
    await writeFile(join(folder, 'core.crtf'), '#CRTFv0\ncircle[[32pix, 32pix], 6pix]\n')
    await client.call('mask.edit', { op: 'add', region: { shape: 'file', path: 'core.crtf' } })
    const drawn = await maskPixels()
    expect(count(drawn)).toBe(113)
    const { path } = await client.call('mask.save', { path: 'kept-mask.fits' })
    expect((await readImage(path)).pixels).toEqual(Float32Array.from(drawn))
    await client.call('mask.edit', { op: 'clear' })
    await client.call('mask.edit', { op: 'add', region: { shape: 'file', path: 'kept-mask.fits' } })
    expect(await maskPixels()).toEqual(drawn)
    await expect(client.call('mask.save', { path: '../out.fits' })).rejects.toThrow(/within the folder/)
    await expect(client.call('mask.save', { path: 'kept-mask.fits' })).rejects.toThrow(/one that exists/)
  })
})

describe('spectra', () => {
  it('have the value of the pixel asked for, and of the mask', async () => {
    const residual = await product('.residual')
    const box: RegionData = {
      shape: 'box',
      corners: [
        [30, 31],
        [30, 31],
      ],
    }
    const { spectra } = await client.call('spectrum.get', { suffixes: ['.residual', '.pb'], region: box })
    expect([...spectra[0].values]).toEqual([residual[30 + SIZE * 31]])
    expect(spectra.map(({ suffix, nPixel }) => [suffix, nPixel])).toEqual([
      ['.residual', [1]],
      ['.pb', [1]],
    ])
    await client.call('mask.edit', { op: 'add', region: CORE })
    const inMask = await client.call('spectrum.get', { suffixes: ['.residual'], within: 'mask', statistic: 'maximum' })
    expect(inMask.spectra[0].nPixel).toEqual([113])
    const cube = await client.call('cube.histogram', { suffix: '.residual', percentiles: [0, 100] })
    expect(cube.nPixel).toBe(SIZE * SIZE)
    expect(cube.percentiles[1]).toBeCloseTo(
      residual.reduce((a, b) => Math.max(a, b)),
      6,
    )
  })
})
