import { describe, expect, it } from 'vitest'
import { autoMask } from './auto-mask.ts'
import type { AutoMaskParameters, AutoMaskPlane } from './auto-mask-types.ts'
import { chauvenetKeep, chauvenetReach } from './chauvenet.ts'
import { growRegions, pruneRegions } from './mask-regions.ts'
import { readFitsPlanes, referencePath } from './node/reference-psf.reference.ts'
import { residualNoise } from './residual-noise.ts'
import { fitRestoringBeam, maxPsfSidelobe } from './restoring-beam-fit.ts'
import { gaussianPlane, repeatableRandom } from './test-plane.reference.ts'

const DEFAULTS: AutoMaskParameters = {
  sidelobeThreshold: 3,
  noiseThreshold: 5,
  lowNoiseThreshold: 1.5,
  negativeThreshold: 0,
  smoothFactor: 1,
  minBeamFraction: 0.3,
  cutThreshold: 0.01,
  growIterations: 75,
  doGrowPrune: true,
  minPercentChange: -1,
  fastNoise: true,
}
const ARCSEC = Math.PI / 648000

/** Planes of a recorded dirty cube as automask sees them. */
function recordedPlanes(run: string, cellArcsec: number): AutoMaskPlane[] | null {
  const paths = [referencePath(`${run}__dirty`, '.residual'), referencePath(`${run}__dirty`, '.psf')]
  if (paths.includes(null)) return null
  const { nx, ny, planes } = readFitsPlanes(paths[0] as string)
  const psfs = readFitsPlanes(paths[1] as string).planes
  const cellRad = [cellArcsec * ARCSEC, cellArcsec * ARCSEC] as const
  const beams = psfs.map(psf => fitRestoringBeam(psf, nx, ny, cellRad))
  const sidelobe = Math.max(...psfs.map((psf, k) => (beams[k] ? maxPsfSidelobe(psf, nx, ny, cellRad, beams[k]) : 0)))
  return planes.map((residual, k) => ({
    nx,
    ny,
    cellRad,
    residual,
    valid: null,
    mask: null,
    beam: beams[k] ?? { majorRad: cellRad[0], minorRad: cellRad[0], positionAngleRad: 0 },
    maxPsfSidelobe: sidelobe,
  }))
}

const count = (mask: ArrayLike<number>) => Array.from(mask).filter(value => value > 0).length

describe('automatic masks of recorded runs', () => {
  const single = recordedPlanes('wb_mfs_hogbom_auto', 9)
  it.skipIf(single === null)('wb_mfs_hogbom_auto: 162 pixels at first, as CASA counts', async () => {
    const { mask, thresholdJy } = await autoMask((single as AutoMaskPlane[])[0], null, DEFAULTS)
    expect(count(mask)).toBe(162)
    expect(Math.abs(thresholdJy - 0.354899)).toBeLessThan(1e-5)
  })

  const cube = recordedPlanes('lc_cube_autothresh_common', 12)
  const recorded = referencePath('lc_cube_autothresh_common', '.mask')
  it.skipIf(cube === null || recorded === null)('lc_cube_autothresh_common: the mask, to the pixel', async () => {
    const parameters = { ...DEFAULTS, sidelobeThreshold: 2, noiseThreshold: 4.25 }
    const wanted = readFitsPlanes(recorded as string).planes
    for (const [k, plane] of (cube as AutoMaskPlane[]).entries()) {
      const { mask } = await autoMask(plane, null, parameters)
      const differing = mask.reduce((sum, value, j) => sum + (value > 0 === wanted[k][j] > 0.5 ? 0 : 1), 0)
      expect(differing, `plane ${k}: ${count(mask)} pixels, CASA ${count(wanted[k])}`).toBe(0)
    }
  })
})

/** A plane of noise with Gaussian sources. */
function noisyPlane(seed: number, sources: readonly (readonly [x: number, y: number, flux: number])[]): AutoMaskPlane {
  const n = 64
  const random = repeatableRandom(seed)
  const beam = gaussianPlane(n, n, 5, 4, 0.3)
  const residual = new Float32Array(n * n)
  for (let j = 0; j < n * n; j++) residual[j] = 0.02 * (random() + random() + random() - 1.5)
  for (const [sx, sy, flux] of sources) {
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++) {
        const [px, py] = [x - sx + n / 2, y - sy + n / 2]
        if (px >= 0 && px < n && py >= 0 && py < n) residual[x + n * y] += flux * beam[px + n * py]
      }
    }
  }
  const cellRad = [1, 1] as const
  return {
    nx: n,
    ny: n,
    cellRad,
    residual,
    valid: null,
    mask: null,
    beam: { majorRad: 5, minorRad: 4, positionAngleRad: 0.3 },
    maxPsfSidelobe: 0.05,
  }
}

describe('autoMask', () => {
  it('keeps what was masked, grows it on the second mask, and starts growth only where emission is', async () => {
    const plane = noisyPlane(1, [[20, 20, 1]])
    const first = await autoMask(plane, null, DEFAULTS)
    expect(first.mask[20 + 64 * 20]).toBe(1)
    const wide = noisyPlane(1, [
      [20, 20, 0.2],
      [24, 20, 0.09],
      [28, 20, 0.06],
    ])
    const second = await autoMask({ ...wide, mask: first.mask }, first.state, { ...DEFAULTS, sidelobeThreshold: 0.1 })
    const ungrown = await autoMask({ ...wide, mask: first.mask }, first.state, {
      ...DEFAULTS,
      sidelobeThreshold: 0.1,
      growIterations: 0,
    })
    expect(first.mask.every((value, j) => value === 0 || second.mask[j] === 1)).toBe(true)
    expect(count(second.mask)).toBeGreaterThan(count(ungrown.mask))
  })

  it('masks absorption only when asked, and does not grow it', async () => {
    const plane = noisyPlane(2, [[40, 30, -0.8]])
    expect(count((await autoMask(plane, null, DEFAULTS)).mask)).toBe(0)
    const { mask, state } = await autoMask(plane, null, { ...DEFAULTS, negativeThreshold: 5 })
    expect(mask[40 + 64 * 30]).toBe(1)
    expect(state.negative[40 + 64 * 30]).toBe(1)
  })

  it('respects a mask edited in between: erased pixels come back only where the residual calls for them', async () => {
    const plane = noisyPlane(3, [[20, 20, 1]])
    const first = await autoMask(plane, null, DEFAULTS)
    const empty = noisyPlane(3, [])
    const { mask } = await autoMask({ ...empty, mask: new Float32Array(64 * 64) }, first.state, DEFAULTS)
    expect(count(mask)).toBe(0)
  })

  it('settles an empty plane, and a plane that hardly changes once the cycles reach the threshold', async () => {
    const empty = await autoMask(noisyPlane(4, []), null, { ...DEFAULTS, sidelobeThreshold: 0 })
    expect(empty.state.settled).toBe(true)
    const plane = noisyPlane(5, [[30, 30, 1]])
    const parameters = { ...DEFAULTS, sidelobeThreshold: 0.01, minPercentChange: 50 }
    const first = await autoMask(plane, null, parameters)
    const second = await autoMask({ ...plane, mask: first.mask }, first.state, parameters)
    expect(second.state.settled).toBe(false)
    const third = await autoMask({ ...plane, mask: second.mask, atThreshold: true }, second.state, parameters)
    expect(third.state.settled).toBe(true)
    const fourth = await autoMask({ ...plane, mask: third.mask }, third.state, parameters)
    expect(fourth.skipped).toBe(true)
    expect(fourth.mask).toEqual(third.mask)
  })

  it('masks nothing outside the valid part and passes NaN over', async () => {
    const plane = noisyPlane(6, [[30, 30, 1]])
    const valid = Uint8Array.from({ length: 64 * 64 }, (_, j) => (j % 64 < 30 ? 1 : 0))
    plane.residual[5] = Number.NaN
    const { mask } = await autoMask({ ...plane, valid }, null, DEFAULTS)
    expect(count(mask)).toBeGreaterThan(0)
    expect(mask.every((value, j) => value === 0 || valid[j] === 1)).toBe(true)
  })
})

describe('noise as CASA measures it', () => {
  const path = referencePath('ex_multiscale_natural__dirty', '.residual')
  it.skipIf(path === null)('ex_multiscale_natural: all pixels, after Chauvenet, outside a mask', () => {
    const residual = readFitsPlanes(path as string).planes[0]
    const box = Float32Array.from(residual, (_, j) => {
      const [x, y] = [j % 128, Math.floor(j / 128)]
      return x >= 30 && x < 100 && y >= 30 && y < 100 ? 1 : 0
    })
    // Thresholds for nsigma=8 from the log of deconvolve, CASA 6.7.
    expect(Math.abs(8 * residualNoise(residual, null, null, true).rmsJy - 0.116484)).toBeLessThan(1e-6)
    expect(Math.abs(8 * residualNoise(residual, null, null, false).rmsJy - 0.105636)).toBeLessThan(1e-6)
    expect(Math.abs(8 * residualNoise(residual, box, null, false).rmsJy - 0.0909841)).toBeLessThan(1e-6)
    expect(Math.abs(residualNoise(residual, null, null, false).medianJy + 0.0169872)).toBeLessThan(1e-6)
  })
})

describe('pieces of automatic masks', () => {
  it('prunes by pixels that share an edge', () => {
    const mask = Uint8Array.from([1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0])
    expect([...pruneRegions(mask, 4, 2)]).toEqual([1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0])
    expect(count(pruneRegions(mask, 4, 4))).toBe(0)
  })

  it('grows within bounds by as many pixels as asked', () => {
    const bounds = Uint8Array.from([1, 1, 1, 1, 0, 1, 1, 1])
    const seeds = Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0])
    expect([...growRegions(seeds, bounds, 8, 2)]).toEqual([1, 1, 1, 0, 0, 0, 0, 0])
    expect([...growRegions(seeds, bounds, 8, 99)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0])
  })

  it('rejects by the criterion of Chauvenet', () => {
    expect(Math.abs(chauvenetReach(10) - 1.95996)).toBeLessThan(1e-4)
    expect(Math.abs(chauvenetReach(1e6) - 5.02631)).toBeLessThan(1e-4)
    const random = repeatableRandom(7)
    const values = Float64Array.from({ length: 1000 }, () => random() + random() + random() - 1.5)
    values[10] = 50
    const kept = chauvenetKeep(values)
    expect(kept.length).toBeGreaterThan(980)
    expect(Math.max(...kept)).toBeLessThan(2)
  })
})
