// CASA's image tool through the engine answers as our own does on the same CASA images.

import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CasaEngine, createCasaEngine } from '@cleanbeam/casa'
import { startCasaKernel } from '@cleanbeam/casa/node'
import { openImage, openProductStore } from '@cleanbeam/image/node'
import type { ImageTool, MaskChunk, PixelChunk } from '@cleanbeam/types'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSequence, SHARED } from './recorded-sequence.ts'

const { ms, params } = readSequence('g_tp_cube_hogbom')

describe.skipIf(!existsSync(SHARED))("CASA's image tool", () => {
  let engine: CasaEngine
  let folder: string
  let theirs: ImageTool
  let ours: ImageTool

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cb-casa-'))
    engine = await createCasaEngine(() => startCasaKernel({ cwd: folder }))
    cpSync(join(SHARED, 'ms', ms), join(folder, ms), { recursive: true })
    const call = { ...params, vis: join(folder, ms), imagename: join(folder, 'x'), stokes: 'IV', niter: 10, imsize: 64 }
    await engine.tclean({ ...call, pblimit: 0.7 } as never)
    const path = join(folder, 'x.image')
    ;[theirs, ours] = [await engine.image(path), await openImage(path)]
  })
  afterAll(async () => {
    await engine?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('lists the products that are on disk', async () => {
    const listed = await engine.products(join(folder, 'x'))
    expect(listed).toEqual(await openProductStore(join(folder, 'x'), { format: 'casa' }).list())
  })

  it('tells shape, summary and coordinates', async () => {
    expect(await theirs.shape()).toEqual(await ours.shape())
    expect(await theirs.maskhandler('get')).toEqual(await ours.maskhandler('get'))
    const [a, b] = [await theirs.summary(), await ours.summary()]
    expect(a.unit).toBe(b.unit)
    expect(a.beams.length).toBe(b.beams.length)
    a.beams.forEach((beam, i) => {
      expect(beam.majorRad / b.beams[i].majorRad).toBeCloseTo(1, 6)
      expect(beam.positionAngleRad).toBeCloseTo(b.beams[i].positionAngleRad, 6)
    })
    const [mine, casas] = [await ours.coordsys(), await theirs.coordsys()]
    expect(casas.stokes).toEqual(mine.stokes)
    expect(casas.direction).toMatchObject({ frame: mine.direction.frame, projection: mine.direction.projection })
    for (const name of ['referenceRad', 'referencePixel', 'incrementRad'] as const) {
      casas.direction[name].forEach((value, i) => {
        const turn = name === 'referenceRad' && i === 0 ? 2 * Math.PI : Number.POSITIVE_INFINITY
        const difference = Math.abs(value - mine.direction[name][i])
        expect(Math.min(difference, Math.abs(difference - turn))).toBeLessThan(1e-12)
      })
    }
    expect(casas.spectral.frame).toBe(mine.spectral.frame)
    expect(casas.spectral.referenceHz).toBeCloseTo(mine.spectral.referenceHz, 3)
    expect(casas.spectral.incrementHz).toBeCloseTo(mine.spectral.incrementHz, 3)
    expect(casas.observation.telescope).toBe(mine.observation.telescope)
    expect(casas.observation.dateMjd).toBeCloseTo(mine.observation.dateMjd, 8)
    const [here, there] = [mine, casas].map(system => [...(system.observation.telescopePositionMetres ?? [])])
    expect(Math.hypot(...here.map((metres, i) => metres - there[i]))).toBeLessThan(1e-3)
  })

  it('gives pixels and masks of boxes, and world coordinates', async () => {
    for (const box of [{}, { blc: [3, 5, 1, 0], trc: [20, -1, 1, 1] }, { blc: [0, 0], trc: [63, 63], inc: [2, 3] }]) {
      expect(await theirs.getchunk(box)).toEqual(await ours.getchunk(box))
      const [a, b] = [await theirs.getchunk(box, { getmask: true }), await ours.getchunk(box, { getmask: true })]
      expect([...(a as MaskChunk).mask]).toEqual([...(b as MaskChunk).mask])
    }
    const pixel = [3, 4, 1, 1]
    const [a, b] = [await theirs.toworld(pixel), await ours.toworld(pixel)]
    a.numeric.forEach((value, i) => {
      expect(value / b.numeric[i]).toBeCloseTo(1, 10)
    })
    const back = await theirs.topixel(a.numeric)
    back.forEach((value, i) => {
      expect(value).toBeCloseTo(pixel[i], 6)
    })
  })

  it('counts the same statistics', async () => {
    const region = 'box[[10pix,10pix],[40pix,50pix]]'
    const [a, b] = [await theirs.statistics({ region, robust: true }), await ours.statistics({ region, robust: true })]
    for (const name of ['npts', 'sum', 'rms', 'sigma', 'max', 'min', 'median'] as const) {
      expect((a[name] as number[])[0] / (b[name] as number[])[0]).toBeCloseTo(1, 6)
    }
    expect(a.maxpos).toEqual(b.maxpos)
    const perPlane = await theirs.statistics({ axes: [0, 1] })
    expect(perPlane.npts.length).toBe(4)
  })

  it('writes pixels that our tool reads', async () => {
    const mask = await engine.image(join(folder, 'x.mask'))
    const chunk = (await mask.getchunk({ blc: [2, 2, 0, 0], trc: [5, 4, 0, 0] })) as PixelChunk
    chunk.pixels.fill(0)
    await mask.putchunk(chunk, [2, 2, 0, 0])
    const again = (await (await openImage(join(folder, 'x.mask'))).getchunk()) as PixelChunk
    const zeros = again.pixels.reduce((n, value) => n + (value === 0 ? 1 : 0), 0)
    expect(zeros).toBe(4 * 3)
  })
})
