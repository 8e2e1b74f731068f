import type { RandomGroups } from '@cleanbeam/fits'
import { MJD_ZERO_JULIAN_DATE, SECONDS_PER_DAY, SPEED_OF_LIGHT, taiMinusUtcSeconds } from '@cleanbeam/measures'
import { VisibilityError } from '../visibility-error.ts'
import type { AntennaTables } from './antenna-table.ts'
import { type GroupLayout, scaledValue } from './group-parameters.ts'

/** What the parameters of a block of groups say, one entry per group. */
export interface GroupFacts {
  /** Number in the file of the block's first group. */
  readonly firstGroup: number
  readonly nGroup: number
  /** UTC. */
  readonly timeMjdSeconds: Float64Array
  readonly antenna1: Int32Array
  readonly antenna2: Int32Array
  readonly field: Int32Array
  /** Subarray, counted from 0. */
  readonly subarray: Int32Array
  /** FREQSEL number. */
  readonly frequencySelection: Int32Array
  /** [group, 3] */
  readonly uvwMetres: Float64Array
}

/** What group parameters are translated with. */
export interface ParameterContext {
  readonly layout: GroupLayout
  readonly antennaTables: AntennaTables
  readonly fieldOfSource: ReadonlyMap<number, number>
  readonly where: string
}

/**
 * Translates the parameters of a block of groups.
 *
 * BASELINE is 256·a1 + a2 + (subarray − 1)/100; beyond 255 antennas 2048·a1 + a2 + 65536; ANTENNA1, ANTENNA2 and SUBARRAY
 * win where present. Two DATE parameters are added in double precision, their integer days first.
 * @throws VisibilityError for an antenna or source that no table lists
 * @see AIPS Memo 117, section 3.1
 */
export function readGroupFacts(
  raw: Float32Array | Float64Array,
  groups: RandomGroups,
  firstGroup: number,
  context: ParameterContext,
): GroupFacts {
  const nGroup = raw.length / groups.groupSize
  const facts = {
    firstGroup,
    nGroup,
    timeMjdSeconds: new Float64Array(nGroup),
    antenna1: new Int32Array(nGroup),
    antenna2: new Int32Array(nGroup),
    field: new Int32Array(nGroup),
    subarray: new Int32Array(nGroup),
    frequencySelection: new Int32Array(nGroup),
    uvwMetres: new Float64Array(3 * nGroup),
  }
  const { layout } = context
  for (let g = 0; g < nGroup; g++) {
    const offset = g * groups.groupSize
    facts.uvwMetres[3 * g] = scaledValue(layout.u, raw, offset) * SPEED_OF_LIGHT
    facts.uvwMetres[3 * g + 1] = scaledValue(layout.v, raw, offset) * SPEED_OF_LIGHT
    facts.uvwMetres[3 * g + 2] = scaledValue(layout.w, raw, offset) * SPEED_OF_LIGHT
    facts.timeMjdSeconds[g] = utcSeconds(raw, offset, context)
    const [first, second, subarray] = antennaPair(raw, offset, firstGroup + g, context)
    facts.antenna1[g] = first
    facts.antenna2[g] = second
    facts.subarray[g] = subarray
    facts.field[g] = fieldOf(raw, offset, firstGroup + g, context)
    facts.frequencySelection[g] =
      layout.frequencySelection === null ? 1 : Math.round(scaledValue(layout.frequencySelection, raw, offset))
  }
  return facts
}

/** Earliest and latest date of a block of groups, modified Julian date in seconds, UTC. */
export function timeRangeOf(
  raw: Float32Array | Float64Array,
  groupSize: number,
  context: ParameterContext,
): [start: number, end: number] {
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (let offset = 0; offset < raw.length; offset += groupSize) {
    const time = utcSeconds(raw, offset, context)
    if (time < start) start = time
    if (time > end) end = time
  }
  return [start, end]
}

function utcSeconds(raw: Float32Array | Float64Array, offset: number, context: ParameterContext): number {
  const { date } = context.layout
  // The whole days cancel before the fraction is added, so that nothing of the fraction is rounded off.
  let days = date.zero - MJD_ZERO_JULIAN_DATE
  for (let k = 0; k < date.indices.length; k++) days += date.scales[k] * raw[offset + date.indices[k]]
  const seconds = days * SECONDS_PER_DAY
  if (context.antennaTables.timeScale === 'UTC') return seconds
  return seconds - (context.antennaTables.iatMinusUtcSeconds || taiMinusUtcSeconds(days))
}

function antennaPair(
  raw: Float32Array | Float64Array,
  offset: number,
  group: number,
  context: ParameterContext,
): [antenna1: number, antenna2: number, subarray: number] {
  const { layout, antennaTables } = context
  let subarray = layout.subarray === null ? 1 : Math.round(scaledValue(layout.subarray, raw, offset))
  let first: number
  let second: number
  if (layout.antenna1 !== null && layout.antenna2 !== null) {
    first = Math.round(scaledValue(layout.antenna1, raw, offset))
    second = Math.round(scaledValue(layout.antenna2, raw, offset))
  } else if (layout.baseline !== null) {
    const coded = scaledValue(layout.baseline, raw, offset)
    const whole = Math.floor(coded + 0.001)
    const base = whole > 65_536 ? 2048 : 256
    const rest = whole > 65_536 ? whole - 65_536 : whole
    first = Math.floor(rest / base)
    second = rest % base
    if (layout.subarray === null) subarray = Math.round((coded - whole) * 100) + 1
  } else {
    throw new VisibilityError(`expected BASELINE or ANTENNA1 and ANTENNA2, got neither (${context.where})`)
  }
  const count = antennaTables.counts[subarray - 1] ?? 0
  if (first < 1 || second < 1 || first > count || second > count) {
    throw new VisibilityError(
      `expected antennas from 1 to ${count} of subarray ${subarray}, got ${first} and ${second} (${context.where}, group ${group}): the antenna table does not fit the data`,
      { group, antenna1: first, antenna2: second },
    )
  }
  const start = antennaTables.firstId[subarray - 1] - 1
  return [start + first, start + second, subarray - 1]
}

function fieldOf(raw: Float32Array | Float64Array, offset: number, group: number, context: ParameterContext): number {
  const { source } = context.layout
  const number = source === null ? 1 : Math.round(scaledValue(source, raw, offset))
  const field = context.fieldOfSource.get(number)
  if (field !== undefined) return field
  if (context.fieldOfSource.size === 1 && number <= 1) return 0
  throw new VisibilityError(
    `expected a source of the source table, got number ${number} (${context.where}, group ${group}): the source table does not fit the data`,
    { group, source: number },
  )
}
