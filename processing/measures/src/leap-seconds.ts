/**
 * TAI − UTC from 1972 on, as [modified Julian date (UTC) from which it holds, seconds]. No leap second has been announced
 * after the last one.
 * @see IERS Bulletin C, https://hpiers.obspm.fr/iers/bul/bulc/Leap_Second.dat
 */
const LEAP_SECONDS: readonly (readonly [mjd: number, seconds: number])[] = [
  [41317, 10],
  [41499, 11],
  [41683, 12],
  [42048, 13],
  [42413, 14],
  [42778, 15],
  [43144, 16],
  [43509, 17],
  [43874, 18],
  [44239, 19],
  [44786, 20],
  [45151, 21],
  [45516, 22],
  [46247, 23],
  [47161, 24],
  [47892, 25],
  [48257, 26],
  [48804, 27],
  [49169, 28],
  [49534, 29],
  [50083, 30],
  [50630, 31],
  [51179, 32],
  [53736, 33],
  [54832, 34],
  [56109, 35],
  [57204, 36],
  [57754, 37],
]

/** TAI − UTC in seconds at a date given in UTC (modified Julian date, days); 10 s before 1972. */
export function taiMinusUtcSeconds(mjdUtc: number): number {
  for (let i = LEAP_SECONDS.length - 1; i > 0; i--) {
    if (mjdUtc >= LEAP_SECONDS[i][0]) return LEAP_SECONDS[i][1]
  }
  return LEAP_SECONDS[0][1]
}
