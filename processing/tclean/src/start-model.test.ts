import { createImage } from '@cleanbeam/image'
import type { ImageCoordinates, ImageShape } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { regridModel } from './start-model.ts'

const ARCSEC = Math.PI / 180 / 3600

function grid(nx: number, cellArcsec: number, shift: readonly [number, number] = [0, 0]): ImageCoordinates {
  return {
    direction: {
      frame: 'J2000',
      projection: 'SIN',
      projectionParameters: [0, 0],
      referenceRad: [1, 0.5],
      referencePixel: [nx / 2 + shift[0], nx / 2 + shift[1]],
      incrementRad: [-cellArcsec * ARCSEC, cellArcsec * ARCSEC],
      pc: [1, 0, 0, 1],
      longPoleRad: Math.PI,
      latPoleRad: 0.5,
    },
    stokes: ['I'],
    spectral: { frame: 'LSRK', referenceHz: 1e9, referencePixel: 0, incrementHz: 1e6, restFrequencyHz: 1e9 },
    observation: {
      telescope: 'VLA',
      observer: '',
      dateMjd: 50000,
      telescopePositionMetres: null,
      object: '',
      pointing: null,
    },
  }
}

function pointModel(nx: number, cellArcsec: number, points: readonly (readonly [number, number, number])[]) {
  const pixels = new Float32Array(nx * nx)
  for (const [x, y, flux] of points) pixels[x + nx * y] = flux
  return createImage([nx, nx, 1, 1], grid(nx, cellArcsec), { pixels })
}

const sum = (pixels: Float32Array) => pixels.reduce((total, value) => total + value, 0)

describe('regridModel', () => {
  it('copies a model on the same grid', () => {
    const model = pointModel(32, 3, [
      [16, 16, 1],
      [20, 9, -2],
    ])
    expect(regridModel(model, grid(32, 3), [32, 32, 1, 1], 'm')).toEqual(model.pixels)
  })

  it('places the pixels of a larger image on the same cells', () => {
    const shape: ImageShape = [48, 48, 1, 1]
    const out = regridModel(pointModel(32, 3, [[18, 15, 2]]), grid(48, 3), shape, 'm')
    expect(out[26 + 48 * 23]).toBeCloseTo(2, 4)
    expect(sum(out)).toBeCloseTo(2, 4)
  })

  it('keeps the brightness on finer pixels: a point of 1 Jy at 3" becomes 4/9 Jy at 2" at its place', () => {
    const out = regridModel(pointModel(32, 3, [[16, 16, 1]]), grid(48, 2), [48, 48, 1, 1], 'm')
    expect(out[24 + 48 * 24]).toBeCloseTo(4 / 9, 4)
    expect(out[25 + 48 * 24]).toBeCloseTo(4 / 27, 4)
  })

  it('shares a point between the pixels of a shifted grid', () => {
    const out = regridModel(pointModel(32, 3, [[16, 16, 1]]), grid(32, 3, [0.25, 0]), [32, 32, 1, 1], 'm')
    expect(out[16 + 32 * 16]).toBeCloseTo(0.75, 3)
    expect(out[17 + 32 * 16]).toBeCloseTo(0.25, 3)
  })

  it('uses a continuum model in every channel, and refuses one of other Stokes', () => {
    const cube = { ...grid(32, 3), stokes: ['I', 'V'] as const }
    const model = pointModel(32, 3, [[16, 16, 1]])
    const out = regridModel(model, cube, [32, 32, 2, 3], 'm')
    const planes = Array.from({ length: 6 }, (_, i) => sum(out.subarray(i * 1024, (i + 1) * 1024)))
    expect(planes).toEqual([1, 0, 1, 0, 1, 0])
    expect(() => regridModel(model, { ...cube, stokes: ['Q'] }, [32, 32, 1, 1], 'm.model')).toThrow('(m.model)')
  })
})
