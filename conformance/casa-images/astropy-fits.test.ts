import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createImage } from '@cleanbeam/image'
import { openImage, writeImage } from '@cleanbeam/image/node'
import { defaultPoles } from '@cleanbeam/measures'
import type { DirectionFrame, ImageCoordinates, ImageShape, Projection } from '@cleanbeam/types'
import { afterAll, describe, expect, it } from 'vitest'

const N_PIXEL = 1000
const RAD_PER_DEG = Math.PI / 180
const SHAPE: ImageShape = [96, 80, 2, 5]
const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-astropy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The first Python that has astropy; says aloud when there is none, and fails where tools are required. */
function pythonWithAstropy(): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', 'import astropy.wcs'], { stdio: 'ignore' })
      return python
    } catch {
      // The next one.
    }
  }
  const message = 'expected astropy in python3, found none; install it (pip install astropy)'
  if (process.env.REQUIRE_TOOLS) throw new Error(message)
  console.warn(`COMPARISON WITH ASTROPY SKIPPED: ${message}`)
  return null
}

interface Look {
  readonly problems: string[]
  readonly pixels: number[][]
  readonly world: (number | null)[][]
  readonly back: (number | null)[][]
  readonly radesys: string
  readonly specsys: string
  readonly restfrq: number
  readonly beams: number[][] | null
}

interface Case {
  readonly projection: Projection
  readonly frame: DirectionFrame
  readonly parameters?: readonly number[]
  readonly cellArcsec?: number
  readonly turned?: boolean
  readonly tableHz?: readonly number[]
}

const CASES: readonly Case[] = [
  ...(['SIN', 'TAN', 'ARC', 'STG', 'ZEA', 'NCP', 'CAR', 'AIT', 'MOL', 'SFL', 'MER', 'CEA'] as const).map(
    projection => ({
      projection,
      frame: 'J2000' as const,
      cellArcsec: 600,
    }),
  ),
  { projection: 'SIN', frame: 'ICRS', cellArcsec: 1e-4 },
  { projection: 'SIN', frame: 'B1950', turned: true },
  { projection: 'TAN', frame: 'GALACTIC', turned: true },
  { projection: 'SIN', frame: 'J2000', parameters: [0.03, -0.02] },
]

function coordinatesOf({ projection, frame, parameters, cellArcsec = 12, turned, tableHz }: Case): ImageCoordinates {
  const cell = (cellArcsec / 3600) * RAD_PER_DEG
  // Cylindrical projections lie on the equator of their own sphere.
  const isCylindrical = ['CAR', 'AIT', 'MOL', 'SFL', 'MER', 'CEA'].includes(projection)
  const reference: [number, number] = [3.1, isCylindrical ? 0 : 0.71]
  const [longPoleRad, latPoleRad] = defaultPoles(projection, reference[1])
  return {
    direction: {
      frame,
      projection,
      projectionParameters: parameters ?? (projection === 'CEA' ? [1] : [0, 0]),
      referenceRad: reference,
      referencePixel: [47.25, 40.5],
      incrementRad: [-cell, cell],
      pc: turned ? [Math.cos(0.4), -Math.sin(0.4), Math.sin(0.4), Math.cos(0.4)] : [1, 0, 0, 1],
      longPoleRad,
      latPoleRad,
    },
    stokes: ['I', 'V'],
    spectral: {
      frame: 'LSRK',
      referenceHz: 1.4204e9,
      referencePixel: 1.5,
      incrementHz: -24.4140625e3,
      restFrequencyHz: 1.420405752e9,
      tableHz,
    },
    observation: {
      telescope: 'VLA',
      observer: 'A. Nonymous',
      dateMjd: 57_174.316,
      telescopePositionMetres: [-1601185.4, -5041977.5, 3554875.9],
      object: 'SOURCE',
      pointing: null,
    },
  }
}

const python = pythonWithAstropy()

describe.runIf(python !== null)('FITS images that we write, as astropy reads them', () => {
  const names = CASES.map(each => `${each.projection}-${each.frame}${each.parameters ? '-slant' : ''}`)
  let looks: Promise<Look[]> | null = null

  async function lookAtAll(): Promise<Look[]> {
    const files: string[] = []
    for (const [i, each] of CASES.entries()) {
      const path = join(folder, `${i}.fits`)
      const beams = Array.from({ length: SHAPE[2] * SHAPE[3] }, (_, plane) => ({
        majorRad: (10 + plane) * 1e-6,
        minorRad: 8e-6,
        positionAngleRad: 0.3 + 0.01 * plane,
      }))
      const pixels = Float32Array.from({ length: SHAPE.reduce((n, length) => n * length, 1) }, (_, k) => Math.sin(k))
      const cube = createImage(SHAPE, coordinatesOf(each), {
        pixels,
        unit: 'Jy/beam',
        beams,
        history: ['made by a test'],
      })
      await writeImage(path, cube, { format: 'fits' })
      files.push(path)
    }
    const script = join(import.meta.dirname, 'check_fits.py')
    const text = execFileSync(python as string, [script, String(N_PIXEL), ...files], { maxBuffer: 1 << 28 })
    return JSON.parse(text.toString()) as Look[]
  }

  it.each(names.map((name, i) => [name, i] as const))('%s', async (_, i) => {
    looks ??= lookAtAll()
    const look = (await looks)[i]
    expect(look.problems).toEqual([])
    const tool = await openImage(join(folder, `${i}.fits`))
    const worst = { skyDeg: 0, frequency: 0, pixel: 0 }
    let nSky = 0
    for (const [k, pixel] of look.pixels.entries()) {
      const [lon, lat, , hz] = look.world[k]
      if (lon === null || lat === null || hz === null) continue
      nSky++
      const world = (await tool.toworld(pixel)).numeric
      const turns = (world[0] / RAD_PER_DEG - lon) / 360
      const east = (turns - Math.round(turns)) * 360 * Math.cos(world[1])
      worst.skyDeg = Math.max(worst.skyDeg, Math.abs(east), Math.abs(world[1] / RAD_PER_DEG - lat))
      worst.frequency = Math.max(worst.frequency, Math.abs(world[3] / hz - 1))
      const back = await tool.topixel([lon * RAD_PER_DEG, lat * RAD_PER_DEG, world[2], hz])
      for (const axis of [0, 1, 3]) worst.pixel = Math.max(worst.pixel, Math.abs(back[axis] - pixel[axis]))
    }
    expect(nSky).toBeGreaterThan(N_PIXEL / 2)
    expect(worst.skyDeg, JSON.stringify(worst)).toBeLessThan(1e-9)
    expect(worst.frequency, JSON.stringify(worst)).toBeLessThan(1e-9)
    // A longitude in degrees is known to 6e-14, which for cells of 0.1 mas is 2e-6 pixels.
    const cellDeg = (CASES[i].cellArcsec ?? 12) / 3600
    expect(worst.pixel, JSON.stringify(worst)).toBeLessThan(Math.max(1e-6, 1e-13 / cellDeg))
    expect(look.specsys).toBe('LSRK')
    expect(look.restfrq).toBe(1.420405752e9)
    expect(look.beams).toHaveLength(SHAPE[2] * SHAPE[3])
  })
})
