const MJD_OF_UNIX_EPOCH = 40587

/** Modified Julian date in seconds as `2015-06-01T07:19:37.5` (UTC), to a tenth of a second; '' when it is not finite. */
export function timeText(mjdSeconds: number): string {
  if (!Number.isFinite(mjdSeconds)) return ''
  const milliseconds = Math.round((mjdSeconds - MJD_OF_UNIX_EPOCH * 86_400) * 10) * 100
  return new Date(milliseconds).toISOString().slice(0, 21)
}
