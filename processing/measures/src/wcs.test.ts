import { readFileSync } from 'node:fs'
import type { DirectionCoordinate, Projection } from '@cleanbeam/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RAD_PER_DEG } from './constants.ts'
import { defaultPoles, skyTransform } from './wcs.ts'

function reference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../conformance/refs/oracles/${name}`, import.meta.url), 'utf8')) as T
}

function coordinate(projection: Projection, referenceDeg: [number, number]): DirectionCoordinate {
  const [longPoleRad, latPoleRad] = defaultPoles(projection, referenceDeg[1] * RAD_PER_DEG)
  return {
    frame: 'J2000',
    projection,
    projectionParameters: [0, 0],
    referenceRad: [referenceDeg[0] * RAD_PER_DEG, referenceDeg[1] * RAD_PER_DEG],
    referencePixel: [32, 32],
    incrementRad: [-1e-4, 1e-4],
    pc: [1, 0, 0, 1],
    longPoleRad,
    latPoleRad,
  }
}

/** Largest error in degrees on the sky and in pixels on the way back. */
function worstErrors(
  sky: DirectionCoordinate,
  pixels: readonly (readonly number[])[],
  worldDeg: readonly (readonly number[] | null)[],
): { worldDeg: number; pixel: number } {
  const transform = skyTransform(sky)
  const worst = { worldDeg: 0, pixel: 0 }
  pixels.forEach(([x, y], i) => {
    const expected = worldDeg[i]
    const world = transform.toWorld(x, y)
    if (expected === null && world === null) return
    if (expected === null || world === null) throw new Error(`pixel ${x}, ${y}: expected ${expected}, got ${world}`)
    const back = transform.toPixel(expected[0] * RAD_PER_DEG, expected[1] * RAD_PER_DEG)
    if (back === null) throw new Error(`world ${expected} has no pixel`)
    const turns = (world[0] / RAD_PER_DEG - expected[0]) / 360
    const longitude = (turns - Math.round(turns)) * 360 * Math.cos(world[1])
    worst.worldDeg = Math.max(worst.worldDeg, Math.abs(longitude), Math.abs(world[1] / RAD_PER_DEG - expected[1]))
    worst.pixel = Math.max(worst.pixel, Math.abs(back[0] - x), Math.abs(back[1] - y))
  })
  return worst
}

interface CasaCase {
  projection: Projection
  error?: boolean
  crval_deg: [number, number]
  crpix0: [number, number]
  cdelt_arcsec: [number, number]
  pixels: number[][]
  world: number[][]
}

describe('sky coordinates against casatools', () => {
  const cases = reference<CasaCase[]>('wcs.json').filter(each => !each.error)
  it.each(cases.map((each, i) => [each.projection, i] as const))('%s (case %i)', (projection, i) => {
    const each = cases[i]
    // CASA puts the reference of SFL on the equator, whatever latitude it is given.
    const latitude = projection === 'SFL' ? 0 : each.crval_deg[1]
    const sky = {
      ...coordinate(projection, [each.crval_deg[0], latitude]),
      referencePixel: each.crpix0,
      incrementRad: each.cdelt_arcsec.map(step => (step / 3600) * RAD_PER_DEG) as [number, number],
    }
    const worst = worstErrors(
      sky,
      each.pixels,
      each.world.map(([lon, lat]) => [lon / 60, lat / 60]),
    )
    expect(worst.worldDeg, JSON.stringify(worst)).toBeLessThan(1e-9)
    expect(worst.pixel, JSON.stringify(worst)).toBeLessThan(1e-6)
  })
})

interface AstropyCase {
  projection: Projection
  parameters: number[]
  crval_deg: [number, number]
  crpix0: [number, number]
  cdelt_deg: [number, number]
  pc: [number, number, number, number]
  lonpole_deg: number
  latpole_deg: number
  pixels: number[][]
  /** null where the projection has no sky. */
  world_deg: (number[] | null)[]
}

describe('sky coordinates against astropy, turned and far from the reference', () => {
  const cases = reference<AstropyCase[]>('wcs-astropy.json')
  it.each(cases.map((each, i) => [each.projection, i] as const))('%s (case %i)', (projection, i) => {
    const each = cases[i]
    const sky: DirectionCoordinate = {
      ...coordinate(projection, each.crval_deg),
      projectionParameters: each.parameters,
      referencePixel: each.crpix0,
      incrementRad: each.cdelt_deg.map(step => step * RAD_PER_DEG) as [number, number],
      pc: each.pc,
    }
    const worst = worstErrors(sky, each.pixels, each.world_deg)
    expect(worst.worldDeg, JSON.stringify(worst)).toBeLessThan(1e-9)
    expect(worst.pixel, JSON.stringify(worst)).toBeLessThan(1e-6)
    expect(sky.longPoleRad / RAD_PER_DEG).toBeCloseTo(each.lonpole_deg, 9)
  })
})

describe('any direction coordinate', () => {
  it('comes back to the pixel', () => {
    const projections: Projection[] = ['SIN', 'TAN', 'ARC', 'STG', 'ZEA', 'CAR', 'AIT', 'MOL', 'SFL', 'MER', 'CEA']
    fc.assert(
      fc.property(
        fc.constantFrom(...projections),
        fc.tuple(fc.double({ min: -180, max: 359, noNaN: true }), fc.double({ min: -80, max: 80, noNaN: true })),
        fc.tuple(fc.double({ min: -500, max: 500, noNaN: true }), fc.double({ min: -500, max: 500, noNaN: true })),
        (projection, center, [x, y]) => {
          const transform = skyTransform(coordinate(projection, center))
          const world = transform.toWorld(x, y)
          if (world === null) return
          const pixel = transform.toPixel(world[0], world[1])
          expect(pixel).not.toBeNull()
          if (pixel !== null) expect(Math.hypot(pixel[0] - x, pixel[1] - y)).toBeLessThan(1e-6)
        },
      ),
      { seed: 3, numRuns: 2000 },
    )
  })

  it('gives null where there is no sky', () => {
    const transform = skyTransform({ ...coordinate('SIN', [187, 12]), incrementRad: [-0.1, 0.1] })
    expect(transform.toWorld(32, 32 + 11)).toBeNull()
    expect(transform.toPixel(7 * RAD_PER_DEG, -12 * RAD_PER_DEG)).toBeNull()
  })

  it('refuses a matrix that cannot be inverted and poles that fit no sphere', () => {
    expect(() => skyTransform({ ...coordinate('SIN', [1, 2]), pc: [1, 1, 1, 1] })).toThrow(/inverted/)
    expect(() => skyTransform({ ...coordinate('CAR', [1, 40]), longPoleRad: Math.PI })).toThrow(/LONPOLE/)
  })
})
