// Modified Julian dates and the date text of FITS (FITS standard 4.0, section 9.1), proleptic Gregorian calendar.
const MJD_OF_UNIX_EPOCH = 40587
const MICROSECONDS_PER_DAY = 86_400_000_000

/** `2006-06-15T20:53:05.005188` for a modified Julian date in days; '' when it is not finite. */
export function dateTextOfMjd(mjd: number): string {
  if (!Number.isFinite(mjd)) return ''
  let day = Math.floor(mjd)
  let microseconds = Math.round((mjd - day) * MICROSECONDS_PER_DAY)
  if (microseconds === MICROSECONDS_PER_DAY) {
    day++
    microseconds = 0
  }
  const date = new Date((day - MJD_OF_UNIX_EPOCH) * 86_400_000).toISOString().slice(0, 10)
  const seconds = Math.floor(microseconds / 1e6)
  const two = (n: number) => String(n).padStart(2, '0')
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${date}T${clock}.${String(microseconds % 1e6).padStart(6, '0')}`
}

/** Modified Julian date of `yyyy-mm-ddThh:mm:ss.s`, `yyyy-mm-dd` or the old `dd/mm/yy`; NaN for anything else. */
export function mjdOfDateText(text: string): number {
  const old = /^(\d\d)\/(\d\d)\/(\d\d)$/.exec(text.trim())
  if (old) return dayNumber(1900 + Number(old[3]), Number(old[2]), Number(old[1]))
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d*)?))?Z?)?$/.exec(text.trim())
  if (!match) return Number.NaN
  const [, year, month, day, hours = '0', minutes = '0', seconds = '0'] = match
  const fraction = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) / 86400
  return dayNumber(Number(year), Number(month), Number(day)) + fraction
}

function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000 + MJD_OF_UNIX_EPOCH
}
