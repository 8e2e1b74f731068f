import type { Antenna, DataDescription, ObservedField, SpectralWindow } from '@cleanbeam/types'

/** What a selection is resolved against: the parts of an observation's metadata that the grammar can name. */
export interface Selectable {
  readonly path: string
  readonly spws: readonly SpectralWindow[]
  readonly dataDescriptions: readonly DataDescription[]
  readonly fields: readonly ObservedField[]
  readonly antennas: readonly Antenna[]
}

/** The facts about one row (of one data description) that a selection can test. Reused from row to row. */
export interface RowFacts {
  timeMjdSeconds: number
  antenna1: number
  antenna2: number
  field: number
  spw: number
  u: number
  v: number
  w: number
}

/** A selection resolved: which rows, and which channels of which spectral windows. */
export interface ResolvedSelection {
  /** Selected channels by spw id, ascending; spws that are not selected are missing. */
  readonly channels: ReadonlyMap<number, Int32Array>
  readonly acceptsRow: (row: Readonly<RowFacts>) => boolean
  /** The selection as text, for messages. */
  readonly text: string
}
