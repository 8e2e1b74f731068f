import { SECONDS_PER_DAY } from './constants.ts'
import { taiMinusUtcSeconds } from './leap-seconds.ts'
import { UT1_MINUS_TAI_MS, UT1_TABLE_START_MJD, UT1_TABLE_STEP_DAYS } from './ut1-table.ts'

/**
 * UT1 − UTC, seconds.
 *
 * *Accuracy:* 0.02 s from 1972 to 2027. Outside that range the nearest value of UT1 − TAI is held until UT1 − UTC would
 * pass the 0.9 s that leap seconds keep it within.
 * @param mjdUtc - modified Julian date, days
 */
export function ut1MinusUtcSeconds(mjdUtc: number): number {
  const last = UT1_MINUS_TAI_MS.length - 1
  const at = (mjdUtc - UT1_TABLE_START_MJD) / UT1_TABLE_STEP_DAYS
  const clamped = Math.max(0, Math.min(last, at))
  const i = Math.min(Math.floor(clamped), last - 1)
  const milliseconds = UT1_MINUS_TAI_MS[i] + (clamped - i) * (UT1_MINUS_TAI_MS[i + 1] - UT1_MINUS_TAI_MS[i])
  const difference = milliseconds / 1000 + taiMinusUtcSeconds(mjdUtc)
  return Math.max(-0.9, Math.min(0.9, difference))
}

/** UT1 from UTC, modified Julian dates in days. */
export function utcToUt1(mjdUtc: number): number {
  return mjdUtc + ut1MinusUtcSeconds(mjdUtc) / SECONDS_PER_DAY
}

/** UTC from UT1, modified Julian dates in days. */
export function ut1ToUtc(mjdUt1: number): number {
  return mjdUt1 - ut1MinusUtcSeconds(mjdUt1) / SECONDS_PER_DAY
}
