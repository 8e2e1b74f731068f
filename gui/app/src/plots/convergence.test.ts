import type { GcleanRecord } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { forecast } from '../words/forecast.ts'
import { convergenceLayout, nearestEntry } from './convergence-layout.ts'
import { convergenceSeries } from './convergence-series.ts'

const record = {
  chan: {
    '0': {
      '0': {
        modelFlux: [0, 1.25, 1.94, 2.25],
        iterations: [0, 41, 153, 370],
        peakRes: [1.3455, -0.2736, 0.0554, 0.016],
        stopCode: [0, 2, 2, 6],
        cycleThresh: [0, 0.2738, 0.0557, 0.0113],
        nsigmaThresh: [0, 0.004, 0.004, 0.004],
      },
    },
  },
} as unknown as GcleanRecord

const series = convergenceSeries(record, 0, 0)
const SCALES = { x: 'iterations', logX: false, logResidual: true } as const

describe('convergence series', () => {
  it('hold one entry per step, peaks as sizes', () => {
    expect(series.entries.map(e => e.iterations)).toEqual([0, 41, 153, 370])
    expect(series.entries.map(e => e.peakResidualJy)).toEqual([1.3455, 0.2736, 0.0554, 0.016])
    expect(series.entries[3]).toMatchObject({ cycle: 3, totalFluxJy: 2.25, minorStopCode: 6 })
  })

  it('have a cycle threshold between the steps it was in force', () => {
    expect(series.thresholds).toEqual([
      { from: 0, to: 1, value: 0.2738 },
      { from: 1, to: 2, value: 0.0557 },
      { from: 2, to: 3, value: 0.0113 },
    ])
  })

  it('are empty for a plane without history', () => {
    expect(convergenceSeries(record, 1, 0).entries).toEqual([])
    expect(convergenceSeries(null, 0, 0).entries).toEqual([])
  })
})

describe('the convergence plot', () => {
  it.each([true, false])('keeps every curve inside (logarithmic: %s)', logarithmic => {
    const layout = convergenceLayout(series, 330, 200, { ...SCALES, logResidual: logarithmic })
    for (const path of [layout.residualPath, layout.fluxPath, layout.thresholdPath]) {
      const points = [...path.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
      expect(points.length).toBeGreaterThanOrEqual(4)
      for (const [x, y] of points) {
        expect(x).toBeGreaterThanOrEqual(layout.plot.x - 0.01)
        expect(x).toBeLessThanOrEqual(layout.plot.x + layout.plot.width + 0.01)
        expect(y).toBeGreaterThanOrEqual(layout.plot.y - 0.01)
        expect(y).toBeLessThanOrEqual(layout.plot.y + layout.plot.height + 0.01)
      }
    }
    expect(layout.residual.ticks.length).toBeGreaterThanOrEqual(3)
  })

  it('finds the step under the pointer', () => {
    const layout = convergenceLayout(series, 330, 200, SCALES)
    expect(nearestEntry(layout, series, 'iterations', layout.across.toPixel(160))).toBe(2)
    expect(nearestEntry(layout, { entries: [], thresholds: [] }, 'iterations', 10)).toBe(-1)
  })
})

describe('the forecast', () => {
  it('goes on along the logarithm', () => {
    const { way, noise } = forecast(series, { thresholdJy: 0.002, nsigma: 0, noiseJy: 0.001 })!
    // ln(1.3455/0.016)/370 = 0.01198 per iteration; ln(0.016/0.002)/0.01198 = 174.
    expect(way).toBe('To 2.0 mJy: about 170 iterations, 1 major cycle.')
    expect(noise).toBe('Noise 1.00 mJy; the peak is 16.0\u2009σ.')
  })

  it('says when nothing is left to do', () => {
    const limits = { thresholdJy: 0.02, nsigma: 0, noiseJy: 0.005 }
    expect(forecast(series, limits)).toEqual({
      way: 'The limit of 20 mJy is reached.',
      noise: 'Noise 5.00 mJy; the peak is 3.2\u2009σ: little is left to clean.',
    })
  })

  it('takes nsigma as a limit, and keeps silent without history', () => {
    expect(forecast(series, { thresholdJy: 0, nsigma: 3, noiseJy: 0.001 })!.way).toMatch(/^To 3.0 mJy/)
    expect(
      forecast({ entries: series.entries.slice(0, 2), thresholds: [] }, { thresholdJy: 1, nsigma: 0, noiseJy: 0 }),
    ).toBeNull()
  })
})
