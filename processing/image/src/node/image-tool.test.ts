import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageTool, PixelChunk } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openImage } from './image-tool.ts'

const refs = fileURLToPath(new URL('../../../../conformance/refs/image/', import.meta.url))
const answers = JSON.parse(readFileSync(`${refs}iatool.json`, 'utf8')) as Record<string, { value: never }>
type Nested = number | Nested[]

/** Values of a numpy array [x, y, …] in Fortran order, as chunks have them. */
function fortranOrder(nested: Nested, shape: readonly number[]): number[] {
  const total = shape.reduce((product, n) => product * n, 1)
  return Array.from({ length: total }, (_, i) => {
    let rest = i
    let at: Nested = nested
    for (const n of shape) {
      at = (at as Nested[])[rest % n]
      rest = Math.floor(rest / n)
    }
    return Number(at)
  })
}

let folder: string
let tool: ImageTool
let path: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'image-tool-'))
  path = join(folder, 'x.image.fits')
  copyFileSync(`${refs}tp_cube_IV_clark.image.fits.gz`, path)
  tool = await openImage(path)
})
afterAll(() => rmSync(folder, { recursive: true }))

function expectRecord(ours: object, casa: Record<string, unknown>): void {
  for (const [key, expected] of Object.entries(casa)) {
    const got = (ours as Record<string, unknown>)[key]
    if (typeof expected === 'string') expect(got, key).toBe(expected)
    else {
      const list = got as number[]
      ;(expected as number[]).forEach((value, i) => {
        expect(Math.abs(list[i] - value), `${key}[${i}]: ${list[i]} for ${value}`).toBeLessThanOrEqual(
          1e-11 * Math.abs(value),
        )
      })
    }
  }
}

describe('image tool against recorded answers of casatools', () => {
  it('getchunk with corners, strides and dropped axes', async () => {
    expect(await tool.shape()).toEqual([128, 128, 2, 2])
    const chunk = (await tool.getchunk({ blc: [62, 62, 0, 0], trc: [66, 66, 1, 1] })) as PixelChunk
    expect(chunk.shape).toEqual([5, 5, 2, 2])
    expect([...chunk.pixels]).toEqual(fortranOrder(answers.getchunk_5x5.value, chunk.shape))
    const strided = (await tool.getchunk({
      blc: [0, 0, 0, 0],
      trc: [127, 127, 0, 0],
      inc: [32, 32, 1, 1],
    })) as PixelChunk
    expect([...strided.pixels]).toEqual(fortranOrder(answers.getchunk_inc.value, strided.shape))
    const dropped = (await tool.getchunk({ blc: [64, 64, 0, 0], trc: [64, 64, 0, 0] }, { dropdeg: true })) as PixelChunk
    expect(dropped.shape).toEqual([1])
    expect([...dropped.pixels]).toEqual(answers.getchunk_dropdeg.value)
  })

  it('statistics of the whole, of a region and robust', async () => {
    expectRecord(await tool.statistics(), answers.statistics_all.value)
    expectRecord(await tool.statistics({ robust: true }), answers.statistics_robust.value)
    expectRecord(await tool.statistics({ region: 'circle[[64pix,64pix],12pix]' }), answers.statistics_crtf.value)
    const masked = await tool.statistics({ mask: `"${path}" > 0.02` })
    expectRecord(masked, answers.statistics_mask.value)
  })

  it('statistics per plane', async () => {
    const ours = await tool.statistics({ axes: [0, 1] })
    const casa = answers.statistics_axes01.value as Record<string, Nested | string>
    for (const key of ['npts', 'sum', 'sumsq', 'mean', 'rms', 'sigma', 'min', 'max', 'flux'] as const) {
      const expected = fortranOrder(casa[key] as Nested, [2, 2])
      expected.forEach((value, i) => {
        expect(Math.abs(ours[key]![i] / value - 1), `${key}[${i}]`).toBeLessThan(1e-11)
      })
    }
    expect(ours.maxpos).toEqual([])
  })

  it('a single channel and Stokes has a flux', async () => {
    const box = await tool.statistics({ region: 'box[[54pix,54pix],[74pix,74pix]], range=[1chan,1chan], corr=[I]' })
    expect(box.npts).toEqual([441])
    expect(box.flux).toHaveLength(1)
  })

  it('world coordinates', async () => {
    const world = await tool.toworld([10, 20, 0, 1])
    const [lon, lat, stokes, hz] = (answers.toworld_s.value as { string: string[] }).string
    expect(world.string.map(text => text.slice(0, -1))).toEqual([lon, lat, stokes, hz].map(text => text.slice(0, -1)))
    const pixel = await tool.topixel(world.numeric)
    expect(Math.max(...[10, 20, 0, 1].map((value, i) => Math.abs(value - pixel[i])))).toBeLessThan(1e-9)
    const fromText = await tool.topixel(['19:59:28.5', '+40.40.00', 'V', '1.1998714393220096GHz'])
    expect(Math.max(...[64, 64, 1, 1].map((value, i) => Math.abs(value - fromText[i])))).toBeLessThan(1e-6)
  })

  it('beams, header, summary', async () => {
    const beams = await tool.restoringbeam()
    expect(beams).toHaveLength(4)
    const beam = (await tool.restoringbeam(1, 0)) as { majorRad: number }
    expect((beam.majorRad * 648000) / Math.PI).toBeCloseTo(31.18475914001465, 10)
    expect(await tool.fitsheader()).toMatchObject({
      NAXIS3: 2,
      CTYPE3: 'FREQ',
      BUNIT: 'Jy/beam',
      OBJECT: 'F0',
      CASAMBM: true,
    })
    expect(await tool.summary()).toMatchObject({ name: 'x.image.fits', unit: 'Jy/beam', object: 'F0', masks: [] })
    expect(await tool.maskhandler('get')).toEqual(['T'])
  })

  it('getregion answers pixels or mask of the box around a region', async () => {
    const chunk = await tool.getregion('circle[[64pix,64pix],3pix]', { getmask: true })
    expect(chunk.shape).toEqual([7, 7, 2, 2])
    const casa = fortranOrder(answers.getregion_crtf.value, [7, 7, 2, 2])
    expect('mask' in chunk && [...chunk.mask]).toEqual(casa)
  })

  it('putchunk writes, and the change on disk is seen', async () => {
    const other = await openImage(path)
    const before = (await other.getchunk()) as PixelChunk
    await tool.putchunk(
      { shape: [3, 4, 1, 1], pixels: Float64Array.from({ length: 12 }, (_, i) => i / 2) },
      [11, 21, 0, 1],
    )
    const after = (await other.getchunk({ blc: [10, 20, 0, 1], trc: [14, 25, 0, 1] })) as PixelChunk
    expect(after.pixels[6]).toBe(0)
    expect(after.pixels[7]).toBe(0.5)
    expect(after.pixels[11]).toBe(1.5)
    expect(after.pixels[0]).toBe(before.pixels[10 + 128 * (20 + 128 * 2)])
    await expect(tool.putchunk([1, 2, 3], [127])).rejects.toThrow(/fill whole axes/)
    await expect(tool.getchunk({ blc: [200] })).rejects.toThrow(/expected whole blc/)
  })

  it('exportfits in velocity, and never over a file unasked', async () => {
    const out = join(folder, 'velocity.fits')
    await tool.exportfits(out, { velocity: true })
    const velocity = await openImage(out)
    const [, , , channel1] = (await velocity.toworld([0, 0, 0, 1])).numeric
    expect(Math.abs(channel1 / 1199871439.3220096 - 1)).toBeLessThan(1e-12)
    await expect(tool.exportfits(out)).rejects.toThrow(/does not exist/)
  })

  it('refuses what is not there', async () => {
    await expect(openImage(join(folder, 'none.fits'))).rejects.toThrow(/no such file/)
    await expect(tool.statistics({ region: 'nowhere.crtf' })).rejects.toThrow(/nowhere\.crtf/)
    await expect(tool.maskhandler('rename', ['a', 'b'])).rejects.toThrow(/one pixel mask/)
  })
})
