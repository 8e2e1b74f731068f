import { fileURLToPath } from 'node:url'
import { encodeImage, FitsHeader, type ImageToWrite, memorySource, readFits } from '@cleanbeam/fits'
import type { ImageCoordinates, ImageCube } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { decodeFitsImage, encodeFitsImage } from '../fits/fits-image.ts'
import { createImage } from '../image-cube.ts'
import { readImage } from './image-file.ts'

const refs = fileURLToPath(new URL('../../../../conformance/refs/', import.meta.url))

const coordinates: ImageCoordinates = {
  direction: {
    frame: 'J2000',
    projection: 'SIN',
    projectionParameters: [0, 0],
    referenceRad: [5.2, 0.71],
    referencePixel: [2, 1.5],
    incrementRad: [-1e-5, 1e-5],
    pc: [1, 0, 0, 1],
    longPoleRad: Math.PI,
    latPoleRad: 0.71,
  },
  stokes: ['I', 'V'],
  spectral: { frame: 'LSRK', referenceHz: 1.42e9, referencePixel: 1, incrementHz: -25e3, restFrequencyHz: 1.42e9 },
  observation: {
    telescope: 'VLA',
    observer: "O'Neill",
    dateMjd: 57174.25,
    telescopePositionMetres: [-1601184.1, -5041989.2, 3554874.5],
    object: 'F0',
    pointing: { frame: 'J2000', longitudeRad: 5.2, latitudeRad: 0.71 },
  },
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]))
}

async function roundTrip(cube: ImageCube): Promise<ImageCube> {
  return decodeFitsImage(await readFits(memorySource(concatenate(encodeFitsImage(cube)))))
}

async function decode(image: Omit<ImageToWrite, 'header'>, cards: Record<string, string | number>): Promise<ImageCube> {
  const header = new FitsHeader()
  for (const [keyword, value] of Object.entries(cards)) header.set(keyword, value)
  return decodeFitsImage(await readFits(memorySource(concatenate(encodeImage({ ...image, header })))))
}

const sky = {
  CTYPE1: 'RA---TAN',
  CRVAL1: 10,
  CRPIX1: 1,
  CDELT1: -0.1,
  CTYPE2: 'DEC--TAN',
  CRVAL2: 20,
  CRPIX2: 1,
  CDELT2: 0.1,
}

function worstDifference(a: ImageCoordinates, b: ImageCoordinates): number {
  const numbers = (c: ImageCoordinates) => [
    ...c.direction.referenceRad,
    ...c.direction.referencePixel,
    ...c.direction.incrementRad.map(value => value * 1e5),
    c.direction.latPoleRad,
    c.spectral.referenceHz / 1e9,
    c.spectral.referencePixel,
    c.spectral.incrementHz / 1e4,
    c.observation.dateMjd / 1e4,
  ]
  const other = numbers(b)
  return Math.max(...numbers(a).map((value, i) => Math.abs(value - other[i])))
}

describe('FITS form of a cube', () => {
  const beams = Array.from({ length: 6 }, (_, i) => ({
    majorRad: Math.fround(3 + i) * 1e-5,
    minorRad: 2e-5,
    positionAngleRad: 0.1 * i - 0.3,
  }))
  const pixels = Float32Array.from({ length: 4 * 3 * 2 * 3 }, (_, i) => Math.fround(Math.sin(i)))
  const mask = Uint8Array.from(pixels, (_, i) => (i % 5 === 0 ? 0 : 1))

  it('is read back: order of axes, values under blanks, beams per plane, keywords, history', async () => {
    const cube = createImage([4, 3, 2, 3], coordinates, {
      pixels,
      mask,
      beams,
      unit: 'Jy/beam',
      miscInfo: { INSTRUME: 'VLA', USEWEIGH: false, DISTANCE: 0 },
      history: ['taskname=tclean', 'niter=100'],
    })
    const back = await roundTrip(cube)
    expect(back.shape).toEqual(cube.shape)
    expect(back.pixels).toEqual(pixels)
    expect(back.mask).toEqual(mask)
    expect(worstDifference(back.coordinates, coordinates)).toBeLessThan(1e-11)
    expect(back.coordinates.observation).toMatchObject({ telescope: 'VLA', observer: "O'Neill", object: 'F0' })
    expect(back.coordinates.stokes).toEqual(['I', 'V'])
    expect(back).toMatchObject({ unit: 'Jy/beam', miscInfo: cube.miscInfo, history: cube.history })
    back.beams.forEach((beam, i) => {
      expect(Math.abs(beam.majorRad / beams[i].majorRad - 1)).toBeLessThan(1e-7)
      expect(Math.abs(beam.positionAngleRad - beams[i].positionAngleRad)).toBeLessThan(1e-7)
    })
  })

  it('keeps NaN as blanks without a pixel mask', async () => {
    const holed = pixels.slice()
    holed[7] = Number.NaN
    const back = await roundTrip(createImage([4, 3, 2, 3], coordinates, { pixels: holed }))
    expect(back.mask?.[7]).toBe(0)
    expect(back.mask?.reduce((sum, value) => sum + value, 0)).toBe(holed.length - 1)
  })

  it('keeps uneven channels in a table, and even ones in the header', async () => {
    const tableHz = [1.42e9, 1.4201e9, 1.4203e9]
    const uneven = { ...coordinates, spectral: { ...coordinates.spectral, tableHz } }
    const back = await roundTrip(createImage([4, 3, 2, 3], uneven, { pixels, mask }))
    expect(back.coordinates.spectral).toMatchObject({ tableHz, referenceHz: 1.42e9, referencePixel: 0, frame: 'LSRK' })
    expect(back.miscInfo).toEqual({})
    const even = { ...coordinates, spectral: { ...coordinates.spectral, tableHz: [1.42e9, 1.43e9, 1.44e9] } }
    const { spectral } = (await roundTrip(createImage([4, 3, 2, 3], even, { pixels }))).coordinates
    expect(spectral.tableHz).toBeUndefined()
    expect(spectral).toMatchObject({ referenceHz: 1.42e9, incrementHz: 1e7, referencePixel: 0 })
  })

  it('reads CASA images: beams, shape, coordinates', async () => {
    const cube = await readImage(`${refs}image/tp_cube_IV_clark.image.fits.gz`)
    expect(cube.shape).toEqual([128, 128, 2, 2])
    expect(cube.coordinates.stokes).toEqual(['I', 'V'])
    expect((cube.beams[2].majorRad * 648000) / Math.PI).toBeCloseTo(31.18475914001465, 9)
    expect(cube.coordinates.direction).toMatchObject({ frame: 'J2000', projection: 'SIN', referencePixel: [64, 64] })
    expect(cube.coordinates.spectral).toMatchObject({ frame: 'LSRK', restFrequencyHz: 1e9 })
    expect(Math.max(...cube.pixels)).toBe(1.495631456375122)
    // CASA finds the maximum at pixel (44, 56) of Stokes I, channel 1.
    expect(cube.pixels.indexOf(Math.fround(1.495631456375122))).toBe(44 + 128 * (56 + 128 * 2))
  })

  it('accepts two axes, and other orders of four', async () => {
    const flat = await decode({ shape: [3, 2], pixels: Float32Array.of(1, 2, 3, 4, 5, 6) }, sky)
    expect(flat.shape).toEqual([3, 2, 1, 1])
    expect(flat.coordinates.stokes).toEqual(['I'])
    expect(flat.coordinates.direction).toMatchObject({ frame: 'ICRS', projection: 'TAN' })

    const turned = await decode(
      { shape: [2, 3, 2], pixels: Float32Array.from({ length: 12 }, (_, i) => i) },
      {
        CTYPE1: 'FREQ',
        CRVAL1: 1.4,
        CDELT1: 0.1,
        CRPIX1: 1,
        CUNIT1: 'GHz',
        CTYPE2: 'DEC--SIN',
        CRVAL2: 20,
        CDELT2: 0.1,
        CRPIX2: 1,
        CTYPE3: 'RA---SIN',
        CRVAL3: 10,
        CDELT3: -0.1,
        CRPIX3: 1,
      },
    )
    expect(turned.shape).toEqual([2, 3, 1, 2])
    expect(turned.coordinates.direction.incrementRad[0]).toBeLessThan(0)
    expect(turned.coordinates.spectral.referenceHz).toBeCloseTo(1.4e9, 3)
    // Pixel (x, y, channel) is channel + 2·y + 6·x on disk.
    expect([...turned.pixels]).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11])
  })

  it('scales integers and blanks BLANK', async () => {
    const cube = await decode(
      { shape: [2, 2], pixels: Int16Array.of(-1, 2, 3, 4) },
      { ...sky, BSCALE: 0.5, BZERO: 10, BLANK: -1 },
    )
    expect([...cube.mask!]).toEqual([0, 1, 1, 1])
    expect([...cube.pixels.slice(1)]).toEqual([11, 11.5, 12])
  })

  it('reads CD matrices and rotations', async () => {
    const rotation = 0.3
    const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)]
    const { CDELT1: _1, CDELT2: _2, ...rest } = sky
    const image = { shape: [2, 2], pixels: new Float32Array(4) }
    const cd = await decode(image, {
      ...rest,
      CD1_1: -0.1 * cos,
      CD1_2: -0.1 * sin,
      CD2_1: -0.1 * sin,
      CD2_2: 0.1 * cos,
    })
    const crota = await decode(image, { ...sky, CROTA2: (rotation * 180) / Math.PI })
    const matrix = ({ coordinates: { direction: d } }: ImageCube) =>
      d.pc.map((p, i) => p * d.incrementRad[i < 2 ? 0 : 1])
    const expected = [-0.1 * cos, -0.1 * sin, -0.1 * sin, 0.1 * cos].map(value => (value * Math.PI) / 180)
    matrix(cd).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 15)
    })
    matrix(crota).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 15)
    })
  })

  it('turns velocity axes into frequencies, tabular where they bend', async () => {
    const image = { shape: [1, 1, 3], pixels: new Float32Array(3) }
    const axis = { CRVAL3: 1e6, CDELT3: 1e4, CRPIX3: 1, CUNIT3: 'm/s', RESTFRQ: 1.4e9 }
    const radio = await decode(image, { ...sky, ...axis, CTYPE3: 'VRAD' })
    expect(radio.coordinates.spectral.tableHz).toBeUndefined()
    expect(radio.coordinates.spectral.referenceHz).toBeCloseTo(1.4e9 * (1 - 1e6 / 299792458), 3)
    const optical = await decode(image, { ...sky, ...axis, CTYPE3: 'VOPT' })
    expect(optical.coordinates.spectral.tableHz?.[2]).toBeCloseTo(1.4e9 / (1 + 1.02e6 / 299792458), 3)
  })

  it('refuses what it cannot say or read, by name', async () => {
    const uneven = { ...coordinates, stokes: ['I', 'Q', 'V'] as const }
    expect(() => encodeFitsImage(createImage([1, 1, 3, 1], uneven))).toThrow(/evenly spaced in FITS/)
    const image = { shape: [1, 1, 2], pixels: new Float32Array(2) }
    await expect(decode(image, { ...sky, CTYPE3: 'UU---SIN' })).rejects.toThrow(/got 'UU---SIN' with 2 pixels/)
    const plane = { shape: [1, 1], pixels: new Float32Array(1) }
    await expect(decode(plane, { ...sky, CTYPE1: 'XX' })).rejects.toThrow(/right ascension and declination/)
    await expect(decode(plane, { ...sky, CTYPE1: 'RA---XXX' })).rejects.toThrow(/a projection among/)
    await expect(decode(image, { ...sky, CTYPE3: 'VOPT' })).rejects.toThrow(/RESTFRQ/)
    expect(() => createImage([2, 2, 1, 1], coordinates)).toThrow(/expected 1 Stokes/)
  })
})
