import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createImage, editMask, maskFromRegion } from '@cleanbeam/image'
import { readImage, writeImage } from '@cleanbeam/image/node'
import { createNativeEngine } from '@cleanbeam/tclean/node'
import type { DeconvolveInput, GcleanRecord, ImagingEngine, TcleanInput } from '@cleanbeam/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GcleanInput } from './gclean.ts'
import { gclean } from './gclean-session.ts'
import { openSessionFolder } from './node/session-folder.ts'

const VIS = fileURLToPath(new URL('../../../examples/m87/m87.uvfits', import.meta.url))
const MASK = 'circle[[32pix,32pix],12pix]'

let folder = ''
let imagename = ''
let input: GcleanInput = { vis: VIS, imagename: '' }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanbeam-gclean-'))
  imagename = join(folder, 'x')
  input = { vis: VIS, imagename, imsize: 64, cell: '0.3marcsec', pblimit: -0.01, niter: 60, cycleniter: 20 }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function drawMask(name: string, region: string): Promise<void> {
  const path = `${name}.mask.fits`
  const cube = await readImage(path)
  const pixels = cube.pixels.slice()
  editMask(pixels, maskFromRegion(cube.coordinates, cube.shape, region), cube.shape, 'set')
  await writeImage(path, createImage(cube.shape, cube.coordinates, { pixels }))
}

async function collect(session: AsyncIterable<GcleanRecord>): Promise<GcleanRecord[]> {
  const records: GcleanRecord[] = []
  for await (const record of session) records.push(record)
  return records
}

/** The native engine with every call written down. */
function recordingEngine(): { engine: ImagingEngine; calls: [string, TcleanInput | DeconvolveInput][] } {
  const native = createNativeEngine()
  const calls: [string, TcleanInput | DeconvolveInput][] = []
  const engine: ImagingEngine = {
    name: 'recording',
    version: '1',
    tclean(parameters, options) {
      calls.push(['tclean', parameters])
      return native.tclean(parameters, options)
    },
    deconvolve(parameters, options) {
      calls.push(['deconvolve', parameters])
      return native.deconvolve(parameters, options)
    },
    image: path => native.image(path),
    products: name => native.products(name),
    release: name => native.release(name),
  }
  return { engine, calls }
}

describe('a session with a mask', () => {
  it('yields the dirty image first, then a record per major cycle, the last one saying why', async () => {
    const records = await collect(gclean(createNativeEngine(), { ...input, mask: MASK }))
    expect(records.length).toBeGreaterThan(3)
    const [first] = records
    expect(first).toMatchObject({ stopcode: 0, nmajordone: 0, nmajorleft: -1, niterdone: 0, niterleft: 60 })
    expect(first.chan['0']['0']).toMatchObject({ iterations: [0], stopCode: [3], cycleThresh: [0], modelFlux: [0] })
    expect(records.map(record => record.nmajordone)).toEqual(records.map((_, i) => i))
    const last = records[records.length - 1]
    expect(last).toMatchObject({ stopcode: 1, stopDescription: 'iteration limit', niterdone: 60, niterleft: 0 })
    for (const record of records.slice(0, -1)) expect(record.stopcode).toBe(0)
    const plane = last.chan['0']['0']
    expect(plane.iterations.at(-1)).toBe(60)
    for (const list of Object.values(plane)) expect(list).toHaveLength(records.length)
    expect(last.major.cyclethreshold).toHaveLength(records.length)
    expect(last.fields).toEqual([{ imagename, chan: last.chan }])
    expect(JSON.parse(JSON.stringify(last))).toEqual(last)
  })

  it("counts the tclean-shaped dictionary as tclean does, and makes tclean's images", async () => {
    const records = await collect(gclean(createNativeEngine(), { ...input, mask: MASK }))
    const { returndict } = records[records.length - 1]
    const tclean = await createNativeEngine().tclean({
      ...input,
      imagename: join(folder, 'y'),
      mask: MASK,
      fullsummary: true,
    })
    const { cyclethreshold: _ours, ...ours } = returndict
    const { cyclethreshold: _theirs, ...theirs } = tclean
    expect(ours).toEqual(theirs)
    for (const suffix of ['.model', '.residual', '.psf', '.mask']) {
      const [a, b] = [await readImage(`${imagename}${suffix}.fits`), await readImage(join(folder, `y${suffix}.fits`))]
      expect(b.pixels, suffix).toEqual(a.pixels)
    }
  })

  it('gives bit-equal images whether it is paused between steps or not', async () => {
    await collect(gclean(createNativeEngine(), { ...input, mask: MASK }))
    const name = join(folder, 'y')
    const parameters = { ...input, imagename: name, mask: MASK }
    // Each step by a process of its own, so to speak: nothing but files is carried over.
    for (;;) {
      const session = gclean(createNativeEngine(), parameters, { session: openSessionFolder(name) })
      const resumed = await session.next()
      const record = resumed.value && resumed.value.nmajordone > 0 ? (await session.next()).value : null
      const end = session.record
      if (record === null) await session.next()
      await session.close()
      if (end?.stopcode !== 0 || session.record?.stopcode !== 0) break
    }
    for (const suffix of ['.model', '.residual']) {
      const [a, b] = [await readImage(`${imagename}${suffix}.fits`), await readImage(`${name}${suffix}.fits`)]
      expect(b.pixels, suffix).toEqual(a.pixels)
    }
  })

  it('hands every parameter to every call', async () => {
    const { engine, calls } = recordingEngine()
    const session = gclean(engine, { ...input, mask: MASK, gain: 0.05, nsigma: 1, weighting: 'briggs', robust: -1 })
    for (let i = 0; i < 3; i++) await session.next()
    expect(calls.map(([task]) => task)).toEqual([
      'tclean',
      'deconvolve',
      'deconvolve',
      'tclean',
      'deconvolve',
      'tclean',
    ])
    for (const [task, parameters] of calls) {
      expect(parameters).toMatchObject({ imagename, gain: 0.05, nsigma: 1 })
      if (task === 'tclean') expect(parameters).toMatchObject({ weighting: 'briggs', robust: -1, niter: 0 })
    }
    const masks = calls.map(([, parameters]) => ('mask' in parameters ? parameters.mask : null))
    expect(masks).toEqual([null, MASK, null, null, null, null])
  })
})

describe('a session without a mask', () => {
  it('waits with stop 7 until one is drawn', async () => {
    const session = gclean(createNativeEngine(), input)
    expect((await session.next()).value).toMatchObject({ stopcode: 0 })
    expect((await session.next()).value).toMatchObject({ stopcode: 7, stopDescription: 'zero mask', niterdone: 0 })
    expect(await session.next()).toEqual({ done: true, value: undefined })
    await drawMask(imagename, MASK)
    expect((await session.next()).value).toMatchObject({ stopcode: 0, nmajordone: 1 })
  })
})

describe('update', () => {
  it('counts niter and nmajor from now on, and lets an ended session go on', async () => {
    const session = gclean(createNativeEngine(), { ...input, niter: 20, mask: MASK })
    const [, last] = (await collect(session)).slice(-2)
    expect(last).toMatchObject({ stopcode: 1, niterleft: 0 })
    expect(await session.next()).toEqual({ done: true, value: undefined })
    expect(session.update({ niter: 30, nmajor: 1, gain: 0.2 })).toEqual([0, ''])
    expect(session.parameters).toMatchObject({ niter: 30, nmajor: 1, gain: 0.2 })
    const { value } = await session.next()
    expect(value).toMatchObject({ stopcode: 9, stopDescription: 'reached nmajor', nmajorleft: 0 })
    expect(value?.niterdone).toBe(20 + 30 - (value?.niterleft ?? 0))
  })

  it('changes nothing when it is refused', async () => {
    const session = gclean(createNativeEngine(), { ...input, mask: MASK })
    await session.next()
    const before = session.parameters
    expect(session.update({ gain: 0.5, niter: -5 })).toEqual([-1, 'expected an integer, at least 0 for niter, got -5'])
    expect(session.update({ gain: 'x' as never })).toEqual([-1, "expected a number for gain, got 'x'"])
    expect(session.update({ gian: 0.5 } as never)[1]).toMatch(/got 'gian': did you mean 'gain'\?/)
    expect(session.update({ cell: '1arcsec' } as never)[1]).toMatch(/that can be changed between steps, got 'cell'/)
    expect(session.update({ threshold: '3 parsec' })[0]).toBe(-1)
    expect(session.update({ cyclethreshold: 0 })[0]).toBe(-1)
    expect(session.parameters).toEqual(before)
  })

  it('takes a cycle threshold for the next cycle only', async () => {
    const session = gclean(createNativeEngine(), { ...input, cycleniter: -1, niter: 1000, mask: MASK })
    await session.next()
    session.update({ cyclethreshold: '900mJy' })
    const one = (await session.next()).value
    const two = (await session.next()).value
    expect(one?.major.cyclethreshold.at(-1)).toBe(Math.fround(0.9))
    expect(two?.major.cyclethreshold.at(-1)).not.toBe(Math.fround(0.9))
  })

  it('during a step counts from its end', async () => {
    const session = gclean(createNativeEngine(), { ...input, mask: MASK })
    await session.next()
    const running = session.next()
    expect(session.update({ niter: 7 })).toEqual([0, ''])
    const { value } = await running
    expect(value?.niterleft).toBe(60 - (value?.niterdone ?? 0))
    expect(session.parameters.niter).toBe(7)
  })
})

describe('the end of a session', () => {
  it('restores by hand, and answers the paths', async () => {
    const session = gclean(createNativeEngine(), { ...input, mask: MASK, pbcor: true })
    await expect(session.restore()).rejects.toThrow('expected at least one step before restore, got none')
    await session.next()
    await session.next()
    expect(await session.restore()).toEqual({
      image: `${imagename}.image.fits`,
      'image.pbcor': `${imagename}.image.pbcor.fits`,
    })
    expect(session.restored).toBe(true)
    await session.next()
    expect(session.restored).toBe(false)
  })

  it('neither restores nor disposes on break, but does on disposal', async () => {
    const session = gclean(createNativeEngine(), { ...input, mask: MASK }, { session: openSessionFolder(imagename) })
    for await (const record of session) if (record.nmajordone === 1) break
    expect(existsSync(`${imagename}.image.fits`)).toBe(false)
    expect(existsSync(`${imagename}.cleanbeam/lock`)).toBe(true)
    await session[Symbol.asyncDispose]()
    expect(existsSync(`${imagename}.image.fits`)).toBe(true)
    expect(existsSync(`${imagename}.cleanbeam/lock`)).toBe(false)
  })

  it('touches no file before the first step', async () => {
    const session = gclean(createNativeEngine(), input, { session: openSessionFolder(imagename) })
    session.update({ niter: 5 })
    expect(readdirSync(folder)).toEqual([])
    await session[Symbol.asyncDispose]()
    expect(readdirSync(folder)).toEqual([])
  })

  it('stops with code 3 when asked to', async () => {
    const session = gclean(createNativeEngine(), { ...input, mask: MASK })
    await session.next()
    const running = session.next()
    session.requestStop()
    expect((await running).value).toMatchObject({ stopcode: 3, stopDescription: 'force stop', nmajordone: 1 })
    expect((await session.next()).done).toBe(true)
    session.update({})
    session.requestStop()
    expect((await session.next()).value).toMatchObject({ stopcode: 3, nmajordone: 1 })
  })
})

describe('what a session survives', () => {
  it('a step that is aborted leaves images and counts as they were', async () => {
    const session = gclean(createNativeEngine(), { ...input, mask: MASK }, { session: openSessionFolder(imagename) })
    await session.next()
    const record = (await session.next()).value
    const model = (await readImage(`${imagename}.model.fits`)).pixels
    const abort = new AbortController()
    // The second call of a step is the residual update: by then the model on disk has been replaced.
    const call = { signal: abort.signal, onLog: (line: string) => line.startsWith('tclean(') && abort.abort() }
    await expect(session.next(call)).rejects.toMatchObject({ name: 'AbortError' })
    expect((await readImage(`${imagename}.model.fits`)).pixels).toEqual(model)
    expect(session.record).toEqual(record)
    expect((await session.next()).value).toMatchObject({ nmajordone: 2 })
    await session.close()
  })

  it('a process that dies in the middle of a step: the next one goes on from the last complete step', async () => {
    const store = openSessionFolder(imagename)
    const first = gclean(createNativeEngine(), { ...input, mask: MASK }, { session: store })
    await first.next()
    const record = (await first.next()).value
    const model = (await readImage(`${imagename}.model.fits`)).pixels
    // As if killed after the model update: a checkpoint is there, and the model has been replaced.
    await store.checkpoint(3, [`${imagename}.model.fits`, `${imagename}.residual.fits`])
    rmSync(`${imagename}.model.fits`)
    copyFileSync(`${imagename}.psf.fits`, `${imagename}.model.fits`)
    await store.unlock()
    const second = gclean(createNativeEngine(), { ...input, mask: MASK }, { session: openSessionFolder(imagename) })
    expect((await second.next()).value).toEqual(record)
    expect((await readImage(`${imagename}.model.fits`)).pixels).toEqual(model)
    expect(second.cmds(true)).toEqual(first.cmds(true))
    expect((await second.next()).value).toMatchObject({ nmajordone: 2 })
    await second.close()
  })

  it('two calls at a time are refused', async () => {
    const session = gclean(createNativeEngine(), input)
    const running = session.next()
    await expect(session.next()).rejects.toThrow('expected one step at a time')
    await running
  })
})

it('logs calls that CASA replays', async () => {
  const session = gclean(createNativeEngine(), { ...input, mask: MASK })
  await session.next()
  expect(session.cmds()).toEqual([
    `tclean( vis='${VIS}', imagename='${imagename}', imsize=64, cell='0.3marcsec', pblimit=-0.01, restoration=False, niter=0, cycleniter=20, fullsummary=True, calcres=True, calcpsf=True )`,
    `deconvolve( imagename='${imagename}', restoration=False, fullsummary=True, niter=0, mask='${MASK}' )`,
  ])
  await session.next()
  expect(session.cmds()).toHaveLength(2)
  expect(session.cmds()[0]).toMatch(
    /^deconvolve\( imagename='.*', restoration=False, fullsummary=True, threshold=0\.\d+, niter=20 \)$/,
  )
  expect(session.cmds(true)).toHaveLength(4)
})

it.each([
  [{ interactive: 1 }, "expected a parameter of gclean, got 'interactive', which only tclean has"],
  [{ restart: false }, 'expected restart=True for gclean, got False'],
  [{ nitre: 5 }, "did you mean 'niter'?"],
])('refuses %j at once', (changes, message) => {
  expect(() => gclean(createNativeEngine(), { ...input, ...changes } as GcleanInput)).toThrow(message)
})
