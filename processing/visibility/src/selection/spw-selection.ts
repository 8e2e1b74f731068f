import { lookUpUnit } from '@cleanbeam/measures'
import type { SpectralWindow } from '@cleanbeam/types'
import type { ChannelRange } from './selectable.ts'
import { compare, nameTest, parseIdTest, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/**
 * Spectral windows and channels: a comma list of W or W:C. W is *, an id, a range 0~2, >0, <2, a name or pattern, or
 * reference frequencies (1.5~1.9GHz, >1.5GHz); several may be joined by semicolons where no C follows. C is a list, separated
 * by semicolons, of channels 3, 4~12, 0~14^2 (every second) or frequencies 1.402~1.41GHz.
 * @returns ranges in the order written; a window may appear more than once
 * @throws VisibilityError naming the window or channel the observation does not have
 * @see Bhatnagar, "MSSelection syntax", section 6
 */
export function parseSpwSelection(
  text: string,
  spws: readonly SpectralWindow[],
  context: SelectionContext,
): readonly ChannelRange[] {
  return splitList(text, ',', context).flatMap(part => parsePart(part, spws, context))
}

function parsePart(part: string, spws: readonly SpectralWindow[], context: SelectionContext): ChannelRange[] {
  const colon = channelColon(part)
  if (colon < 0) {
    const windows = splitList(part, ';', context).flatMap(each => matchWindows(each, spws, context))
    return windows.map(spw => ({ spw: spw.id, start: 0, stop: spw.channelFrequencyHz.length - 1, step: 1 }))
  }
  const windows = matchWindows(part.slice(0, colon).trim(), spws, context)
  const specifications = splitList(part.slice(colon + 1).trim(), ';', context)
  const ranges = windows.flatMap(spw => specifications.flatMap(each => channelRange(each, spw, context) ?? []))
  if (ranges.length === 0) throw selectionError(context, 'channels that the spectral windows have', part)
  return ranges
}

/** Position of the colon in front of the channels; names in quotes may hold colons of their own. */
function channelColon(part: string): number {
  const quoted = /^(["']).*?\1/.exec(part)?.[0].length ?? 0
  return part.indexOf(':', quoted)
}

const FREQUENCY = /^([<>]=?)?\s*(\d+\.?\d*|\.\d+)(?:\s*~\s*(\d+\.?\d*|\.\d+))?\s*([kMGT]?Hz)$/i

function matchWindows(
  part: string,
  spws: readonly SpectralWindow[],
  context: SelectionContext,
): readonly SpectralWindow[] {
  const found = spws.filter(windowTest(part, context))
  if (found.length > 0) return found
  const known = spws.map(spw => `${spw.id}${spw.name === '' ? '' : ` '${spw.name}'`}`).join(', ')
  throw selectionError(context, `one of the spectral windows ${known}`, part)
}

function windowTest(part: string, context: SelectionContext): (spw: SpectralWindow) => boolean {
  if (part === '*') return () => true
  const isId = parseIdTest(part)
  if (isId !== null) return spw => isId(spw.id)
  const frequency = frequencyBounds(part)
  if (frequency !== null) return spw => frequency(spw.referenceFrequencyHz)
  const isName = nameTest(part, context)
  return spw => isName(spw.name)
}

/** A test for frequencies in Hz, or null when the text gives none. */
function frequencyBounds(part: string): ((hz: number) => boolean) | null {
  const match = FREQUENCY.exec(part)
  if (match === null) return null
  const scale = unitScale(match[4])
  const first = Number(match[2]) * scale
  if (match[1] !== undefined) return compare(match[1], first)
  const last = Number(match[3] ?? match[2]) * scale
  // A decimal fraction of a GHz is not exact in binary; a part in 10¹² keeps the ends of a range inside.
  return hz => hz >= first * (1 - 1e-12) && hz <= last * (1 + 1e-12)
}

function unitScale(unit: string): number {
  const prefix = unit.slice(0, -2)
  const canonical = { k: 'kHz', K: 'kHz', m: 'MHz', M: 'MHz', g: 'GHz', G: 'GHz', t: 'THz', T: 'THz' }[prefix] ?? 'Hz'
  return lookUpUnit(canonical)?.scale ?? 1
}

const CHANNELS = /^(\d+)(?:\s*~\s*(\d+))?(?:\s*\^\s*(\d+))?$/

function channelRange(text: string, spw: SpectralWindow, context: SelectionContext): ChannelRange | null {
  const nChannel = spw.channelFrequencyHz.length
  const indices = CHANNELS.exec(text)
  if (text === '*') return { spw: spw.id, start: 0, stop: nChannel - 1, step: 1 }
  if (indices === null) return frequencyChannels(text, spw, context)
  const start = Number(indices[1])
  const stop = Math.min(Number(indices[2] ?? indices[1]), nChannel - 1)
  const step = Number(indices[3] ?? 1)
  const isStepped = indices[3] !== undefined
  if (step < 1 || (isStepped && indices[2] === undefined) || start >= nChannel || start > stop) {
    throw selectionError(
      context,
      `channels from 0 to ${nChannel - 1} of spectral window ${spw.id}, such as '0~${nChannel - 1}^2'`,
      text,
    )
  }
  return { spw: spw.id, start, stop, step }
}

function frequencyChannels(text: string, spw: SpectralWindow, context: SelectionContext): ChannelRange | null {
  const [body, stepText] = text.split('^')
  const match = FREQUENCY.exec(body.trim())
  const step = stepText === undefined ? 1 : channelStep(stepText.trim(), spw)
  if (match === null || !(step >= 1)) {
    throw selectionError(context, "channels such as '3', '4~12', '0~14^2' or frequencies such as '1.402~1.41GHz'", text)
  }
  const isInside = frequencyBounds(body.trim()) ?? (() => false)
  const isSingle = match[1] === undefined && match[3] === undefined
  const wantedHz = Number(match[2]) * unitScale(match[4])
  const channels = [...spw.channelFrequencyHz.keys()].filter(k =>
    isSingle
      ? Math.abs(spw.channelFrequencyHz[k] - wantedHz) <= spw.channelWidthHz[k] / 2
      : isInside(spw.channelFrequencyHz[k]),
  )
  if (channels.length === 0) return null
  return { spw: spw.id, start: channels[0], stop: isSingle ? channels[0] : (channels.at(-1) ?? 0), step }
}

function channelStep(text: string, spw: SpectralWindow): number {
  if (/^\d+$/.test(text)) return Number(text)
  const match = FREQUENCY.exec(text)
  if (match === null) return Number.NaN
  return Math.max(1, Math.round((Number(match[2]) * unitScale(match[4])) / spw.channelWidthHz[0]))
}
