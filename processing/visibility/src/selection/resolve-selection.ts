import type { Correlation, DataSelection } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'
import { parseAntennaSelection } from './antenna-selection.ts'
import { parseFieldSelection } from './field-selection.ts'
import { parseIdSelection } from './id-selection.ts'
import { parseIntentSelection } from './intent-selection.ts'
import type { ChannelRange, ResolvedSelection, RowTest, Selectable } from './selectable.ts'
import { type SelectionContext, selectionError, splitList } from './selection-text.ts'
import { matchSpws, parseSpwSelection, type SpwSelection } from './spw-selection.ts'
import { parseTimeSelection } from './time-selection.ts'
import { parseUvSelection } from './uv-selection.ts'

const PARAMETERS = [
  'field',
  'spw',
  'timerange',
  'uvrange',
  'antenna',
  'scan',
  'observation',
  'array',
  'intent',
  'correlation',
] as const
type SelectionParameter = (typeof PARAMETERS)[number]

/**
 * Resolves a data selection, in CASA's grammar, against an observation.
 * @throws VisibilityError when a part cannot be read or names what the observation does not have
 * @see CASA documentation, "Visibility data selection"; Bhatnagar, "MSSelection syntax"
 */
export function resolveSelection(observation: Selectable, selection: DataSelection): ResolvedSelection {
  if (selection.msselect) {
    throw new VisibilityError(
      `expected no msselect, got '${selection.msselect}': not yet supported: msselect; use field, spw, scan and the other parameters`,
      { parameter: 'msselect' },
    )
  }
  const given = PARAMETERS.filter(name => (selection[name] ?? '').trim() !== '')
  const { spws, ranges: channelRanges } = selectChannels(observation, selection.spw ?? '')
  const channels = mergeChannels(channelRanges)
  const tests = given.map(name => rowTest(name, (selection[name] ?? '').trim(), observation))
  return {
    channels,
    channelRanges,
    acceptsRow: row => spws.has(row.spw) && tests.every(test => test(row)),
    usesUv: given.includes('uvrange'),
    text: given.length === 0 ? 'everything' : given.map(name => `${name}='${selection[name]}'`).join(', '),
  }
}

function selectChannels(observation: Selectable, text: string): SpwSelection {
  const context = { parameter: 'spw', path: observation.path }
  return parseSpwSelection(text.trim() === '' ? '*' : text.trim(), observation.spws, context)
}

function mergeChannels(ranges: readonly ChannelRange[]): ReadonlyMap<number, Int32Array> {
  const sets = new Map<number, Set<number>>()
  for (const { spw, start, stop, step } of ranges) {
    const set = sets.get(spw) ?? new Set<number>()
    for (let k = start; k <= stop; k += step) set.add(k)
    sets.set(spw, set)
  }
  return new Map([...sets].map(([spw, set]) => [spw, Int32Array.from(set).sort()]))
}

function rowTest(parameter: SelectionParameter, text: string, observation: Selectable): RowTest {
  const context: SelectionContext = { parameter, path: observation.path }
  switch (parameter) {
    case 'field': {
      const fields = parseFieldSelection(text, observation.fields, context)
      return row => fields.has(row.field)
    }
    case 'spw':
      return () => true
    case 'timerange': {
      const defaults = {
        firstRowMjdSeconds: observation.firstRowMjdSeconds,
        exposureSeconds: observation.firstRowExposureSeconds,
      }
      const isTime = parseTimeSelection(text, defaults, context)
      return row => isTime(row.timeMjdSeconds)
    }
    case 'uvrange': {
      const isDistance = parseUvSelection(text, context)
      const { spws } = observation
      return row => isDistance(Math.hypot(row.uMetres, row.vMetres), spws[row.spw].referenceFrequencyHz)
    }
    case 'antenna': {
      const isBaseline = parseAntennaSelection(text, observation.antennas, context)
      return row => isBaseline(row.antenna1, row.antenna2)
    }
    case 'scan': {
      if (!observation.hasScans)
        throw selectionError(context, 'no scan, because these data carry no scan numbers', text)
      const isScan = parseIdSelection(text, context)
      return row => isScan(row.scan)
    }
    case 'observation': {
      const isObservation = parseIdSelection(text, context)
      return row => isObservation(row.observation)
    }
    case 'array': {
      const isArray = parseIdSelection(text, context)
      return row => isArray(row.array)
    }
    case 'intent': {
      const states = parseIntentSelection(text, observation.intents, context)
      return row => states.has(row.state)
    }
    case 'correlation':
      return correlationTest(text, observation, context)
  }
}

/**
 * Rows of the data descriptions that have any of the correlations (a comma list; several may be joined by semicolons, each
 * with a spectral window in front: 0~1:RR); which planes are used is the caller's concern.
 */
function correlationTest(text: string, observation: Selectable, context: SelectionContext): RowTest {
  const descriptions = new Set(
    splitList(text, ';', context).flatMap(part => descriptionsWith(part, observation, context)),
  )
  return row => descriptions.has(row.dataDescription)
}

function descriptionsWith(part: string, observation: Selectable, context: SelectionContext): number[] {
  const [names, spwText, ...more] = part.split(':').reverse()
  if (more.length > 0) throw selectionError(context, "at most one ':' between semicolons", part)
  const wanted = splitList(names, ',', context).map(each => each.toUpperCase())
  const inSpws = spwText === undefined ? observation.spws : matchSpws(spwText.trim(), observation.spws, context)
  const candidates = observation.dataDescriptions.filter(each => inSpws.some(spw => spw.id === each.spw))
  const known = new Set<Correlation>(candidates.flatMap(each => each.correlations))
  for (const each of wanted) {
    if (!known.has(each as Correlation)) {
      throw selectionError(context, `one of the correlations ${[...known].join(', ')}`, each)
    }
  }
  return candidates
    .filter(each => each.correlations.some(correlation => wanted.includes(correlation)))
    .map(each => each.id)
}
