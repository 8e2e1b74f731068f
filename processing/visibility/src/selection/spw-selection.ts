import type { SpectralWindow } from '@cleanbeam/types'
import { frequencyRange, inChannels } from './frequency-selection.ts'
import type { ChannelRange } from './selectable.ts'
import { compare, nameTest, parseIdTest, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/** Spectral windows whose rows are taken, and channels. */
export interface SpwSelection {
  readonly spws: ReadonlySet<number>
  /** In the order written; a window may appear more than once, or not at all where a frequency range misses it. */
  readonly ranges: readonly ChannelRange[]
}

/**
 * Spectral windows and channels: a comma list of W or W:C. W is *, an id, a range 0~2, >0, <2, a name or pattern, ids joined
 * by semicolons, or frequencies: 1.5~1.9GHz (the centre lies inside), 1.41GHz (the centre lies within half a channel),
 * >1.5GHz (the reference frequency). C is a list, separated by semicolons, of channels 3, 4~12, 0~14^2 (every second), ^2
 * (every second of all) or frequencies 1.402~1.41GHz, 1.404GHz (the channel there, or its two neighbours).
 * @throws VisibilityError naming the window or channel the observation does not have
 * @see Bhatnagar, "MSSelection syntax", section 6; details as casatools 6.7 answers
 */
export function parseSpwSelection(
  text: string,
  spws: readonly SpectralWindow[],
  context: SelectionContext,
): SpwSelection {
  const selected = new Set<number>()
  const ranges: ChannelRange[] = []
  for (const part of splitList(text, ',', context)) {
    const { windows, channels } = splitPart(part, spws, context)
    for (const spw of windows) {
      selected.add(spw.id)
      if (channels === null) ranges.push({ spw: spw.id, start: 0, stop: spw.channelFrequencyHz.length - 1, step: 1 })
      else ranges.push(...channels.flatMap(each => channelRange(each, spw, context) ?? []))
    }
  }
  if (ranges.length === 0) throw selectionError(context, 'channels that the spectral windows have', text)
  return { spws: selected, ranges }
}

function splitPart(
  part: string,
  spws: readonly SpectralWindow[],
  context: SelectionContext,
): { windows: readonly SpectralWindow[]; channels: readonly string[] | null } {
  // Names in quotes may hold colons of their own.
  const quoted = /^".*?"/.exec(part)?.[0].length ?? 0
  const colon = part.indexOf(':', quoted)
  const names = splitList(colon < 0 ? part : part.slice(0, colon).trim(), ';', context)
  const odd = names.length > 1 ? names.find(name => parseIdTest(name) === null) : undefined
  if (odd !== undefined) throw selectionError(context, 'ids between semicolons, or names between commas', odd)
  return {
    windows: names.flatMap(name => matchSpws(name, spws, context)),
    channels: colon < 0 ? null : splitList(part.slice(colon + 1).trim(), ';', context),
  }
}

/**
 * The spectral windows that one name, id or frequency means.
 * @throws VisibilityError when there are none
 */
export function matchSpws(
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
  const range = frequencyRange(part)
  if (range === null) {
    const isName = nameTest(part, context)
    return spw => isName(spw.name)
  }
  const { operator, firstHz, lastHz } = range
  if (operator !== null) {
    const isBeyond = compare(operator, firstHz)
    return spw => isBeyond(spw.referenceFrequencyHz)
  }
  const isSingle = firstHz === lastHz
  return spw => {
    const slack = isSingle ? spw.channelWidthHz[0] / 2 : 0
    return centreHz(spw) >= firstHz - slack && centreHz(spw) <= lastHz + slack
  }
}

function centreHz({ channelFrequencyHz }: SpectralWindow): number {
  return channelFrequencyHz.reduce((sum, hz) => sum + hz, 0) / channelFrequencyHz.length
}

const CHANNELS = /^(?:(\d+)(?:\s*~\s*(\d+))?)?(?:\s*\^\s*(\d+))?$/
const FREQUENCY_STEP = /^(.*?)(?:\^(.*))?$/

function channelRange(text: string, spw: SpectralWindow, context: SelectionContext): ChannelRange | null {
  const nChannel = spw.channelFrequencyHz.length
  const indices = CHANNELS.exec(text)
  if (indices === null) return frequencyChannels(text, spw, context)
  const [, first, last, every] = indices
  const start = Number(first ?? 0)
  const stop = Math.min(Number(last ?? first ?? nChannel - 1), nChannel - 1)
  const step = Number(every ?? 1)
  const isStepOfOne = every !== undefined && first !== undefined && last === undefined
  if (step < 1 || isStepOfOne || start >= nChannel || start > stop) {
    throw selectionError(
      context,
      `channels from 0 to ${nChannel - 1} of spectral window ${spw.id}, such as '0~${nChannel - 1}^2'`,
      text,
    )
  }
  return { spw: spw.id, start, stop, step }
}

function frequencyChannels(text: string, spw: SpectralWindow, context: SelectionContext): ChannelRange | null {
  const [, body, stepText] = FREQUENCY_STEP.exec(text) ?? []
  const range = frequencyRange((body ?? '').trim())
  const step = stepText === undefined ? 1 : channelStep(stepText.trim(), spw)
  if (range === null || range.operator !== null || !(step >= 1)) {
    throw selectionError(
      context,
      "channels such as '3', '4~12', '0~14^2' or frequencies such as '1.402~1.41GHz', '1402~1410MHz^4MHz'",
      text,
    )
  }
  const channels = inChannels(spw, range.firstHz, range.lastHz)
  return channels === null ? null : { spw: spw.id, ...channels, step }
}

function channelStep(text: string, spw: SpectralWindow): number {
  const range = frequencyRange(text)
  if (range === null || range.operator !== null || range.firstHz !== range.lastHz) return Number.NaN
  return Math.max(1, Math.round(range.firstHz / spw.channelWidthHz[0]))
}
