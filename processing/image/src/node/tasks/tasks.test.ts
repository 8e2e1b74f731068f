import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imhead } from './imhead.ts'
import { immask } from './immask.ts'
import { imstat } from './imstat.ts'
import { imval } from './imval.ts'
import { exportfits, importfits } from './transfer.ts'

const refs = fileURLToPath(new URL('../../../../../conformance/refs/image/', import.meta.url))
const cube = `${refs}lc_cube_velocity_lsrk.image.fits.gz`
const pair = `${refs}tp_cube_IV_clark.image.fits.gz`
const answers = JSON.parse(readFileSync(`${refs}iatool.json`, 'utf8')) as Record<string, { value: JsonObject }>

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'image-tasks-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('imstat', () => {
  it('answers as CASA does', async () => {
    const ours = (await imstat({ imagename: pair })) as unknown as JsonObject
    for (const [key, expected] of Object.entries(answers.imstat.value)) {
      if (typeof expected === 'string') expect(ours[key], key).toBe(expected)
      else {
        ;(expected as number[]).forEach((value, i) => {
          const got = (ours[key] as number[])[i]
          expect(Math.abs(got - value), `${key}: ${got}`).toBeLessThanOrEqual(1e-11 * Math.abs(value))
        })
      }
    }
  })

  // Answers of casatasks 6.7 for the same image.
  it.each([
    [{ box: '30,30,31,32', chans: '2~3;5' }, 18, [30, 30, 0, 2], [31, 32, 0, 5]],
    [{ box: '0,0,3,3,10,10,12,12' }, 300, [0, 0, 0, 0], [12, 12, 0, 11]],
    [{ chans: '>8' }, 15552, [0, 0, 0, 9], [71, 71, 0, 11]],
    [{ stokes: 'I' }, 62208, [0, 0, 0, 0], [71, 71, 0, 11]],
    [{ region: 'circle[[36pix,33pix],6pix]', chans: '2~3' }, 226, [30, 27, 0, 2], [42, 39, 0, 3]],
  ])('selects %j', async (selection, npts, blc, trc) => {
    const record = await imstat({ imagename: cube, ...selection })
    expect(record).toMatchObject({ npts: [npts], blc, trc })
  })

  it('sums flux over channels in Jy km/s with the beam of each', async () => {
    const whole = await imstat({ imagename: cube })
    expect(Math.abs(whole.flux![0] / 42.96432754 - 1)).toBeLessThan(1e-8)
    const part = await imstat({ imagename: cube, region: 'circle[[36pix,33pix],6pix], range=[2chan,4chan]' })
    expect(Math.abs(part.flux![0] / 8.21940852 - 1)).toBeLessThan(1e-8)
  })

  it('refuses by name', async () => {
    await expect(imstat({ imagename: cube, box: '1,2,3' })).rejects.toThrow(/\(box\)/)
    await expect(imstat({ imagename: cube, chans: 'x' })).rejects.toThrow(/\(chans\)/)
    await expect(imstat({ imagename: cube, chans: '40' })).rejects.toThrow(/none that reaches it/)
    await expect(imstat({ imagename: cube, stokes: 'V' })).rejects.toThrow(/\(stokes\)/)
    await expect(imstat({ imagename: cube, region: 'x.crtf' })).rejects.toThrow(/x\.crtf/)
    await expect(imstat({ imagename: cube, axes: [7] })).rejects.toThrow(/\(axes\)/)
  })
})

describe('imval', () => {
  it('answers values at the reference pixel and in boxes', async () => {
    const spectrum = await imval({ imagename: cube })
    expect(spectrum).toMatchObject({ blc: [36, 36, 0, 0], trc: [36, 36, 0, 11], unit: 'Jy/beam' })
    expect((spectrum.data as number[])[6]).toBe(0.1925252228975296)
    const box = await imval({ imagename: cube, box: '30,30,31,32', chans: '2~3' })
    expect((box.data as number[][][])[0][0]).toEqual([0.00031472271075472236, 0.0003154935548081994])
    const [lon, lat, stokes, hz] = (box.coords as number[][][][])[0][0][0]
    // The reference's FITS header holds 13 digits of CRVAL, CASA's table all of them.
    expect(lon).toBeCloseTo(5.234157070626323, 12)
    expect(lat).toBeCloseTo(0.7094181109617307, 12)
    expect([stokes, hz]).toEqual([1, expect.closeTo(1420671077.961309, 3)])
    const disc = await imval({ imagename: cube, region: 'circle[[36pix,33pix],1pix]', chans: '2' })
    expect(disc.mask).toEqual([
      [false, true, false],
      [true, true, true],
      [false, true, false],
    ])
  })
})

describe('imhead', () => {
  it('lists as CASA does, to the digits a FITS header holds', async () => {
    const header = (await imhead({ imagename: pair, mode: 'list' })) as JsonObject
    const casa = answers.imhead_list.value
    for (const [key, expected] of Object.entries(casa)) {
      // A FITS image has a pixel mask only where there are blanks; per-plane beams come as in imhead's summary.
      if (key === 'masks' || key === 'perplanebeams' || key === 'date-obs') continue
      if (typeof expected === 'number') {
        expect(Math.abs((header[key] as number) - expected), key).toBeLessThanOrEqual(2e-12 * Math.abs(expected))
      } else expect(header[key], key).toEqual(expected)
    }
    expect((header['date-obs'] as string).slice(0, 25)).toBe((casa['date-obs'] as string).slice(0, 25))
  })

  it('gets and puts one key', async () => {
    const copy = join(folder, 'copy.fits')
    await importfits({ fitsimage: pair, imagename: copy })
    expect(await imhead({ imagename: copy, mode: 'put', hdkey: 'object', hdvalue: 'M87' })).toBe(true)
    expect(await imhead({ imagename: copy, mode: 'get', hdkey: 'object' })).toBe('M87')
    await expect(imhead({ imagename: copy, mode: 'get', hdkey: 'nothing' })).rejects.toThrow(/got 'nothing'/)
    await expect(imhead({ imagename: copy, mode: 'put', hdkey: 'shape', hdvalue: 1 })).rejects.toThrow(/hdkey among/)
    await expect(importfits({ fitsimage: pair, imagename: copy })).rejects.toThrow(/does not exist/)
    const out = join(folder, 'out.fits')
    await exportfits({ imagename: copy, fitsimage: out, velocity: true })
    expect(await imhead({ imagename: out, mode: 'get', hdkey: 'telescope' })).toBe('VLA')
  })
})

describe('immask', () => {
  it('makes, widens and trims a mask image', async () => {
    const outfile = join(folder, 'mask.fits')
    const mask = 'circle[[36pix,33pix],6pix]'
    expect(await immask({ imagename: cube, mask, outfile })).toBe(113 * 12)
    await expect(immask({ imagename: cube, mask, outfile })).rejects.toThrow(/overwrite/)
    const erased = { imagename: cube, mask: 'circle[[36pix,33pix],3pix]', outfile, mode: 'erase' } as const
    expect(await immask(erased)).toBe(84 * 12)
    expect(await immask({ ...erased, mode: 'add' })).toBe(113 * 12)
  })
})
