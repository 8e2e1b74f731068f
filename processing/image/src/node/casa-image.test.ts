import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readImage } from './image-file.ts'
import { openImage } from './image-tool.ts'

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
