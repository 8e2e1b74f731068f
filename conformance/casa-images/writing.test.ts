import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createImage, worldOfPixel } from '@cleanbeam/image'
import { readImage, writeImage } from '@cleanbeam/image/node'
import type { ImageCube } from '@cleanbeam/types'
import { afterAll, describe, expect, it } from 'vitest'
import { hasCasacore } from '../casatable/reference-tables.ts'

const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-images-'))
const withCasacore = hasCasacore()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Quantity {
  readonly value: number
  readonly unit: string
}

interface ImageDump {
  readonly shape: number[]
  readonly pixels: number[]
  readonly good: boolean[]
  readonly unit: string
  readonly info: {
    readonly objectname: string
    readonly perplanebeams?: Readonly<Record<string, { readonly major: Quantity }>>
  }
  readonly history: string[]
  readonly world: number[][]
}

function dump(path: string, pixels: readonly (readonly number[])[]): ImageDump {
  const script = join(import.meta.dirname, 'dump_image.py')
  const text = execFileSync('/usr/bin/python3', [script, path, JSON.stringify(pixels)], { maxBuffer: 1 << 28 })
  return JSON.parse(text.toString()) as ImageDump
}

const ARCSEC = Math.PI / 648_000
const base: ImageCube['coordinates'] = {
  direction: {
    frame: 'J2000',
    projection: 'SIN',
    projectionParameters: [0, 0],
    referenceRad: [5.2, 0.71],
    referencePixel: [2.5, 3],
    incrementRad: [-20 * ARCSEC, 20 * ARCSEC],
    pc: [1, 0, 0, 1],
    longPoleRad: Math.PI,
    latPoleRad: 0.71,
  },
  stokes: ['I', 'V'],
  spectral: { frame: 'LSRK', referenceHz: 1.42e9, referencePixel: 1, incrementHz: -25e3, restFrequencyHz: 1.42e9 },
  observation: {
    telescope: 'VLA',
    observer: 'someone',
    dateMjd: 57174.25,
    telescopePositionMetres: [-1601184.1, -5041989.2, 3554874.5],
    object: 'F0',
    pointing: { frame: 'J2000', longitudeRad: 5.2, latitudeRad: 0.71 },
  },
}
const unknown = { ...base.observation, dateMjd: Number.NaN, telescopePositionMetres: null, pointing: null }
const cases: readonly [string, ImageCube['coordinates']][] = [
  ['SIN, J2000, even channels', base],
  [
    'TAN, galactic, rotated',
    { ...base, direction: { ...base.direction, frame: 'GALACTIC', projection: 'TAN', pc: [0.8, 0.6, -0.6, 0.8] } },
  ],
  [
    'uneven channels',
    { ...base, spectral: { ...base.spectral, referenceHz: 1e9, referencePixel: 0, tableHz: [1e9, 1.1e9, 1.35e9] } },
  ],
  ['nothing known of the observation', { ...base, observation: unknown }],
  ['frame not known', { ...base, stokes: ['RR', 'LL'], spectral: { ...base.spectral, frame: 'Undefined' } }],
]

describe.runIf(withCasacore)('casacore opens the images we write', () => {
  it.each(cases)('%s', async (name, coordinates) => {
    const pixels = Float32Array.from({ length: 6 * 5 * 2 * 3 }, (_, i) => Math.sin(i))
    const mask = Uint8Array.from(pixels, (_, i) => (i % 7 === 0 ? 0 : 1))
    const beams = Array.from({ length: 6 }, (_, i) => ({
      majorRad: (40 + i) * ARCSEC,
      minorRad: 30 * ARCSEC,
      positionAngleRad: 0.1 * i,
    }))
    const parts = { pixels, mask, beams, unit: 'Jy/beam', history: ['first', 'second'] }
    const cube = createImage([6, 5, 2, 3], coordinates, parts)
    const path = join(folder, name.replaceAll(/\W+/g, '_'))
    await writeImage(path, cube, { format: 'casa' })
    const probes = [
      [0, 0, 0, 0],
      [5, 4, 1, 2],
      [2, 1, 0, 1],
    ]
    const found = dump(path, probes)
    expect(found.shape).toEqual([6, 5, 2, 3])
    expect(Float32Array.from(found.pixels)).toEqual(pixels)
    expect(found.good).toEqual(Array.from(mask, good => good === 1))
    expect(found).toMatchObject({ unit: 'Jy/beam', history: ['first', 'second'], info: { objectname: 'F0' } })
    for (let stokes = 0; stokes < 2; stokes++) {
      for (let channel = 0; channel < 3; channel++) {
        // casacore counts channels fastest.
        const major = found.info.perplanebeams?.[`*${channel + 3 * stokes}`].major
        expect(major?.unit).toBe('arcsec')
        expect(Math.abs((major?.value ?? 0) - (40 + stokes + 2 * channel))).toBeLessThan(1e-12)
      }
    }
    probes.forEach((probe, i) => {
      const ours = worldOfPixel(coordinates, probe)
      const [longitude, latitude, , hz] = found.world[i]
      const turn = Math.abs(ours[0] - longitude) % (2 * Math.PI)
      const apart = [Math.min(turn, 2 * Math.PI - turn), ours[1] - latitude].map(rad => Math.abs((rad * 180) / Math.PI))
      expect(Math.max(...apart), `degrees between ${ours} and ${found.world[i]}`).toBeLessThan(1e-9)
      expect(Math.abs(hz / ours[3] - 1)).toBeLessThan(1e-12)
    })
  })

  it('an image read from FITS', async () => {
    const fits = join(import.meta.dirname, '../refs/image/tp_cube_IV_clark.image.fits.gz')
    const cube = await readImage(fits)
    const path = join(folder, 'from-fits')
    await writeImage(path, cube, { format: 'casa' })
    expect(Float32Array.from(dump(path, []).pixels)).toEqual(cube.pixels)
  })
})
