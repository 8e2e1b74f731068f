import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SECONDS_PER_DAY } from './constants.ts'
import { taiMinusUtcSeconds } from './leap-seconds.ts'
import { greenwichMeanSiderealTime, taiToUtc, ttToTdb, utcToTai, utcToTt } from './time-scales.ts'

interface EpochCase {
  mjd_utc: number
  TAI: number
  TT: number
  UT1: number
  GMST1: number
}
const { epochs_days: epochs } = JSON.parse(
  readFileSync(new URL('../../../conformance/refs/oracles/measures.json', import.meta.url), 'utf8'),
) as { epochs_days: EpochCase[] }

describe('time scales', () => {
  it('agree with casatools within a microsecond for TAI and TT', () => {
    // A modified Julian date held in a double resolves 0.6 microseconds.
    const errors = epochs.flatMap(each => [utcToTai(each.mjd_utc) - each.TAI, utcToTt(each.mjd_utc) - each.TT])
    expect(errors).toHaveLength(240)
    expect(Math.max(...errors.map(Math.abs)) * SECONDS_PER_DAY).toBeLessThan(1e-6)
  })

  it('turn UT1 into sidereal time as casatools does', () => {
    const errors = epochs.map(each => {
      const turns = greenwichMeanSiderealTime(each.UT1) / (2 * Math.PI) - each.GMST1
      return Math.abs(turns - Math.round(turns)) * SECONDS_PER_DAY
    })
    expect(Math.max(...errors), 'seconds').toBeLessThan(1e-4)
  })

  it('know the leap seconds', () => {
    expect(taiMinusUtcSeconds(57_753.999)).toBe(36)
    expect(taiMinusUtcSeconds(57_754)).toBe(37)
    expect(taiMinusUtcSeconds(53_901)).toBe(33)
    for (const mjd of [41_400.5, 51_544.25, 57_754.0001, 60_000]) expect(taiToUtc(utcToTai(mjd))).toBeCloseTo(mjd, 10)
  })

  it('keep TDB within 2 ms of TT', () => {
    for (let mjd = 50_000; mjd < 50_400; mjd += 13) {
      const milliseconds = (ttToTdb(mjd) - mjd) * SECONDS_PER_DAY * 1000
      expect(Math.abs(milliseconds)).toBeLessThan(1.7)
    }
  })
})
