import { describe, expect, it } from 'vitest'
import { type MinorCycleMethod, minorCycle } from './minor-cycle.ts'
import { readFitsPlanes, referencePath } from './node/reference-psf.reference.ts'
import { restorePlane } from './restoration.ts'
import { fitRestoringBeam } from './restoring-beam-fit.ts'
import { gaussianSky } from './test-plane.reference.ts'

const CELL_ARCSEC = 3
/** The sky of the simulated observation extended.ms: Jy, arcsec east and north of the centre, widths in arcsec, degrees. */
const SKY = [
  { flux: 2, east: 0, north: 0, major: 60, minor: 40, angle: 40 },
  { flux: 0.8, east: 50, north: 40, major: 25, minor: 25, angle: 0 },
  { flux: 0.3, east: -60, north: 30, major: 0, minor: 0, angle: 0 },
  { flux: 1, east: -40, north: -50, major: 30, minor: 15, angle: 100 },
]

/** rms distance of the restored image from the sky at the image's resolution, where that is above 1 % of its peak. */
async function distanceFromTruth(run: string, method: MinorCycleMethod, iterations: number): Promise<number | null> {
  const paths = [referencePath(`${run}__dirty`, '.residual'), referencePath(`${run}__dirty`, '.psf')]
  if (paths.includes(null)) return null
  const { nx, ny, planes } = readFitsPlanes(paths[0] as string)
  const psf = readFitsPlanes(paths[1] as string).planes[0]
  const residual = planes[0].map(value => (Number.isFinite(value) ? value : 0))
  const model = new Float32Array(nx * ny)
  for (let left = iterations; left > 0; ) {
    const control = { gain: 0.1, maxIterations: left, cycleThresholdJy: 0 }
    const [outcome] = await minorCycle(method, [{ nx, ny, residual, psf, mask: null, model }], control)
    expect(outcome.iterations).toBeGreaterThan(0)
    left -= outcome.iterations
  }
  const cellRad = [CELL_ARCSEC, CELL_ARCSEC] as const
  const beam = fitRestoringBeam(psf, nx, ny, cellRad)
  if (beam === null) throw new Error('expected a beam')
  const image = await restorePlane({ nx, ny, cellRad, model, residual, beam })
  const truth = gaussianSky(nx, ny, CELL_ARCSEC, beam, SKY)
  const peak = truth.reduce((most, value) => Math.max(most, value), 0)
  let square = 0
  let count = 0
  truth.forEach((value, j) => {
    if (value <= 0.01 * peak) return
    square += (image[j] - value) ** 2
    count++
  })
  return Math.sqrt(square / count) / peak
}

describe('distance from the truth after minor cycles on recorded dirty images', () => {
  it('asp: not above that of CASA (0.0235 in ex_asp)', async () => {
    const method = { kind: 'asp', fusedThresholdJy: 0, largestScalePixels: -1 } as const
    const distance = await distanceFromTruth('ex_asp', method, 60)
    if (distance !== null) expect(distance).toBeLessThan(0.0235)
  })

  it('mem: does not fit noise when it goes on', async () => {
    const distance = await distanceFromTruth('ex_asp', { kind: 'mem' }, 150)
    if (distance !== null) expect(distance).toBeLessThan(0.03)
  })

  it('mem: not above that of CASA (0.155 in ex_mem)', async () => {
    const distance = await distanceFromTruth('ex_mem', { kind: 'mem' }, 30)
    if (distance !== null) expect(distance).toBeLessThan(0.155)
  })
})
