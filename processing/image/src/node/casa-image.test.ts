import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createImage } from '../image-cube.ts'
import { readImage, writeImage } from './image-file.ts'
import { openImage } from './image-tool.ts'
import { openProductStore } from './product-store.ts'
import { imhead } from './tasks/imhead.ts'

const refs = fileURLToPath(new URL('../../../../conformance/refs/', import.meta.url))
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'casa-image-'))
  for (const name of ['lc_cube_velocity_lsrk', 'wb_mtmfs_nt2']) {
    execFileSync('tar', ['xzf', join(refs, 'native', `${name}.tar.gz`), '-C', folder])
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('CASA images', () => {
  it('hold what their FITS export holds', async () => {
    const native = await readImage(join(folder, 'lc_cube_velocity_lsrk.image'))
    const fits = await readImage(join(refs, 'image/lc_cube_velocity_lsrk.image.fits.gz'))
    expect(native.shape).toEqual(fits.shape)
    expect(native.mask).toEqual(fits.mask)
    expect(native.pixels).toEqual(fits.pixels)
    expect(native.unit).toBe('Jy/beam')
    expect(native.coordinates.stokes).toEqual(['I'])
    const worst = (ours: readonly number[], theirs: readonly number[]) =>
      Math.max(...ours.map((value, i) => Math.abs(value - theirs[i])))
    const [a, b] = [native.coordinates, fits.coordinates]
    expect(worst(a.direction.referenceRad, b.direction.referenceRad)).toBeLessThan(1e-12)
    expect(worst(a.direction.incrementRad, b.direction.incrementRad)).toBeLessThan(1e-16)
    expect(worst(a.direction.referencePixel, b.direction.referencePixel)).toBeLessThan(1e-12)
    expect(a.direction).toMatchObject({ frame: 'J2000', projection: 'SIN', pc: [1, 0, 0, 1] })
    expect(
      worst([a.direction.longPoleRad, a.direction.latPoleRad], [b.direction.longPoleRad, b.direction.latPoleRad]),
    ).toBeLessThan(1e-12)
    expect(a.spectral).toMatchObject({ frame: 'LSRK', referencePixel: 0 })
    // The cards have twelve decimals.
    expect(Math.abs(a.spectral.referenceHz - b.spectral.referenceHz)).toBeLessThan(1e-3)
    expect(Math.abs(a.spectral.incrementHz - b.spectral.incrementHz)).toBeLessThan(1e-6)
    expect(Math.abs(a.spectral.restFrequencyHz - b.spectral.restFrequencyHz)).toBeLessThan(1e-3)
    expect(worst(a.observation.telescopePositionMetres!, b.observation.telescopePositionMetres!)).toBeLessThan(1e-3)
    expect(a.observation).toMatchObject({ telescope: 'VLA', observer: 'CASA simulator', object: 'F0' })
    expect(Math.abs(a.observation.dateMjd - b.observation.dateMjd)).toBeLessThan(1e-10)
    expect(native.beams).toHaveLength(12)
    expect(
      worst(
        native.beams.map(beam => beam.majorRad * 1e4),
        fits.beams.map(beam => beam.majorRad * 1e4),
      ),
    ).toBeLessThan(1e-10)
    expect(native.miscInfo).toMatchObject({ INSTRUME: 'VLA', useweightimage: false })
    expect(native.history[0]).toBe('taskname=tclean')
  })

  it('have one beam, or none, and may have no pixel mask', async () => {
    const image = await readImage(join(folder, 'wb_mtmfs_nt2.image.tt0'))
    expect(image.beams.map(beam => (beam.majorRad * 648000) / Math.PI)[0]).toBeCloseTo(23.964767456054688, 10)
    const mask = await readImage(join(folder, 'wb_mtmfs_nt2.mask'))
    expect(mask.beams).toEqual([])
    expect(mask.mask).toBeNull()
    expect(new Set(mask.pixels)).toEqual(new Set([1]))
  })

  it('answer the image tool', async () => {
    const tool = await openImage(join(folder, 'lc_cube_velocity_lsrk.image'))
    expect(await tool.shape()).toEqual([72, 72, 1, 12])
    expect((await tool.statistics()).npts).toEqual([72 * 72 * 12])
  })

  it('are refused by name when they are something else', async () => {
    const log = join(folder, 'lc_cube_velocity_lsrk.image/logtable')
    await expect(readImage(log)).rejects.toThrow(/got a table of another kind: Log message/)
    const empty = join(folder, 'empty')
    mkdirSync(empty)
    writeFileSync(join(empty, 'x'), '')
    await expect(readImage(empty)).rejects.toThrow(/empty/)
  })
})

describe('CASA images we write', () => {
  it('are read back equal', async () => {
    const cube = await readImage(join(folder, 'lc_cube_velocity_lsrk.image'))
    const path = join(folder, 'copy.image')
    await writeImage(path, cube, { format: 'casa' })
    const back = await readImage(path)
    expect(back.pixels).toEqual(cube.pixels)
    expect(back.coordinates.direction).toEqual(cube.coordinates.direction)
    expect(back.coordinates.spectral).toEqual(cube.coordinates.spectral)
    expect(back.miscInfo).toEqual(cube.miscInfo)
    expect(back.history).toEqual(cube.history)
    expect(back.beams).toHaveLength(12)
    back.beams.forEach((beam, i) => {
      expect(Math.abs(beam.majorRad / cube.beams[i].majorRad - 1)).toBeLessThan(1e-15)
    })
    expect(readdirSync(folder).filter(name => name.includes('.part') || name.includes('.old'))).toEqual([])
  })

  it('keep beams per plane, masks over values, uneven channels, rotation, and what is unknown', async () => {
    const { coordinates } = await readImage(join(folder, 'lc_cube_velocity_lsrk.image'))
    const pixels = Float32Array.from({ length: 5 * 4 * 2 * 3 }, (_, i) => Math.sin(i))
    const cube = createImage(
      [5, 4, 2, 3],
      {
        ...coordinates,
        stokes: ['I', 'V'],
        direction: { ...coordinates.direction, frame: 'GALACTIC', projection: 'TAN', pc: [0.8, 0.6, -0.6, 0.8] },
        spectral: { ...coordinates.spectral, referenceHz: 1e9, incrementHz: 1e8, tableHz: [1e9, 1.1e9, 1.35e9] },
        observation: { ...coordinates.observation, dateMjd: Number.NaN, telescopePositionMetres: null, pointing: null },
      },
      {
        pixels,
        mask: Uint8Array.from(pixels, (_, i) => (i % 7 === 0 ? 0 : 1)),
        beams: Array.from({ length: 6 }, (_, i) => ({
          majorRad: (10 + i) * 1e-5,
          minorRad: 5e-5,
          positionAngleRad: 0.1 * i,
        })),
        unit: 'Jy/beam',
        miscInfo: { A: 'x', B: [1, 2], C: { D: true }, E: ['a', 'b'] },
      },
    )
    const path = join(folder, 'other.image')
    await writeImage(path, cube, { format: 'casa' })
    const back = await readImage(path)
    expect(back.coordinates).toEqual(cube.coordinates)
    expect(back).toMatchObject({ shape: cube.shape, pixels, mask: cube.mask, unit: 'Jy/beam', miscInfo: cube.miscInfo })
    const worst = Math.max(...back.beams.map((beam, i) => Math.abs(beam.majorRad - cube.beams[i].majorRad)))
    expect(worst).toBeLessThan(1e-18)
  })

  it('are changed in place by putchunk and header edits, and never over a file', async () => {
    const path = join(folder, 'copy.image')
    const tool = await openImage(path)
    await tool.putchunk({ shape: [1, 1, 1, 1], pixels: Float64Array.of(42) }, [3, 4, 0, 5])
    const chunk = await tool.getchunk({ blc: [3, 4, 0, 5], trc: [3, 4, 0, 5] })
    expect('pixels' in chunk && [...chunk.pixels]).toEqual([42])
    await imhead({ imagename: path, mode: 'put', hdkey: 'object', hdvalue: 'M87' })
    expect((await readImage(path)).coordinates.observation.object).toBe('M87')
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const cube = await readImage(path)
    await expect(writeImage(file, cube, { format: 'casa' })).rejects.toThrow(/got a file/)
  })

  it('are products of their own format', async () => {
    const cube = await readImage(join(folder, 'wb_mtmfs_nt2.image.tt0'))
    for (const format of ['casa', 'both'] as const) {
      const store = openProductStore(join(folder, format, 'x'), { format })
      await store.write('.image.tt0', cube)
      expect(await store.list()).toEqual({ '.image.tt0': join(folder, format, 'x.image.tt0') })
      store.release()
      expect((await store.read('.image.tt0')).pixels).toEqual(cube.pixels)
      const names = format === 'casa' ? ['x.image.tt0'] : ['x.image.tt0', 'x.image.tt0.fits']
      expect(readdirSync(join(folder, format))).toEqual(names)
      await store.remove('.image.tt0')
      expect(readdirSync(join(folder, format))).toEqual([])
    }
  })
})
