import { SECONDS_PER_DAY } from '@cleanbeam/measures'
import { compare, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/** Tests a modified Julian date in seconds. */
export type TimeTest = (mjdSeconds: number) => boolean

/** What completes a time that is not written out in full. */
export interface TimeDefaults {
  /** Time of the first row, modified Julian date in seconds. */
  readonly firstRowMjdSeconds: number
  readonly exposureSeconds: number
}

/**
 * Times (UTC): a comma list of T0~T1, T0+dT, >T0, <T0, T0 (within half an exposure) and [T0~T1] (ends widened by half an
 * exposure). T is YYYY/MM/DD/HH:MM:SS.s; any field may be *, and the date may be left out: they come from the first row,
 * and for T1 from T0. Without hours (MM:SS) the hour is 0; a date alone means its midnight in ranges and the first row's
 * time of day else; a number after the date counts seconds.
 * @throws VisibilityError for anything else
 * @see Bhatnagar, "MSSelection syntax", section 2; details as casatools 6.7 answers
 */
export function parseTimeSelection(text: string, defaults: TimeDefaults, context: SelectionContext): TimeTest {
  const tests = splitList(text, ',', context).map(part => parsePart(part, defaults, context))
  return mjdSeconds => tests.some(test => test(mjdSeconds))
}

function parsePart(part: string, defaults: TimeDefaults, context: SelectionContext): TimeTest {
  const clean = part.replace(/\s*([~+<>[\],])\s*/g, '$1').replace(/^["'](.*)["']$/, '$1')
  const widened = /^\[(.+)\]$/.exec(clean)
  const body = widened === null ? clean : widened[1]
  const slack = widened === null ? 0 : defaults.exposureSeconds / 2
  const { firstRowMjdSeconds } = defaults
  const comparison = /^([<>])(.+)$/.exec(body)
  if (comparison !== null) return compare(comparison[1], parseTime(comparison[2], firstRowMjdSeconds, true, context))
  const [from, to] = body.split('~')
  if (to !== undefined) {
    const first = parseTime(from, firstRowMjdSeconds, true, context)
    const last = parseTime(to, first, true, context)
    if (first > last) throw selectionError(context, 'the earlier time in front of the ~', part)
    return time => time >= first - slack && time <= last + slack
  }
  const [start, length] = body.split('+')
  if (length !== undefined) {
    const first = parseTime(start, firstRowMjdSeconds, true, context)
    const last = first + parseDuration(length, context)
    return time => time >= first && time <= last
  }
  const only = parseTime(start, firstRowMjdSeconds, false, context)
  return time => Math.abs(time - only) <= defaults.exposureSeconds / 2
}

const DATE = /^(?:(\d{4}|\*)\/(\d{1,2}|\*)\/(\d{1,2}|\*)(?:\/|$))?/
const FIELD = String.raw`\d{1,2}|\*`
const CLOCK = new RegExp(String.raw`^(?:(?:(${FIELD}):)?(${FIELD}):)?(${FIELD}|\d{1,2}\.\d*)$`)

function parseTime(text: string, defaultMjdSeconds: number, isBound: boolean, context: SelectionContext): number {
  const [written, year, month, day] = DATE.exec(text) ?? ['']
  const clockText = text.slice(written.length)
  const clock = CLOCK.exec(clockText)
  const isSecondsAlone = written === '' && !clockText.includes(':') && clockText !== '*'
  if ((clock === null && clockText !== '') || text === '' || (isSecondsAlone && !isBound)) throw refuse(text, context)
  const base = new Date(toUnixMilliseconds(defaultMjdSeconds))
  const baseSeconds = defaultMjdSeconds % 60
  const pick = (field: string | undefined, fallback: number) =>
    field === undefined || field === '*' ? fallback : Number(field)
  const date = [pick(year, base.getUTCFullYear()), pick(month, base.getUTCMonth() + 1), pick(day, base.getUTCDate())]
  let [hours, minutes, seconds] = [base.getUTCHours(), base.getUTCMinutes(), baseSeconds]
  if (clock !== null) {
    const hasMinutes = clock[2] !== undefined
    hours = clock[1] === undefined && hasMinutes ? 0 : pick(clock[1], hours)
    minutes = pick(clock[2], minutes)
    seconds = pick(clock[3], seconds)
  } else if (isBound) hours = minutes = seconds = 0
  return toMjdSeconds(date, [hours, minutes, seconds], () => refuse(text, context))
}

function toMjdSeconds(
  [year, month, day]: readonly number[],
  [hours, minutes, seconds]: readonly number[],
  refusal: () => Error,
): number {
  const midnight = new Date(Date.UTC(year, month - 1, day))
  const isReal = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day && year > 1858
  if (!isReal || hours > 24 || minutes >= 60 || seconds >= 60) throw refusal()
  const days = Math.round(midnight.getTime() / (SECONDS_PER_DAY * 1000)) + MJD_OF_UNIX_EPOCH
  return days * SECONDS_PER_DAY + hours * 3600 + minutes * 60 + seconds
}

/** Modified Julian date of 1970 January 1. */
const MJD_OF_UNIX_EPOCH = 40_587

function toUnixMilliseconds(mjdSeconds: number): number {
  return (mjdSeconds - MJD_OF_UNIX_EPOCH * SECONDS_PER_DAY) * 1000
}

/** A length of time: [D/][[HH:]MM:]SS. */
function parseDuration(text: string, context: SelectionContext): number {
  const match = /^(?:(\d+)\/)?(?:(?:(\d{1,2}):)?(\d{1,2}):)?(\d{1,2}(?:\.\d*)?)$/.exec(text)
  if (match === null) throw refuse(text, context)
  const [days, hours, minutes, seconds] = [1, 2, 3, 4].map(i => Number(match[i] ?? 0))
  return days * SECONDS_PER_DAY + hours * 3600 + minutes * 60 + seconds
}

function refuse(text: string, context: SelectionContext) {
  return selectionError(
    context,
    "times such as '2015/06/01/09:20:00~2015/06/01/10:30:00', '09:20:00~10:30:00' or '>09:20:00'",
    text,
  )
}
