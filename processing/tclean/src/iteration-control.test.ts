import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cycleIterations,
  GLOBAL_STOP,
  type GlobalProgress,
  globalStopCode,
  nextCycleThresholdJy,
  stopDescription,
} from './iteration-control.ts'

const NO_LIMITS = { thresholdJy: 0, nsigma: 0 }

function progress(changes: Partial<GlobalProgress> & { peakJy?: number; limitJy?: number }): GlobalProgress {
  const { peakJy = 1, limitJy = 0, ...others } = changes
  return {
    planes: [{ peakResidualJy: peakJy, nsigmaThresholdJy: limitJy }],
    maskSum: 10,
    iterationsLeft: 100,
    majorCyclesLeft: -1,
    peakHistoryJy: [peakJy],
    ...others,
  }
}

describe('globalStopCode', () => {
  it.each([
    ['nothing reached', NO_LIMITS, progress({}), GLOBAL_STOP.running],
    ['empty mask before anything else', { thresholdJy: 5, nsigma: 0 }, progress({ maskSum: 0 }), GLOBAL_STOP.zeroMask],
    ['user stop', NO_LIMITS, progress({ stopRequested: true }), GLOBAL_STOP.forced],
    ['threshold', { thresholdJy: 1, nsigma: 0 }, progress({}), GLOBAL_STOP.threshold],
    [
      'threshold before the iteration limit (CASA: tp_cube_hogbom)',
      { thresholdJy: 0.02, nsigma: 0 },
      progress({ peakJy: 0.0192, iterationsLeft: -16 }),
      GLOBAL_STOP.threshold,
    ],
    ['iterations used up', NO_LIMITS, progress({ iterationsLeft: 0 }), GLOBAL_STOP.iterationLimit],
    [
      'n-sigma 0.93 % above its limit (CASA: m87_hogbom)',
      { thresholdJy: 0, nsigma: 3 },
      progress({ peakJy: 0.00443384, limitJy: 0.00439289 }),
      GLOBAL_STOP.nsigma,
    ],
    ['n-sigma 1.9 % above', { thresholdJy: 0, nsigma: 3 }, progress({ peakJy: 1.019, limitJy: 1 }), 0],
    ['n-sigma limits without nsigma', NO_LIMITS, progress({ limitJy: 2 }), 0],
    ['no major cycle left', NO_LIMITS, progress({ majorCyclesLeft: 0 }), GLOBAL_STOP.majorLimit],
    ['no change', NO_LIMITS, progress({ peakHistoryJy: [1, 1] }), GLOBAL_STOP.noChange],
    [
      'peak rose more than threefold',
      NO_LIMITS,
      progress({ peakJy: 3.1, peakHistoryJy: [1, 3.1] }),
      GLOBAL_STOP.roseSinceLastMajor,
    ],
    [
      'peak rose slowly to more than thrice the least',
      NO_LIMITS,
      progress({ peakJy: 3.1, peakHistoryJy: [1, 2, 3.1] }),
      GLOBAL_STOP.roseAboveMinimum,
    ],
    ['peak rose less', NO_LIMITS, progress({ peakJy: 2.9, peakHistoryJy: [1, 2, 2.9] }), 0],
  ])('%s', (_what, limits, state, code) => {
    expect(globalStopCode(limits, state)).toBe(code)
  })

  it('holds the largest peak against the largest n-sigma limit', () => {
    const planes = [
      { peakResidualJy: 1, nsigmaThresholdJy: 2 },
      { peakResidualJy: 3, nsigmaThresholdJy: 2 },
    ]
    const limits = { thresholdJy: 0, nsigma: 3 }
    expect(globalStopCode(limits, progress({ planes }))).toBe(GLOBAL_STOP.running)
    const noisier = { peakResidualJy: 1, nsigmaThresholdJy: 3 }
    expect(globalStopCode(limits, progress({ planes: [...planes, noisier] }))).toBe(GLOBAL_STOP.nsigma)
  })
})

it("has CASA's text for every code", () => {
  const texts = ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const).map(stopDescription)
  expect(new Set(texts).size).toBe(10)
  expect(texts[9]).toBe('reached nmajor')
})

describe('nextCycleThresholdJy', () => {
  it('agrees with the value CASA reported for a plane of 0.29897 Jy', () => {
    const depth = {
      peakResidualJy: 0.2989712655544281,
      maxPsfSidelobe: 0.17766417562961578,
      cyclefactor: 1,
      minpsffraction: 0.05,
      maxpsffraction: 0.8,
      thresholdJy: 0,
    }
    expect(nextCycleThresholdJy(depth)).toBeCloseTo(0.0531164, 6)
  })

  it('stays between the fractions of the peak and above the threshold', () => {
    const fraction = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fraction, fraction, fc.double({ min: 0, max: 2, noNaN: true }), (sidelobe, peakJy, thresholdJy) => {
        const value = nextCycleThresholdJy({
          peakResidualJy: peakJy,
          maxPsfSidelobe: sidelobe,
          cyclefactor: 1.5,
          minpsffraction: 0.05,
          maxpsffraction: 0.8,
          thresholdJy,
        })
        const upper = Math.max(0.8 * peakJy, thresholdJy)
        const lower = Math.max(0.05 * peakJy, thresholdJy)
        return value >= Math.fround(lower) && value <= Math.fround(upper)
      }),
    )
  })
})

it.each([
  [-1, 70, 70],
  [30, 70, 30],
  [30, 10, 10],
  [30, -5, 0],
])('cycleniter %d with %d left allows %d', (cycleniter, left, expected) => {
  expect(cycleIterations(cycleniter, left)).toBe(expected)
})
