import {
  METHODS,
  type MethodName,
  type MethodParams,
  type MethodResult,
  type RegionData,
  type SessionClient,
} from '@cleanbeam/protocol'
import { expect } from 'vitest'

const CORE: RegionData = { shape: 'circle', centre: [64, 64], radius: 20 }

/** What a session came to: the same over every transport. */
export interface StoryEnd {
  readonly niterdone: number
  readonly stopcode: number
  readonly restoredSum: number
  readonly restoredPeak: number
}

/** A call, and a note of it. */
type Call = <M extends MethodName>(method: M, params: MethodParams<M>) => Promise<MethodResult<M>>

/** From the dirty image to the restored one, by way of every method there is. */
export async function tellStory(client: SessionClient): Promise<StoryEnd> {
  const called = new Set<string>()
  const call: Call = (method, params) => {
    called.add(method)
    return client.call(method, params)
  }
  await beforeCleaning(call)
  await drawMask(call)
  const { niterdone, stopcode } = await cleaning(client, call)
  await looking(call)
  const end = await imageTool(call)
  const finished = await call('session.finish', { restore: false })
  expect(finished.returndict).toMatchObject({ iterdone: niterdone })
  expect(Object.keys(METHODS).filter(name => !called.has(name))).toEqual([])
  return { niterdone, stopcode, ...end }
}

async function beforeCleaning(call: Call): Promise<void> {
  const { sessionId, engine } = await call('session.identity', {})
  const first = await call('gclean.next', {})
  expect(first.record).toMatchObject({ niterdone: 0 })
  const snapshot = await call('session.snapshot', {})
  expect(snapshot).toMatchObject({ sessionId, engine, phase: { error: null } })
  expect(snapshot.products.map(({ suffix }) => suffix)).toEqual(expect.arrayContaining(['.psf', '.residual']))
}

async function drawMask(call: Call): Promise<void> {
  const edited = await call('mask.edit', { op: 'add', region: CORE })
  expect(edited.nPixel).toBe(1257)
  expect((await call('mask.undo', {})).nPixel).toBe(0)
  expect((await call('mask.redo', {})).nPixel).toBe(1257)
  const { shape, runs } = await call('mask.get', {})
  expect(shape).toEqual([128, 128])
  expect(runs).toBeInstanceOf(Uint32Array)
  // An engine without automatic masks refuses by name.
  const preview = await call('mask.preview', { parameters: { sidelobethreshold: 1.5 } }).catch(error => error)
  if (preview instanceof Error) expect(preview).toMatchObject({ tag: 'ParameterError', fields: expect.anything() })
  else expect(preview.runs).toBeInstanceOf(Uint32Array)
  expect(await call('mask.save', { path: 'saved.mask.fits', overwrite: true })).toBeDefined()
}

async function cleaning(client: SessionClient, call: Call): Promise<{ niterdone: number; stopcode: number }> {
  const records: number[] = []
  const stop = client.on('record', ({ niterdone }) => records.push(niterdone))
  await call('gclean.keep', { limitBytes: 1e9 })
  const step = await call('gclean.next', { cycles: 1 })
  const afterOne = step.record?.niterdone ?? 0
  expect(afterOne).toBeGreaterThan(0)
  expect(await call('gclean.update', { parameters: { niter: 200, nonsense: 1 } })).toEqual([-1, expect.any(String)])
  expect(await call('gclean.update', { parameters: { niter: 200, cycleniter: 100 } })).toEqual([0, ''])
  await call('gclean.next', {})
  const back = await call('gclean.rewind', { cycle: 1 })
  expect(back.record?.niterdone).toBe(afterOne)
  expect(await call('gclean.stop', {})).toBe(null)
  expect(await call('gclean.abort', {})).toBe(null)
  const { record, done } = await call('gclean.run', {})
  expect(done).toBe(true)
  expect(records.at(-1)).toBe(record?.niterdone)
  stop()
  const commands = await call('gclean.cmds', { history: true })
  expect(commands[0]).toMatch(/^tclean\(/)
  const images = await call('gclean.restore', {})
  expect(images.image).toMatch(/\.image/)
  return { niterdone: record?.niterdone ?? -1, stopcode: record?.stopcode ?? -1 }
}

async function looking(call: Call): Promise<void> {
  const { products } = await call('session.snapshot', {})
  const residual = products.find(({ suffix }) => suffix === '.residual')
  const generation = residual?.generation ?? -1
  const tile = await call('tile.get', { suffix: '.residual', generation, level: 0, tx: 0, ty: 0 })
  expect(tile.pixels).toBeInstanceOf(Float32Array)
  expect(tile.pixels.length).toBe(tile.width * tile.height)
  const statistics = await call('plane.statistics', { suffix: '.residual', within: 'mask' })
  expect(statistics.npts).toEqual([1257])
  const histogram = await call('plane.histogram', { suffix: '.residual', nBin: 16, percentiles: [50] })
  expect(histogram.counts.reduce((sum, n) => sum + n, 0)).toBe(128 * 128)
  const cube = await call('cube.histogram', { suffix: '.residual', nBin: 8 })
  expect(cube.counts.length).toBe(8)
  const { spectra } = await call('spectrum.get', { suffixes: ['.residual'], region: CORE })
  expect(spectra[0].suffix).toBe('.residual')
}

async function imageTool(call: Call): Promise<{ restoredSum: number; restoredPeak: number }> {
  const image = { suffix: '.image' }
  expect(await call('image.shape', image)).toEqual([128, 128, 1, 1])
  expect(await call('image.maskhandler', { ...image, op: 'get' })).toBeInstanceOf(Array)
  const { direction } = await call('image.coordsys', image)
  expect(direction).toBeDefined()
  const { numeric } = await call('image.toworld', { ...image, pixel: [64, 64, 0, 0] })
  const pixel = await call('image.topixel', { ...image, world: numeric })
  expect(pixel[0]).toBeCloseTo(64, 6)
  const header = await call('image.fitsheader', image)
  expect(header).toMatchObject({ NAXIS1: 128 })
  const region = await call('image.getregion', { ...image, region: 'box[[60pix,60pix],[67pix,67pix]]' })
  expect(region.shape.slice(0, 2)).toEqual([8, 8])
  const chunk = await call('image.getchunk', { ...image, blc: [0, 0, 0, 0], trc: [127, 127, 0, 0] })
  const pixels = 'pixels' in chunk ? chunk.pixels : new Float64Array()
  expect(pixels.length).toBe(128 * 128)
  const { sum, max } = await call('image.statistics', image)
  expect((await call('image.summary', image)).unit).toBe('Jy/beam')
  expect(await call('image.restoringbeam', image)).toMatchObject({ majorRad: expect.any(Number) })
  await call('image.exportfits', { ...image, fitsimage: 'story.fits', overwrite: true })
  await call('image.putchunk', { path: 'story.fits', pixels: Float64Array.of(4, 5), shape: [2, 1], blc: [3, 3] })
  const written = await call('image.getchunk', { path: 'story.fits', blc: [3, 3, 0, 0], trc: [4, 3, 0, 0] })
  expect([...('pixels' in written ? written.pixels : [])]).toEqual([4, 5])
  return { restoredSum: sum[0], restoredPeak: max[0] }
}
