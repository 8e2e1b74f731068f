import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createImage } from '@cleanbeam/image'
import { readImage, writeImage } from '@cleanbeam/image/node'
import type { ReturnDictionary, TcleanInput } from '@cleanbeam/types'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createNativeEngine } from './native-engine.ts'

const root = new URL('../../../../', import.meta.url)
const VIS = fileURLToPath(new URL('examples/m87/m87.uvfits', root))

function reference(name: string): ReturnDictionary {
  return JSON.parse(
    readFileSync(new URL(`conformance/refs/real/${name}/return.json`, root), 'utf8'),
  ) as ReturnDictionary
}

let folder = ''
let imagename = ''
let input: TcleanInput = { vis: VIS, imagename: '' }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cleanbeam-tclean-'))
  imagename = join(folder, 'x')
  input = { vis: VIS, imagename, imsize: 64, cell: '0.3marcsec', pblimit: -0.01, fullsummary: true }
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const pixelsOf = async (suffix: string) => (await readImage(`${imagename}${suffix}.fits`)).pixels
const files = () =>
  readdirSync(folder)
    .map(name => name.slice(1).replace('.fits', ''))
    .sort()

/** The keys of every level of a dictionary, so that two of them can be compared in shape. */
function keysOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([key, item]) => keysOf(item, `${path}.${key}`))
}

describe('tclean with niter=0', () => {
  it("writes the dirty image and answers CASA's dictionary", async () => {
    const got = await createNativeEngine().tclean(input)
    const want = reference('m87_dirty')
    expect(keysOf(got).sort()).toEqual(keysOf(want).sort())
    const { summaryminor: gotMinor, ...gotLoop } = got
    const { summaryminor: wantMinor, ...wantLoop } = want
    expect(gotLoop).toEqual(wantLoop)
    expect(gotMinor['0']['0']['0'].stopCode).toEqual(wantMinor['0']['0']['0'].stopCode)
    expect(files()).toEqual(['.image', '.model', '.pb', '.psf', '.residual', '.sumwt'])
  })

  it('takes visibilities that are not numbers as flagged, and says how many', async () => {
    const bytes = readFileSync(VIS)
    const header = bytes.indexOf(`END${' '.repeat(77)}`, 0, 'latin1') + 80
    const data = Math.ceil(header / 2880) * 2880
    // A group of M87 is 7 parameters and 24 numbers; the third baseline's first correlation has weight.
    for (let group = 2; group < 7; group++) bytes.writeFloatBE(Number.NaN, data + 4 * (31 * group + 7))
    const damaged = join(folder, 'nan.uvfits')
    writeFileSync(damaged, bytes)
    const lines: string[] = []
    await createNativeEngine().tclean({ ...input, vis: damaged }, { onLog: line => lines.push(line) })
    expect(lines).toContain('warning: 5 values of the visibilities are not numbers (NaN or infinite): flagged')
    expect((await pixelsOf('.residual')).every(Number.isFinite)).toBe(true)
  })

  it('leaves three of the four lists out without fullsummary', async () => {
    const { summaryminor } = await createNativeEngine().tclean({ ...input, fullsummary: false, restoration: false })
    expect(Object.keys(summaryminor['0']['0']['0'])).toEqual(['iterDone', 'peakRes', 'modelFlux', 'cycleThresh'])
    expect(files()).not.toContain('.image')
  })
})

describe('tclean with niter>0', () => {
  it("answers CASA's dictionary and stops at niter", async () => {
    const engine = createNativeEngine()
    const got = await engine.tclean({ ...input, niter: 50, cycleniter: 20, gain: 0.1 })
    expect(keysOf(got).sort()).toEqual(keysOf(reference('m87_hogbom')).sort())
    expect(got).toMatchObject({
      stopcode: 1,
      iterdone: 50,
      niter: 50,
      cycleniter: 20,
      stopDescription: 'iteration limit',
    })
    expect(got.summarymajor[0]).toBe(0)
    expect(got.summarymajor.at(-1)).toBe(50)
    expect(got.nmajordone).toBe(got.summarymajor.length)
    const lists = got.summaryminor['0']['0']['0']
    expect(lists.startIterDone).toEqual(got.summarymajor.slice(0, -1))
    expect(lists.iterDone.reduce((sum, n) => sum + n, 0)).toBe(50)
    expect(lists.masksum).toEqual(lists.iterDone.map(() => 64 * 64))
    const model = await pixelsOf('.model')
    expect(model.reduce((sum, value) => sum + value, 0)).toBeCloseTo(lists.modelFlux.at(-1) ?? 0, 5)
    expect(Math.fround(got.loopgain)).toBe(got.loopgain)
  })

  it.each([
    ['a threshold above the peak', { threshold: '5Jy' }, { stopcode: 2, nmajordone: 1, iterdone: 0 }, true],
    ['nmajor=0', { nmajor: 0 }, { stopcode: 9, nmajordone: 1, iterdone: 0 }, true],
    ['nmajor=2', { nmajor: 2, cycleniter: 5 }, { stopcode: 9, nmajordone: 3, iterdone: 10 }, false],
    ['a diverging gain', { gain: 2.2, cycleniter: 30 }, { stopcode: 5, nmajordone: 2 }, false],
    ['a vanishing gain', { gain: 1e-12, cycleniter: 3 }, { stopcode: 4, nmajordone: 2, iterdone: 3 }, false],
  ])('%s', async (_what, changes, expected, empty) => {
    const got = await createNativeEngine().tclean({ ...input, niter: 1000, ...changes })
    expect(got).toMatchObject(expected)
    if (empty) expect(got.summaryminor).toEqual({ '0': {} })
  })

  it('stops with code 7 where the mask is empty, and cleans nothing', async () => {
    const engine = createNativeEngine()
    await engine.tclean(input)
    const { shape, coordinates } = await readImage(`${imagename}.residual.fits`)
    await writeImage(`${imagename}.mask.fits`, createImage(shape, coordinates))
    const got = await engine.tclean({ ...input, niter: 100 })
    expect(got).toMatchObject({ stopcode: 7, stopDescription: 'zero mask', iterdone: 0, summaryminor: { '0': {} } })
    expect(got.cyclethreshold).toBeGreaterThan(0)
  })

  it('cleans only inside the mask', async () => {
    await createNativeEngine().tclean({ ...input, niter: 30, mask: 'circle[[32pix,32pix],4pix]' })
    const model = await pixelsOf('.model')
    const mask = await pixelsOf('.mask')
    expect(mask.reduce((sum, value) => sum + value, 0)).toBeGreaterThan(40)
    expect(model.some(value => value !== 0)).toBe(true)
    expect(model.every((value, i) => value === 0 || mask[i] === 1)).toBe(true)
  })

  it('goes on from the model on disk, and reads a mask that was changed there', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, niter: 20, mask: 'circle[[32pix,32pix],4pix]' })
    const before = await pixelsOf('.model')
    const { shape, coordinates } = await readImage(`${imagename}.mask.fits`)
    const corner = new Float32Array(64 * 64)
    corner.fill(1, 0, 64)
    await writeImage(`${imagename}.mask.fits`, createImage(shape, coordinates, { pixels: corner }))
    await engine.tclean({ ...input, niter: 5 })
    const after = await pixelsOf('.model')
    const changed = after.findIndex((value, i) => value !== before[i])
    expect(changed).toBeGreaterThanOrEqual(0)
    expect(changed).toBeLessThan(64)
    expect(after.every((value, i) => value === before[i] || i < 64)).toBe(true)
  })

  it('gives the same images whether visibilities come from memory or from the file', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, niter: 20 })
    const warm = await engine.tclean({ ...input, niter: 20 })
    const fresh = createNativeEngine()
    await fresh.tclean({ ...input, imagename: join(folder, 'y'), niter: 20 })
    const cold = await createNativeEngine().tclean({ ...input, imagename: join(folder, 'y'), niter: 20 })
    expect(cold).toEqual(warm)
    expect((await readImage(join(folder, 'y.image.fits'))).pixels).toEqual(await pixelsOf('.image'))
  })

  it('divides by the primary beam with pbcor and takes the beam asked for', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, niter: 20, pbcor: true, restoringbeam: ['3marcsec', '2marcsec', '30deg'] })
    const image = await readImage(`${imagename}.image.fits`)
    expect(image.beams[0].majorRad).toBeCloseTo(3e-3 / 206264.80625, 15)
    const primaryBeam = await pixelsOf('.pb')
    const corrected = await pixelsOf('.image.pbcor')
    const worst = Math.max(...image.pixels.map((value, i) => Math.abs(value / primaryBeam[i] - corrected[i])))
    expect(worst).toBeLessThan(1e-6)
  })

  it('keeps old images with restart=False', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, restart: false })
    await engine.tclean({ ...input, restart: false })
    expect(files()).toContain('_1.image')
  })

  it('stops at once when aborted, and leaves the products of the last complete step', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, niter: 20 })
    const model = await pixelsOf('.model')
    const abort = new AbortController()
    const running = engine.tclean(
      { ...input, niter: 100_000, cycleniter: 50 },
      { signal: abort.signal, onLog: line => line.startsWith('minor cycle 1:') && abort.abort() },
    )
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    expect(await pixelsOf('.model')).toEqual(model)
  })
})

describe('deconvolve', () => {
  it('does one minor cycle down to its threshold and has no stopDescription', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, restoration: false })
    const got = await engine.deconvolve({ imagename, niter: 10, threshold: 0.1, fullsummary: true, restoration: false })
    const { stopDescription: _none, ...keys } = reference('m87_hogbom')
    expect(Object.keys(got).sort()).toEqual(Object.keys(keys).sort())
    expect(got).toMatchObject({ stopcode: 1, iterdone: 10, nmajordone: 0, summarymajor: [], cycleniter: 10 })
    expect(got.cyclethreshold).toBe(Math.fround(0.1))
    expect(got.maxpsfsidelobe).toBeGreaterThan(0)
  })

  it('says which product is missing', async () => {
    await expect(createNativeEngine().deconvolve({ imagename, niter: 10 })).rejects.toThrow(
      `expected ${imagename}.residual.fits, got no such file: make it with tclean first`,
    )
  })
})

describe('what is refused, before any file is written', () => {
  it.each<[string, () => Partial<TcleanInput>, RegExp]>([
    [
      'a missing file',
      () => ({ vis: join(folder, 'none.uvfits') }),
      /expected a readable file for vis, got '.*none.uvfits', which does not exist/,
    ],
    [
      'a missing mask',
      () => ({ mask: join(folder, 'm.fits') }),
      /expected a readable file for mask, got '.*m.fits', which does not exist/,
    ],
    [
      'a folder that cannot be written',
      () => ({ imagename: `${VIS}/x` }),
      /expected a folder that can be written to for imagename, got '.*m87.uvfits'/,
    ],
    ['imsize 0', () => ({ imsize: 0 }), /expected one or two positive integers for imsize, got 0/],
    ["cell '15'", () => ({ cell: '15' }), /got the text '15' without a unit/],
    ['an unknown parameter', () => ({ nitre: 5 }) as object, /did you mean 'niter'/],
    [
      'a field number that is not in the data',
      () => ({ phasecenter: 7 }),
      /expected phasecenter to be a direction or a field number of the data \(0\), got 7/,
    ],
  ])('%s', async (_what, changes, message) => {
    await expect(createNativeEngine().tclean({ ...input, ...changes() })).rejects.toThrow(message)
    expect(readdirSync(folder)).toEqual([])
  })

  it('something that is not UVFITS, and a truncated file', async () => {
    const text = join(folder, 'notes.txt')
    writeFileSync(text, 'not an observation '.repeat(200))
    await expect(createNativeEngine().tclean({ ...input, vis: text })).rejects.toThrow(/FITS/)
    const short = join(folder, 'short.uvfits')
    copyFileSync(VIS, short)
    truncateSync(short, 200_000)
    await expect(createNativeEngine().tclean({ ...input, vis: short })).rejects.toThrow(/expected/)
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'short.uvfits'])
  })

  it('a second mask', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, niter: 1 })
    await expect(engine.tclean({ ...input, niter: 1, mask: 'circle[[32pix,32pix],4pix]' })).rejects.toThrow(
      /expected no mask because .*x\.mask\.fits exists and is gone on with, got one/,
    )
  })

  it('a model of another size, without replacing the PSF', async () => {
    const engine = createNativeEngine()
    await engine.tclean({ ...input, niter: 1 })
    await expect(engine.tclean({ ...input, imsize: 32, niter: 1 })).rejects.toThrow(
      /expected .*x\.(model|mask)\.fits to have shape \[32, 32, 1, 1\] like the image, got \[64, 64, 1, 1\]/,
    )
    expect(await pixelsOf('.psf')).toHaveLength(64 * 64)
  })
})
