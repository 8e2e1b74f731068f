import type { ImageShape, RestoringBeam } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { restoreCube } from './restore-cube.ts'

const CELL = [1, 1] as const
const SHAPE: ImageShape = [48, 48, 1, 2]

/** A residual that is a point source seen with each plane's beam, 1 Jy. */
function beams(widths: readonly (readonly [number, number])[]): RestoringBeam[] {
  return widths.map(([majorRad, minorRad]) => ({ majorRad, minorRad, positionAngleRad: 0.4 }))
}

function gaussianCube(fitted: readonly RestoringBeam[]): Float32Array {
  const cube = new Float32Array(48 * 48 * fitted.length)
  for (const [plane, { majorRad, minorRad, positionAngleRad }] of fitted.entries()) {
    for (let y = 0; y < 48; y++) {
      for (let x = 0; x < 48; x++) {
        const [east, north] = [24 - x, y - 24]
        const along = (east * Math.sin(positionAngleRad) + north * Math.cos(positionAngleRad)) / majorRad
        const across = (east * Math.cos(positionAngleRad) - north * Math.sin(positionAngleRad)) / minorRad
        cube[x + 48 * (y + 48 * plane)] = Math.exp(-4 * Math.LN2 * (along ** 2 + across ** 2))
      }
    }
  }
  return cube
}

describe('restoreCube with a common beam', () => {
  it.each<[string, RestoringBeam[]]>([
    [
      'much larger',
      beams([
        [8, 6],
        [5, 4],
      ]),
    ],
    [
      'larger by less than a pixel',
      beams([
        [6, 5],
        [5.98, 4.99],
      ]),
    ],
    [
      'larger by next to nothing',
      beams([
        [6, 5],
        [5.999999, 4.999999],
      ]),
    ],
  ])('brings the residual of a point to the peak and shape of the common beam, which is %s', async (_name, fitted) => {
    const residual = gaussianCube(fitted)
    const model = new Float32Array(residual.length)
    const restored = await restoreCube({
      shape: SHAPE,
      cellRad: CELL,
      model,
      residual,
      fittedBeams: fitted,
      requested: 'common',
    })
    const wanted = gaussianCube([fitted[0], fitted[0]])
    const worst = restored.pixels.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0)
    // A kernel narrower than a pixel cannot be sampled: what is left is as much as the beams differ.
    expect(worst).toBeLessThan(6e-3)
  })
})

it('restores on a torus: a component at an edge shows at the opposite one too', async () => {
  const fitted = beams([
    [6, 5],
    [6, 5],
  ])
  const model = new Float32Array(48 * 48 * 2)
  model[47 + 48 * 20] = 1
  const { pixels } = await restoreCube({
    shape: SHAPE,
    cellRad: CELL,
    model,
    residual: new Float32Array(model.length),
    fittedBeams: fitted,
    requested: null,
  })
  expect(pixels[47 + 48 * 20]).toBeCloseTo(1, 5)
  expect(pixels[46 + 48 * 20]).toBeGreaterThan(0.5)
  // One pixel to the west of the component lies the first column.
  expect(pixels[48 * 20]).toBeCloseTo(pixels[46 + 48 * 20], 5)
  expect(Math.max(...pixels.subarray(48 * 48))).toBe(0)
})
