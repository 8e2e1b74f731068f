import type {
  Antenna,
  DataDescription,
  DataSelection,
  Observation,
  ObservedField,
  SpectralWindow,
} from '@cleanbeam/types'
import type { UsedParts } from '../listing/used-parts.ts'

/** What a selection is resolved against: the parts of an observation's metadata that the grammar can name. */
export interface Selectable {
  readonly path: string
  readonly spws: readonly SpectralWindow[]
  readonly dataDescriptions: readonly DataDescription[]
  readonly fields: readonly SelectableField[]
  readonly antennas: readonly Antenna[]
  /** OBS_MODE of every STATE row; null when the data carry no intents. */
  readonly intents: readonly string[] | null
  /** False when rows carry no scan numbers (UVFITS). */
  readonly hasScans: boolean
  /** Date that completes a time without one: that of the first row, modified Julian date in seconds. */
  readonly firstRowMjdSeconds: number
  /** Exposure of the first row, seconds. */
  readonly firstRowExposureSeconds: number
}

/** A field with the code (FIELD.CODE) that may stand in for its name. */
export interface SelectableField extends ObservedField {
  readonly code?: string
}

/** The facts about one row that a selection can test. One object may be reused from row to row. */
export interface RowFacts {
  timeMjdSeconds: number
  antenna1: number
  antenna2: number
  field: number
  dataDescription: number
  spw: number
  scan: number
  observation: number
  array: number
  state: number
  uMetres: number
  vMetres: number
}

/** Tests one row. */
export type RowTest = (row: Readonly<RowFacts>) => boolean

/** A fresh object for the facts of a row. */
export function emptyRowFacts(): RowFacts {
  return {
    timeMjdSeconds: 0,
    antenna1: 0,
    antenna2: 0,
    field: 0,
    dataDescription: 0,
    spw: 0,
    scan: 0,
    observation: 0,
    array: 0,
    state: 0,
    uMetres: 0,
    vMetres: 0,
  }
}

/** First and last channel, both included, and the distance between the ones taken. */
export interface ChannelRange {
  readonly spw: number
  readonly start: number
  readonly stop: number
  readonly step: number
}

/** A selection resolved: which rows, and which channels of which spectral windows. */
export interface ResolvedSelection {
  /**
   * Selected channels by spw id, ascending and without repetition; spws that are not selected are missing, and those whose
   * channels a frequency range misses (their rows are selected none the less, as in CASA).
   */
  readonly channels: ReadonlyMap<number, Int32Array>
  /** The channel ranges as the user wrote them, in CASA's form. */
  readonly channelRanges: readonly ChannelRange[]
  readonly acceptsRow: RowTest
  /** Whether `acceptsRow` looks at uv distances. */
  readonly usesUv: boolean
  /** The parameters that were given, as text, for messages. */
  readonly text: string
}

/** The rows of a selection, in file order, and how it was resolved. */
export interface SelectedRows {
  readonly rows: Uint32Array
  readonly selection: ResolvedSelection
}

/** An observation whose selections can be listed without reading visibilities. */
export interface SelectableObservation extends Observation {
  /**
   * What a selection picks.
   * @throws VisibilityError when it names what the observation does not have, or finds nothing
   */
  select(selection: DataSelection): Promise<SelectedRows>
  /** Scans, fields, antennas … that some rows use; null when the rows carry no scans (UVFITS). */
  usedBy(rows: Uint32Array): UsedParts | null
}
