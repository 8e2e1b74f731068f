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
 * Times (UTC): a comma list of T0~T1, T0+dT, >T0, <T0, T0 (within half an exposure), [T0~T1] (ends widened by half an
 * exposure) and F[T0~T1] (ends widened by F seconds). T is YYYY/MM/DD/HH:MM:SS.s, of which fields may be left out from the
 * left; they come from the first row, and for T1 from T0. A part may be *.
 * @throws VisibilityError for anything else
 * @see Bhatnagar, "MSSelection syntax", section 2; CASA documentation, "Visibility data selection", timerange
 */
export function parseTimeSelection(text: string, defaults: TimeDefaults, context: SelectionContext): TimeTest {
  const tests = splitList(text, ',', context).map(part => parsePart(part, defaults, context))
  return mjdSeconds => tests.some(test => test(mjdSeconds))
}

function parsePart(part: string, defaults: TimeDefaults, context: SelectionContext): TimeTest {
  const clean = part.replace(/\s+/g, '').replace(/^["'](.*)["']$/, '$1')
  if (clean === '*') return () => true
  const widened = /^(\d*\.?\d*)\[(.+)\]$/.exec(clean)
  const slack = widened === null ? 0 : widened[1] === '' ? defaults.exposureSeconds / 2 : Number(widened[1])
  const body = widened === null ? clean : widened[2]
  const comparison = /^([<>]=?)(.+)$/.exec(body)
  if (comparison !== null) return compare(comparison[1], parseTime(comparison[2], defaults.firstRowMjdSeconds, context))
  const [from, to] = body.split('~')
  if (to !== undefined) {
    const first = parseTime(from, defaults.firstRowMjdSeconds, context)
    const last = parseTime(to, first, context)
    return time => time >= first - slack && time <= last + slack
  }
  const [start, length] = body.split('+')
  const first = parseTime(start, defaults.firstRowMjdSeconds, context)
  if (length !== undefined) {
    const last = first + parseDuration(length, context)
    return time => time >= first && time <= last
  }
  const half = widened === null ? defaults.exposureSeconds / 2 : slack
  return time => Math.abs(time - first) <= half
}

const CLOCK = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?$/

function parseTime(text: string, defaultMjdSeconds: number, context: SelectionContext): number {
  const fields = text.split('/')
  const clock = fields.at(-1)?.includes(':') ? CLOCK.exec(fields.pop() ?? '') : null
  const hasClock = text.includes(':')
  const isDate = fields.length <= 3 && fields.every(field => /^\d+$/.test(field))
  if ((hasClock && clock === null) || !isDate || (!hasClock && fields.length !== 3)) throw refuse(text, context)
  const base = new Date(toUnixMilliseconds(defaultMjdSeconds))
  const given = fields.map(Number)
  const day = given.pop() ?? base.getUTCDate()
  const month = given.pop() ?? base.getUTCMonth() + 1
  const year = given.pop() ?? base.getUTCFullYear()
  const [hours, minutes, seconds] = [1, 2, 3].map(i => Number(clock?.[i] ?? 0))
  const midnight = new Date(Date.UTC(year, month - 1, day))
  const isReal = midnight.getUTCMonth() === month - 1 && midnight.getUTCDate() === day && year > 1858
  if (!isReal || hours > 24 || minutes >= 60 || seconds >= 60) throw refuse(text, context)
  const days = Math.round(midnight.getTime() / (SECONDS_PER_DAY * 1000)) + MJD_OF_UNIX_EPOCH
  return days * SECONDS_PER_DAY + hours * 3600 + minutes * 60 + seconds
}

/** Modified Julian date of 1970 January 1. */
const MJD_OF_UNIX_EPOCH = 40_587

function toUnixMilliseconds(mjdSeconds: number): number {
  return (mjdSeconds - MJD_OF_UNIX_EPOCH * SECONDS_PER_DAY) * 1000
}

/** A length of time: HH:MM:SS, MM:SS is not meant; DD/HH:MM:SS adds days. */
function parseDuration(text: string, context: SelectionContext): number {
  const match = /^(?:(\d+)\/)?(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?$/.exec(text)
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
