import type { GroupParameter, RandomGroups } from '@cleanbeam/fits'
import { VisibilityError } from '../visibility-error.ts'

/** Where a physical value comes from: the sum of one or more scaled group parameters. */
export interface ScaledColumns {
  readonly indices: readonly number[]
  readonly scales: readonly number[]
  /** Sum of the PZEROn. */
  readonly zero: number
}

/** Places of the parameters a visibility needs; null where the file leaves an optional one out. */
export interface GroupLayout {
  /** Seconds. */
  readonly u: ScaledColumns
  readonly v: ScaledColumns
  readonly w: ScaledColumns
  /** Julian date, days; two parameters DATE (or DATE and _DATE) add up. */
  readonly date: ScaledColumns
  readonly baseline: ScaledColumns | null
  readonly antenna1: ScaledColumns | null
  readonly antenna2: ScaledColumns | null
  readonly subarray: ScaledColumns | null
  readonly source: ScaledColumns | null
  readonly frequencySelection: ScaledColumns | null
  readonly integrationSeconds: ScaledColumns | null
}

/**
 * Finds the group parameters by name.
 *
 * UU, VV and WW may carry the projection as a suffix (UU--, UU---SIN, UU-L-SIN); the suffix does not matter here. -NCP
 * would: those coordinates are not the ones a MeasurementSet holds, so they are refused.
 * @throws VisibilityError when one that is needed is missing
 * @see AIPS Memo 117, section 3.1
 */
export function layOutParameters(groups: RandomGroups, where: string): GroupLayout {
  const { parameters } = groups
  const optional = (...names: string[]) => collect(parameters, name => names.includes(name))
  const needed = (label: string, test: (name: string) => boolean) => {
    const columns = collect(parameters, test)
    if (columns !== null) return columns
    throw new VisibilityError(
      `expected a group parameter ${label}, got ${parameters.map(each => each.name).join(', ') || 'none'} (${where}): these random groups are not a UVFITS observation`,
      { groupParameter: label },
    )
  }
  const baseline = optional('BASELINE')
  const antenna1 = optional('ANTENNA1')
  const antenna2 = optional('ANTENNA2')
  if (baseline === null && (antenna1 === null || antenna2 === null)) needed('BASELINE', () => false)
  return {
    u: needed('UU', name => isCoordinate(name, 'UU', where)),
    v: needed('VV', name => isCoordinate(name, 'VV', where)),
    w: needed('WW', name => isCoordinate(name, 'WW', where)),
    date: needed('DATE', name => name === 'DATE' || name === '_DATE'),
    baseline,
    antenna1,
    antenna2,
    subarray: optional('SUBARRAY'),
    source: optional('SOURCE'),
    frequencySelection: optional('FREQSEL'),
    integrationSeconds: optional('INTTIM'),
  }
}

function isCoordinate(name: string, stem: string, where: string): boolean {
  if (name !== stem && !name.startsWith(`${stem}-`)) return false
  if (!name.endsWith('-NCP')) return true
  throw new VisibilityError(
    `expected uvw in the direction of the source (SIN), got ${name} (${where}): transform the data with UVFIX or UVPRT first`,
    { groupParameter: name },
  )
}

function collect(parameters: readonly GroupParameter[], test: (name: string) => boolean): ScaledColumns | null {
  const indices = parameters.flatMap((each, i) => (test(each.name.toUpperCase()) ? [i] : []))
  if (indices.length === 0) return null
  return {
    indices,
    scales: indices.map(i => parameters[i].scale),
    zero: indices.reduce((sum, i) => sum + parameters[i].zero, 0),
  }
}

/** The value of one group: Σ PSCALn·parameter + Σ PZEROn, in double precision. */
export function scaledValue(columns: ScaledColumns, raw: Float32Array | Float64Array, groupOffset: number): number {
  const { indices, scales } = columns
  let value = columns.zero
  for (let k = 0; k < indices.length; k++) value += scales[k] * raw[groupOffset + indices[k]]
  return value
}
