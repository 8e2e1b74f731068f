import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { forecastConvergence } from './convergence-forecast.ts'
import { minorCycle } from './minor-cycle.ts'
import { readFitsPlanes, referencePath } from './node/reference-psf.reference.ts'
import { judgeNoise } from './noise-stop.ts'
import { chooseScales } from './scale-choice.ts'
import { dirtyPlane, gaussianPlane, repeatableRandom, ringedPsf } from './test-plane.reference.ts'

describe('forecastConvergence', () => {
  const history = (peak: (n: number) => number, upTo: number) =>
    Array.from({ length: 10 }, (_, k) => {
      const iterations = (upTo * (k + 1)) / 10
      return { iterations, peakResidualJy: peak(iterations), seconds: iterations / 50 }
    })

  it('is within 1.1 of the truth from half-way on, for exponential decay and for a power law', () => {
    for (const peak of [(n: number) => Math.exp(-n / 200), (n: number) => 30 / n ** 1.3]) {
      for (const part of [0.5, 0.7, 0.9]) {
        const forecast = forecastConvergence(history(peak, 1000 * part), peak(1000))
        const ratio = (forecast?.iterationsLeft ?? 0) / (1000 * (1 - part))
        expect(ratio).toBeGreaterThan(1 / 1.1)
        expect(ratio).toBeLessThan(1.1)
        expect(Math.abs((forecast?.secondsLeft ?? 0) * 50 - (forecast?.iterationsLeft ?? 0))).toBeLessThan(1e-6)
      }
    }
  })

  it('answers zero below the threshold and nothing where there is nothing to tell', () => {
    const falling = history(n => 1 / n, 100)
    expect(forecastConvergence(falling, 1)).toEqual({ iterationsLeft: 0, secondsLeft: 0 })
    expect(forecastConvergence(falling.slice(0, 1), 1e-9)).toBeNull()
    expect(
      forecastConvergence(
        history(() => 1, 100),
        0.5,
      ),
    ).toBeNull()
    expect(forecastConvergence([], 1)).toBeNull()
  })

  const runs = ['m87_multiscale', 'm87_hogbom', 'ex_hogbom_nsigma_pbmask', 'wb_mtmfs_nt2']
  for (const run of runs) {
    const path = referencePath(run, '.mask')?.replace(`${run}.mask.fits.gz`, 'return.json') ?? null
    it.skipIf(path === null)(`${run}: within a factor 2 from half-way on`, () => {
      const { summaryminor, summarymajor } = JSON.parse(readFileSync(path as string, 'utf8'))
      const { peakRes, iterDone } = summaryminor[0][0][0] as { peakRes: number[]; iterDone: number[] }
      let iterations = 0
      const points = peakRes.map((peakResidualJy, k) => {
        iterations += iterDone[k]
        return { iterations, peakResidualJy, seconds: iterations }
      })
      expect(points.length).toBeLessThanOrEqual(summarymajor.length)
      const thresholdJy = points[points.length - 1].peakResidualJy
      for (let k = 2; k < points.length - 1; k++) {
        if (points[k].iterations < iterations / 2) continue
        const forecast = forecastConvergence(points.slice(0, k + 1), thresholdJy)
        const ratio = (forecast?.iterationsLeft ?? 0) / (iterations - points[k].iterations)
        expect(ratio, `after ${points[k].iterations} of ${iterations}`).toBeGreaterThan(0.5)
        expect(ratio, `after ${points[k].iterations} of ${iterations}`).toBeLessThan(2)
      }
    })
  }
})

describe('judgeNoise', () => {
  const n = 96
  const beam = { majorRad: 4, minorRad: 4, positionAngleRad: 0 }
  const mask = Uint8Array.from({ length: n * n }, (_, j) =>
    Math.hypot((j % n) - 48, Math.floor(j / n) - 48) < 18 ? 1 : 0,
  )

  /** White noise smoothed with the beam, so that it looks like that of a dirty image. */
  function beamNoise(seed: number): Float32Array {
    const random = repeatableRandom(seed)
    const psf = gaussianPlane(n, n, 4, 4, 0)
    const out = new Float32Array(n * n)
    const white = Float32Array.from({ length: n * n }, () => random() + random() + random() - 1.5)
    for (let y = 0; y < n; y++) {
      for (let x = 0; x < n; x++) {
        let sum = 0
        for (let dy = -6; dy <= 6; dy++) {
          for (let dx = -6; dx <= 6; dx++) {
            sum += white[((x + dx + n) % n) + n * ((y + dy + n) % n)] * psf[48 + dx + n * (48 + dy)]
          }
        }
        out[x + n * y] = sum
      }
    }
    return out
  }

  it('takes noise for noise in a third of all cases at least and a 6 σ source never', () => {
    let stopped = 0
    for (let seed = 1; seed <= 30; seed++) {
      const residual = beamNoise(seed)
      const plane = { residual, mask, valid: null, cellRad: [1, 1] as const, beam }
      const verdict = judgeNoise(plane)
      if (verdict.noiseLike) stopped++
      const source = gaussianPlane(n, n, 4, 4, 0)
      const bright = residual.map((value, j) => value + 6 * verdict.noiseJy * source[j])
      expect(judgeNoise({ ...plane, residual: bright }).noiseLike).toBe(false)
    }
    expect(stopped).toBeGreaterThanOrEqual(10)
  })

  it('says no when there is no outside', () => {
    const everywhere = new Uint8Array(n * n).fill(1)
    const plane = { residual: beamNoise(1), mask: everywhere, valid: null, cellRad: [1, 1] as const, beam }
    expect(judgeNoise(plane).noiseLike).toBe(false)
  })
})

describe('chooseScales', () => {
  const n = 128
  const psf = ringedPsf(n, n, 4)

  it('chooses points alone for a point, and more for something extended', async () => {
    const random = repeatableRandom(3)
    const noise = Float32Array.from({ length: n * n }, () => 0.002 * (random() - 0.5))
    const point = dirtyPlane(psf, n, n, [[64, 60, 1]]).map((value, j) => value + noise[j])
    const scalesOfPoint = await chooseScales({ nx: n, ny: n, psf, residual: point, mask: null })
    expect(scalesOfPoint[0]).toBe(0)
    const blob: [number, number, number][] = []
    for (let y = 44; y < 84; y++) {
      for (let x = 44; x < 84; x++) blob.push([x, y, 0.01 * Math.exp(-((x - 64) ** 2 + (y - 64) ** 2) / 200)])
    }
    const wide = dirtyPlane(psf, n, n, blob).map((value, j) => value + noise[j])
    const scales = await chooseScales({ nx: n, ny: n, psf, residual: wide, mask: null })
    expect(scales.length).toBeGreaterThanOrEqual(2)
    expect(scales).toEqual([...scales].sort((a, b) => a - b))
  })

  const paths = ['.residual', '.psf'].map(suffix => referencePath('ex_multiscale_natural__dirty', suffix))
  it.skipIf(paths.includes(null))('ex_multiscale_natural: as good as the scales given there', async () => {
    const { nx, ny, planes } = readFitsPlanes(paths[0] as string)
    const dirty = planes[0].map(value => (Number.isFinite(value) ? value : 0))
    const recordedPsf = readFitsPlanes(paths[1] as string).planes[0]
    const peakWith = async (scalesPixels: readonly number[]) => {
      const plane = { nx, ny, residual: dirty.slice(), psf: recordedPsf, mask: null, model: new Float32Array(nx * ny) }
      const control = { gain: 0.1, maxIterations: 150, cycleThresholdJy: 0 }
      const [outcome] = await minorCycle({ kind: 'multiscale', scalesPixels, smallScaleBias: 0.2 }, [plane], control)
      return outcome.peakResidualJy
    }
    const scales = await chooseScales({ nx, ny, psf: recordedPsf, residual: dirty, mask: null })
    expect(scales.length).toBeGreaterThanOrEqual(2)
    expect(await peakWith(scales)).toBeLessThan(1.1 * (await peakWith([0, 5, 12])))
  })
})
