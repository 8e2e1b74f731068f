import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectSession, memoryTransportPair } from '@cleanbeam/channel'
import { readImage, writeImage } from '@cleanbeam/image/node'
import { decodeRuns, type LogLine, type MaskChange, type RegionData, type SessionClient } from '@cleanbeam/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionHost } from '../session-host.ts'
import { openSession } from './open-session.ts'

const UVFITS = join(import.meta.dirname, '../../../../examples/m87/m87.uvfits')
const SIZE = 64
const CORE: RegionData = {
  shape: 'box',
  corners: [
    [26, 26],
    [38, 38],
  ],
}
const CORE_PIXELS = 13 * 13

let folder: string
let imagename: string
let host: SessionHost
let client: SessionClient

const open = (changes: object = {}) =>
  openSession({
    parameters: {
      vis: join(folder, 'm87.uvfits'),
      imagename,
      imsize: SIZE,
      cell: '0.4marcsec',
      weighting: 'briggs',
      niter: 60,
      cycleniter: 10,
      threshold: '1mJy',
      ...changes,
    },
    firstStep: false,
  })

function newClient(): SessionClient {
  return connectSession({
    async connect() {
      const [near, far] = memoryTransportPair()
      host.accept(far)
      return near
    },
    limits: { heartbeatMs: 0 },
  })
}

async function maskSum(): Promise<number> {
  const { runs } = await client.call('mask.get', {})
  return decodeRuns(runs, SIZE * SIZE).reduce((sum, bit) => sum + bit, 0)
}

const diskMaskSum = async () => (await readImage(`${imagename}.mask.fits`)).pixels.reduce((sum, bit) => sum + bit, 0)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cleanbeam-session-'))
  imagename = join(folder, 'm87')
  await copyFile(UVFITS, join(folder, 'm87.uvfits'))
  host = await open()
  client = newClient()
})
afterEach(async () => {
  client.close()
  await host.close('test over')
})

describe('a session', () => {
  it('goes from dirty image over mask, steps and run to the restored image', async () => {
    const names: string[] = []
    const records: number[] = []
    client.on('phase', ({ name }) => names.push(name))
    client.on('record', ({ niterdone }) => records.push(niterdone))
    const first = await client.call('gclean.next', {})
    expect(first).toMatchObject({ done: false, record: { stopcode: 0, niterdone: 0 } })
    const withoutMask = await client.call('gclean.next', {})
    expect(withoutMask).toMatchObject({ done: true, record: { stopcode: 7 } })
    await client.call('mask.edit', { op: 'add', region: CORE })
    const step = await client.call('gclean.next', {})
    expect(step.record?.niterdone).toBeGreaterThan(0)
    const run = await client.call('gclean.run', {})
    expect(run).toMatchObject({ done: true, record: { stopcode: 1, niterdone: 60, niterleft: 0 } })
    const images = await client.call('gclean.restore', {})
    expect((await stat(images.image)).size).toBeGreaterThan(SIZE * SIZE * 4)
    expect([...new Set(names)]).toEqual(['stepping', 'idle', 'running', 'restoring'])
    expect(names.at(-1)).toBe('idle')
    expect(records).toEqual([...records].sort((a, b) => a - b))
    const { phase, record } = await client.call('session.snapshot', {})
    expect(phase).toMatchObject({ name: 'idle', converged: true, restored: true, error: null })
    expect(record).toEqual(run.record)
  })

  it('tells a page that comes later everything, and both pages the same from then on', async () => {
    const events: Record<string, unknown[]> = { early: [], late: [] }
    const log: LogLine[] = []
    client.on('log', line => log.push(line))
    await client.call('gclean.next', {})
    const late = newClient()
    const snapshot = await late.call('session.snapshot', {})
    expect(snapshot.log).toEqual(log)
    expect(snapshot.products.map(({ suffix }) => suffix)).toEqual(
      expect.arrayContaining(['.residual', '.psf', '.mask', '.model', '.pb']),
    )
    expect(snapshot.products.find(({ suffix }) => suffix === '.residual')).toMatchObject({
      generation: 1,
      shape: [SIZE, SIZE, 1, 1],
      unit: 'Jy/beam',
    })
    expect(snapshot.updatable.map(({ name }) => name)).toContain('cyclethreshold')
    for (const [name, one] of Object.entries({ early: client, late })) {
      one.on('product', value => events[name].push(value))
      one.on('record', value => events[name].push(value))
      one.on('mask', value => events[name].push(value))
    }
    await late.call('mask.edit', { op: 'add', region: CORE })
    await late.call('gclean.next', {})
    await client.call('session.identity', {})
    expect(events.early.length).toBeGreaterThan(3)
    expect(events.early).toEqual(events.late)
    late.close()
  })

  it('loses nothing when the page is loaded again in the middle of a run', async () => {
    await client.call('gclean.next', {})
    await client.call('mask.edit', { op: 'add', region: CORE })
    const done = new Promise<void>(resolve => client.on('record', () => resolve()))
    client.call('gclean.run', {}).catch(() => {})
    await done
    client.close()
    client = newClient()
    const records: unknown[] = []
    const ended = new Promise<void>(resolve => client.on('phase', ({ name }) => name === 'idle' && resolve()))
    client.on('record', record => records.push(record))
    const snapshot = await client.call('session.snapshot', {})
    expect(snapshot.phase.name).toBe('running')
    await ended
    const after = await client.call('session.snapshot', {})
    expect(after.record?.niterdone).toBe(60)
    expect(records.at(-1)).toEqual(after.record)
  })

  it('does one thing at a time, by name', async () => {
    await client.call('gclean.next', {})
    await client.call('mask.edit', { op: 'add', region: CORE })
    const run = client.call('gclean.run', {})
    await expect(client.call('gclean.next', {})).rejects.toMatchObject({
      tag: 'SessionError',
      message: 'expected an idle session, got one that is running',
    })
    await run
  })

  it('stops after the current major cycle and can go on', async () => {
    await client.call('gclean.next', {})
    await client.call('mask.edit', { op: 'add', region: CORE })
    const run = client.call('gclean.run', {})
    await client.call('gclean.stop', {})
    const stopped = await run
    expect(stopped).toMatchObject({ done: false, record: { stopcode: 0 } })
    expect(stopped.record?.niterdone).toBeLessThan(60)
    expect(await client.call('gclean.run', {})).toMatchObject({ done: true, record: { niterdone: 60 } })
  })

  it('aborts at once, keeps the last complete state and can go on', async () => {
    await client.call('gclean.next', {})
    await client.call('mask.edit', { op: 'add', region: CORE })
    const before = await client.call('session.snapshot', {})
    const step = client.call('gclean.next', {})
    const aborted = expect(step).rejects.toMatchObject({ tag: 'SessionError' })
    await client.call('gclean.abort', {})
    await aborted
    const after = await client.call('session.snapshot', {})
    expect(after.phase).toMatchObject({ name: 'idle', error: null })
    expect(after.record).toEqual(before.record)
    expect((await client.call('gclean.next', {})).record?.niterdone).toBe(10)
  })

  it('changes parameters between steps and refuses what gclean refuses', async () => {
    await client.call('gclean.next', {})
    const parameters = new Promise(resolve => client.on('parameters', ({ updatable }) => resolve(updatable)))
    expect(await client.call('gclean.update', { parameters: { niter: 25, gain: 0.2 } })).toEqual([0, ''])
    expect(await parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'niter', value: 25, kind: 'integer' }),
        expect.objectContaining({ name: 'gain', value: 0.2 }),
      ]),
    )
    const [code, message] = await client.call('gclean.update', { parameters: { niter: -5 } })
    expect(code).toBe(-1)
    expect(message).toMatch('niter')
    const { parameters: kept } = await client.call('session.snapshot', {})
    expect(kept.niter).toBe(25)
  })

  it('reports a step that fails in its phase, its log and its answer, and stays usable', async () => {
    await host.close('replaced')
    host = await open({ vis: join(folder, 'none.uvfits') })
    client = newClient()
    await expect(client.call('gclean.next', {})).rejects.toThrow('none.uvfits')
    const { phase, log } = await client.call('session.snapshot', {})
    expect(phase.name).toBe('idle')
    expect(phase.error?.message).toMatch('none.uvfits')
    expect(log.at(-1)).toMatchObject({ level: 'error' })
  })

  it('finishes: stops, restores, hands over the result, and refuses to go on', async () => {
    await client.call('gclean.next', {})
    await client.call('mask.edit', { op: 'add', region: CORE })
    client.call('gclean.run', {}).catch(() => {})
    const answer = await client.call('session.finish', {})
    expect(answer.images.image).toBe(`${imagename}.image.fits`)
    expect(answer.returndict?.stopcode).toBeDefined()
    expect(await host.finished).toEqual(answer)
    await expect(client.call('gclean.next', {})).rejects.toThrow('got one that is finished')
  })

  it('does not restore again what is restored already when it finishes', async () => {
    await client.call('gclean.next', {})
    const images = await client.call('gclean.restore', {})
    const before = (await client.call('gclean.cmds', { history: true })).length
    const answer = await client.call('session.finish', {})
    expect(answer.images).toEqual(images)
    expect(await client.call('gclean.cmds', { history: true })).toHaveLength(before)
  })
})

describe('the mask of a session', () => {
  beforeEach(async () => {
    await client.call('gclean.next', {})
  })

  it('is drawn, erased, inverted, cleared, undone and redone', async () => {
    const inner: RegionData = { shape: 'circle', centre: [32, 32], radius: 2 }
    expect(await client.call('mask.edit', { op: 'add', region: CORE })).toMatchObject({ nPixel: CORE_PIXELS })
    expect(await client.call('mask.edit', { op: 'erase', region: inner })).toMatchObject({ nPixel: CORE_PIXELS - 13 })
    expect(await client.call('mask.edit', { op: 'invert' })).toMatchObject({ nPixel: SIZE * SIZE - CORE_PIXELS + 13 })
    expect(await client.call('mask.edit', { op: 'set', region: inner })).toMatchObject({ nPixel: 13 })
    expect(await client.call('mask.edit', { op: 'clear' })).toMatchObject({ nPixel: 0 })
    for (const nPixel of [13, SIZE * SIZE - CORE_PIXELS + 13, CORE_PIXELS - 13, CORE_PIXELS, 0]) {
      expect(await client.call('mask.undo', {})).toMatchObject({ nPixel })
    }
    expect(await client.call('mask.undo', {})).toMatchObject({ nPixel: 0, canUndo: false, canRedo: true })
    expect(await client.call('mask.redo', {})).toMatchObject({ nPixel: CORE_PIXELS })
    expect(await maskSum()).toBe(CORE_PIXELS)
  })

  it('takes ellipses along x and y, polygons and CASA region text', async () => {
    const area = async (region: RegionData) => {
      await client.call('mask.edit', { op: 'set', region })
      const { runs } = await client.call('mask.get', {})
      const bits = decodeRuns(runs, SIZE * SIZE)
      const on = [...bits.keys()].filter(i => bits[i] === 1)
      const xs = on.map(i => i % SIZE)
      const ys = on.map(i => Math.floor(i / SIZE))
      return [Math.max(...xs) - Math.min(...xs) + 1, Math.max(...ys) - Math.min(...ys) + 1]
    }
    const ellipse = (angleRad: number): RegionData => ({
      shape: 'ellipse',
      centre: [32, 32],
      semiAxes: [10, 3],
      angleRad,
    })
    expect(await area(ellipse(0))).toEqual([21, 7])
    expect(await area(ellipse(Math.PI / 2))).toEqual([7, 21])
    expect(
      await area({
        shape: 'polygon',
        points: [
          [10, 10],
          [20, 10],
          [10, 15],
        ],
      }),
    ).toEqual([11, 6])
    expect(await area({ shape: 'crtf', text: 'box[[10pix,10pix],[12pix,19pix]]' })).toEqual([3, 10])
  })

  it('refuses planes and regions that are not there', async () => {
    await expect(client.call('mask.edit', { op: 'add', region: CORE, channels: [3] })).rejects.toThrow(
      'expected planes within 1 Stokes and 1 channels, got Stokes [0], channels [3]',
    )
    const outside: RegionData = { shape: 'circle', centre: [500, 500], radius: 2 }
    await expect(client.call('mask.edit', { op: 'add', region: outside })).rejects.toMatchObject({ tag: 'ImageError' })
    await expect(client.call('mask.get', { field: 1 })).rejects.toThrow('expected a field of this session')
  })

  it('is on disk before the next step cleans with it', async () => {
    await client.call('mask.edit', { op: 'add', region: CORE })
    expect(await diskMaskSum()).toBe(0)
    await client.call('gclean.next', {})
    expect(await diskMaskSum()).toBe(CORE_PIXELS)
    const model = await readImage(`${imagename}.model.fits`)
    const outside = model.pixels.filter((value, i) => {
      const [x, y] = [i % SIZE, Math.floor(i / SIZE)]
      return value !== 0 && (x < 26 || x > 38 || y < 26 || y > 38)
    })
    expect(outside.length).toBe(0)
    expect((await client.call('session.snapshot', {})).masks[0].nPending).toBe(0)
  })

  it('follows edits that others make on disk', async () => {
    const changed = new Promise<MaskChange>(resolve => client.on('mask', resolve))
    const mask = await readImage(`${imagename}.mask.fits`)
    await writeImage(`${imagename}.mask.fits`, { ...mask, pixels: mask.pixels.map((_, i) => (i < 7 ? 1 : 0)) })
    expect(await changed).toMatchObject({ cause: 'disk', nPixel: 7 })
    expect(await maskSum()).toBe(7)
  })

  it('survives the death of the process with its history', async () => {
    await client.call('mask.edit', { op: 'add', region: CORE })
    await client.call('gclean.next', {})
    await client.call('mask.edit', { op: 'set', region: { shape: 'circle', centre: [32, 32], radius: 2 } })
    // The lock is ours, so a second host can read what a killed one would have left.
    const first = host
    host = await open()
    const again = newClient()
    const state = await again.call('mask.undo', {})
    expect(state).toMatchObject({ nPixel: CORE_PIXELS, canUndo: true, canRedo: true })
    expect(await again.call('mask.redo', {})).toMatchObject({ nPixel: 13 })
    again.close()
    await host.close('test over')
    host = first
  })

  it('begins without history when the images it was about are gone or of another size', async () => {
    await client.call('mask.edit', { op: 'add', region: CORE })
    await host.close('replaced')
    for (const suffix of ['mask', 'residual', 'psf', 'model', 'pb', 'sumwt']) await rm(`${imagename}.${suffix}.fits`)
    await rm(`${imagename}.cleanbeam/session.json`)
    host = await open({ imsize: 48 })
    client = newClient()
    await client.call('gclean.next', {})
    expect((await client.call('session.snapshot', {})).masks[0]).toMatchObject({ nPixel: 0, canUndo: false })
    const line = { kind: 'edit', changes: [{ plane: 0, on: [1, 2], off: [3] }] }
    await host.close('replaced')
    await writeFile(`${imagename}.cleanbeam/mask-edits.jsonl`, `${JSON.stringify(line)}\n`)
    host = await open({ imsize: 48 })
    client = newClient()
    expect(await client.call('mask.edit', { op: 'clear' })).toMatchObject({ nPixel: 0, canUndo: false })
  })
})

describe('images of a session', () => {
  beforeEach(async () => {
    await client.call('gclean.next', {})
  })

  it('are cut into tiles of the generation asked for', async () => {
    const { pixels } = await readImage(`${imagename}.residual.fits`)
    const address = { suffix: '.residual', generation: 1, level: 0, tx: 0, ty: 0 }
    const tile = await client.call('tile.get', address)
    expect([tile.width, tile.height]).toEqual([SIZE, SIZE])
    expect(tile.pixels).toEqual(pixels)
    await client.call('mask.edit', { op: 'add', region: CORE })
    await client.call('gclean.next', {})
    await expect(client.call('tile.get', address)).rejects.toMatchObject({
      tag: 'StaleGeneration',
      fields: { generation: 2, asked: 1 },
    })
    await expect(client.call('tile.get', { ...address, suffix: '.alpha' })).rejects.toThrow(
      'expected a product of this session',
    )
    await expect(client.call('tile.get', { ...address, generation: 2, channel: 4 })).rejects.toThrow(
      'got Stokes 0, channel 4',
    )
  })

  it('have statistics and histograms, within a region, the mask, or a range', async () => {
    const { pixels } = await readImage(`${imagename}.residual.fits`)
    const plane = { suffix: '.residual' }
    const whole = await client.call('plane.statistics', plane)
    expect(whole.npts).toEqual([SIZE * SIZE])
    expect(whole.max[0]).toBe(Math.max(...pixels))
    const core = await client.call('plane.statistics', { ...plane, region: CORE })
    expect(core.npts).toEqual([CORE_PIXELS])
    await client.call('mask.edit', { op: 'add', region: CORE })
    const masked = await client.call('plane.statistics', { ...plane, within: 'mask' })
    const unmasked = await client.call('plane.statistics', { ...plane, within: 'unmasked' })
    expect(masked.sum).toEqual(core.sum)
    expect(masked.sum[0] + unmasked.sum[0]).toBeCloseTo(whole.sum[0], 4)
    const histogram = await client.call('plane.histogram', { ...plane, nBin: 16, percentiles: [0, 50, 100] })
    expect(histogram.counts.reduce((sum, n) => sum + n, 0)).toBe(SIZE * SIZE)
    expect(histogram.percentiles[0]).toBe(histogram.minimum)
    expect(histogram.percentiles[2]).toBe(histogram.maximum)
    const range: [number, number] = [0, histogram.maximum]
    const positive = await client.call('plane.histogram', { ...plane, nBin: 4, range })
    expect(positive.counts.reduce((sum, n) => sum + n, 0)).toBe(pixels.filter(value => value >= 0).length)
  })

  it('answer every function of the image tool', async () => {
    const image = { suffix: '.residual' }
    expect(await client.call('image.shape', image)).toEqual([SIZE, SIZE, 1, 1])
    expect((await client.call('image.summary', image)).unit).toBe('Jy/beam')
    expect((await client.call('image.coordsys', image)).stokes).toEqual(['I'])
    const { numeric } = await client.call('image.toworld', { ...image, pixel: [32, 32, 0, 0] })
    const [x, y] = await client.call('image.topixel', { ...image, world: numeric })
    expect([x, y].map(value => Math.round(value * 1e6) / 1e6)).toEqual([32, 32])
    const chunk = await client.call('image.getchunk', { ...image, blc: [0, 0, 0, 0], trc: [3, 1, 0, 0] })
    expect(chunk.shape).toEqual([4, 2, 1, 1])
    expect(await client.call('image.getregion', { ...image, region: 'box[[0pix,0pix],[3pix,1pix]]' })).toEqual(chunk)
    expect((await client.call('image.fitsheader', image)).NAXIS1).toBe(SIZE)
    expect((await client.call('image.statistics', image)).npts).toEqual([SIZE * SIZE])
    expect(await client.call('image.maskhandler', { ...image, op: 'get' })).toEqual(expect.any(Array))
    expect(await client.call('image.restoringbeam', { suffix: '.psf' })).toMatchObject({ majorRad: expect.any(Number) })
    await client.call('image.putchunk', {
      suffix: '.mask',
      pixels: Float64Array.of(1, 1),
      shape: [2, 1, 1, 1],
      blc: [5, 5, 0, 0],
    })
    expect(await maskSum()).toBe(2)
    await client.call('image.exportfits', { ...image, fitsimage: 'copy.fits' })
    expect(await client.call('image.shape', { path: 'copy.fits' })).toEqual(expect.arrayContaining([SIZE, SIZE]))
  })

  it('lie in the folder of the session', async () => {
    for (const path of ['/etc/passwd', '../x.fits', '..', '.']) {
      await expect(client.call('image.shape', { path })).rejects.toThrow('within the folder of the session')
    }
    await expect(client.call('image.exportfits', { suffix: '.psf', fitsimage: '../x.fits' })).rejects.toThrow('within')
    await expect(client.call('image.shape', {})).rejects.toThrow('expected either suffix or path')
    await expect(client.call('image.shape', { suffix: '.alpha' })).rejects.toThrow(
      'expected a product of m87, got .alpha',
    )
  })
})
