import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openImage, readImage, writeImage } from '@cleanbeam/image/node'
import type { ImageTool, MaskChunk, PixelChunk, RestoringBeam } from '@cleanbeam/types'
import { afterAll, describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const RUNS = resolve(ROOT, '../shared/refs/runs')
const IATOOL = join(ROOT, 'conformance/refs/image')
const ARCSEC = Math.PI / 648_000
const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-answers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Quantity {
  readonly value: number
  readonly unit: string
}
interface CasaBeam {
  readonly major: Quantity
  readonly minor: Quantity
  readonly positionangle: Quantity
}
type CasaBeams = CasaBeam | { readonly beams: Readonly<Record<string, Readonly<Record<string, CasaBeam>>>> }

/** What was recorded of every product of a run (images.json). */
interface RecordedImage {
  readonly shape: number[]
  readonly brightnessunit: string
  readonly masks: string[]
  readonly defaultmask: string[]
  readonly beam: CasaBeams | Record<string, never>
  readonly min: number
  readonly max: number
  readonly sum: number
  readonly n_masked: number
  readonly nonzero_under_mask: number
  readonly axes: string[]
  readonly crval: number[]
  readonly crpix: number[]
  readonly cdelt: number[]
  readonly units: string[]
}

const close = (got: number, expected: number, tolerance: number, what: string) =>
  expect(Math.abs(got - expected), `${what}: ${got}, recorded ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.max(Math.abs(expected), 1e-30),
  )

function expectBeam(got: RestoringBeam, casa: CasaBeam, what: string): void {
  // Recorded in single precision; FITS keeps degrees of it.
  close(got.majorRad / ARCSEC, casa.major.value, 2e-7, `${what} major`)
  close(got.minorRad / ARCSEC, casa.minor.value, 2e-7, `${what} minor`)
  expect(Math.abs(got.positionAngleRad / ARCSEC / 3600 - casa.positionangle.value), what).toBeLessThan(1e-5)
}

async function expectBeams(tool: ImageTool, casa: RecordedImage['beam'], what: string): Promise<void> {
  if (Object.keys(casa).length === 0) {
    expect(await tool.restoringbeam(), what).toBeNull()
    return
  }
  if (!('beams' in casa)) {
    expectBeam((await tool.restoringbeam()) as RestoringBeam, casa as CasaBeam, what)
    return
  }
  for (const [channel, stokes] of Object.entries(casa.beams as Record<string, Record<string, CasaBeam>>))
    for (const [polarisation, beam] of Object.entries(stokes)) {
      const got = await tool.restoringbeam(Number(channel.slice(1)), Number(polarisation.slice(1)))
      expectBeam(got as RestoringBeam, beam, `${what} ${channel} ${polarisation}`)
    }
}

async function expectImage(tool: ImageTool, casa: RecordedImage, what: string): Promise<void> {
  expect(await tool.shape(), what).toEqual(casa.shape)
  const summary = await tool.summary()
  expect(summary.unit, what).toBe(casa.brightnessunit)
  expect(summary.masks.length > 0, what).toBe(casa.n_masked > 0)
  await expectBeams(tool, casa.beam, what)
  const { direction, spectral } = await tool.coordsys()
  const world = (await tool.toworld(casa.crpix)).numeric
  casa.crval.forEach((value, axis) => {
    close(world[axis], value, 1e-12, `${what} crval${axis}`)
  })
  const increments = [...direction.incrementRad, 1, spectral.incrementHz]
  casa.cdelt.forEach((value, axis) => {
    close(increments[axis], value, 1e-12, `${what} cdelt${axis}`)
  })
  const back = (await tool.topixel(casa.crval)) as number[]
  casa.crpix.forEach((value, axis) => {
    expect(Math.abs(back[axis] - value), `${what} crpix${axis}`).toBeLessThan(1e-6)
  })
  const statistics = await tool.statistics()
  const { mask } = (await tool.getchunk({}, { getmask: true })) as MaskChunk
  expect(mask.filter(good => good === 0).length, what).toBe(casa.n_masked)
  if (statistics.npts[0] === 0) return
  // Recorded of all pixels, the zeros under the mask among them.
  if (casa.nonzero_under_mask === 0) {
    const under = casa.n_masked > 0 ? 0 : Number.NaN
    const extremes = (values: number[]) => values.filter(value => !Number.isNaN(value))
    close(Math.min(...extremes([statistics.min[0], under])), casa.min, 1e-12, `${what} min`)
    close(Math.max(...extremes([statistics.max[0], under])), casa.max, 1e-12, `${what} max`)
  }
  // Numpy adds the pixels with those under the mask as they are; the exported images have none there.
  if (casa.n_masked === 0) close(statistics.sum[0], casa.sum, 1e-9, `${what} sum`)
}

const runs = existsSync(RUNS) ? readdirSync(RUNS).filter(name => existsSync(join(RUNS, name, 'images.json'))) : []

describe.runIf(runs.length > 0)('the image tool on the products of the reference runs', () => {
  it.each(runs)('%s', async run => {
    const recorded = JSON.parse(readFileSync(join(RUNS, run, 'images.json'), 'utf8')) as Record<string, RecordedImage>
    let nImage = 0
    for (const [name, casa] of Object.entries(recorded)) {
      const file = join(RUNS, run, `${name}.fits.gz`)
      if (!existsSync(file) || casa.shape === undefined) continue
      await expectImage(await openImage(file), casa, name)
      nImage++
    }
    expect(nImage).toBeGreaterThan(3)
  })
})

describe('the image tool on a CASA image made of the recorded one', () => {
  const answers = JSON.parse(readFileSync(join(IATOOL, 'iatool.json'), 'utf8')) as Record<string, { value: never }>
  const answer = <T>(name: string): T => answers[name].value as T

  async function casaImage(): Promise<ImageTool> {
    const path = join(folder, 'tp_cube_IV_clark.image')
    if (!existsSync(path)) {
      const cube = await readImage(join(IATOOL, 'tp_cube_IV_clark.image.fits.gz'))
      await writeImage(path, { ...cube, mask: new Uint8Array(cube.pixels.length).fill(1) }, { format: 'casa' })
    }
    return openImage(path)
  }

  it('answers as ia does: shape, unit, masks, beams, coordinates', async () => {
    const tool = await casaImage()
    expect(await tool.shape()).toEqual(answer('shape'))
    expect(await tool.maskhandler('get')).toEqual(answer('maskhandler_get'))
    expect(await tool.maskhandler('default')).toEqual(answer('maskhandler_default'))
    await expectBeams(tool, answer('restoringbeam'), 'restoringbeam')
    const summary = await tool.summary()
    expect(summary.unit).toBe(answer('brightnessunit'))
    expect(summary.name).toBe(answer('name'))
    expect([summary.masks, summary.defaultMask]).toEqual([['mask0'], 'mask0'])
    const { direction, stokes, spectral, observation } = await tool.coordsys()
    expect(stokes).toEqual(answer('csys_stokes'))
    expect(spectral.restFrequencyHz).toBe(answer<{ value: number[] }>('csys_restfrequency').value[0])
    expect(direction.projection).toBe(answer<{ type: string }>('csys_projection').type)
    expect([...direction.projectionParameters]).toEqual(answer<{ parameters: number[] }>('csys_projection').parameters)
    expect(observation.telescope).toBe(answer('csys_telescope'))
    expect([direction.frame, '', spectral.frame]).toEqual(answer('csys_referencecode'))
    const epoch = answer<{ m0: Quantity }>('csys_epoch').m0
    expect(Math.abs(observation.dateMjd - epoch.value)).toBeLessThan(1e-9)
    const reference = answer<{ numeric: number[] }>('csys_referencevalue').numeric
    const pixel = answer<{ numeric: number[] }>('csys_referencepixel').numeric
    const increment = answer<{ numeric: number[] }>('csys_increment').numeric
    const world = (await tool.toworld(pixel)).numeric
    reference.forEach((value, axis) => {
      close(world[axis], value, 1e-12, `reference value ${axis}`)
    })
    ;[...direction.incrementRad, 1, spectral.incrementHz].forEach((value, axis) => {
      close(value, increment[axis], 1e-12, `increment ${axis}`)
    })
  })

  it('answers as ia does: world and pixel coordinates', async () => {
    const tool = await casaImage()
    const recorded = answer<{ numeric: number[] }>('toworld').numeric
    const centre = await tool.toworld([64, 64, 0, 1])
    recorded.forEach((value, axis) => {
      close(centre.numeric[axis], value, 1e-12, `world ${axis}`)
    })
    const text = await tool.toworld([10, 20, 0, 1])
    const pixel = await tool.topixel(text.numeric)
    answer<{ numeric: number[] }>('topixel').numeric.forEach((value, axis) => {
      expect(Math.abs(pixel[axis] - value), `pixel ${axis}`).toBeLessThan(1e-9)
    })
  })

  it('answers as ia does: pixels, masks, regions', async () => {
    const tool = await casaImage()
    const corner = (await tool.getchunk({ blc: [0, 0, 0, 0], trc: [9, 9, 0, 0] }, { getmask: true })) as MaskChunk
    expect([...corner.mask].map(good => good === 1)).toEqual(flat(answer('getchunk_mask_corner'), [10, 10, 1, 1]))
    const box = (await tool.getregion('box[[61pix,61pix],[67pix,67pix]], corr=[I]')) as PixelChunk
    expect(box.shape).toEqual([7, 7, 1, 2])
    expect([...box.pixels]).toEqual(flat(answer('getregion_box'), [7, 7, 1, 2]))
    const value = answer<{ value: Quantity; mask: boolean }>('pixelvalue')
    const one = (await tool.getchunk({ blc: [64, 64, 0, 0], trc: [64, 64, 0, 0] })) as PixelChunk
    expect(one.pixels[0]).toBe(value.value.value)
  })

  it('finds free keywords and history in an image that tclean wrote', async () => {
    execFileSync('tar', ['xzf', join(ROOT, 'conformance/refs/native/tp_cube_hogbom.tar.gz'), '-C', folder])
    const cube = await readImage(join(folder, 'tp_cube_hogbom.image'))
    const recorded = Object.keys(answer<object>('miscinfo'))
    expect(Object.keys(cube.miscInfo).sort()).toEqual(recorded.sort())
    expect(cube.miscInfo.INSTRUME).toBe('VLA')
    expect(cube.history.slice(0, 2)).toEqual(answer('history'))
  })
})

/** Values of a numpy array in Fortran order. */
function flat<T extends number | boolean>(nested: unknown, shape: readonly number[]): T[] {
  const total = shape.reduce((product, n) => product * n, 1)
  return Array.from({ length: total }, (_, i) => {
    let rest = i
    let at = nested
    for (const n of shape) {
      at = (at as unknown[])[rest % n]
      rest = Math.floor(rest / n)
    }
    return at as T
  })
}
