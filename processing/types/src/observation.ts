import type { Direction, SpectralFrame } from './coordinates.ts'
import type { Correlation } from './polarisation.ts'

export interface SpectralWindow {
  readonly id: number
  readonly name: string
  readonly frame: SpectralFrame
  /** Channel centres, Hz; in the order of the data (may descend). */
  readonly channelFrequencyHz: Float64Array
  /** Channel widths, Hz, positive. */
  readonly channelWidthHz: Float64Array
  readonly referenceFrequencyHz: number
}

export interface Antenna {
  readonly id: number
  readonly name: string
  readonly station: string
  /** Geocentric (ITRF) position, metres. */
  readonly positionMetres: readonly [number, number, number]
  /** Metres; 0 when the data do not say. */
  readonly dishDiameterMetres: number
}

/** Rest frequency of a source's line (MeasurementSet SOURCE table). */
export interface SourceLine {
  /** The spectral window it is given for; null: for all. */
  readonly spw: number | null
  readonly restFrequencyHz: number
}

export interface ObservedField {
  readonly id: number
  readonly name: string
  /** Of a field that moves: where it stands at its first row. */
  readonly phaseCentre: Direction
  /** Of a field that moves (a planet, by its ephemeris): its direction at a modified Julian date in seconds, UTC. */
  readonly directionAt?: (mjdSeconds: number) => Direction
  /** First line of the source for each spectral window, where the data say it. */
  readonly lines?: readonly SourceLine[]
}

/** A combination of spectral window and correlations (MeasurementSet DATA_DESCRIPTION). */
export interface DataDescription {
  readonly id: number
  readonly spw: number
  readonly correlations: readonly Correlation[]
}

/** Flag of values that are bad only because their row is flagged: CASA's uv density still counts them. */
export const FLAGGED_BY_ROW = 2

/**
 * A block of rows that share a data description, a field and a channel range, as arrays, row slowest.
 *
 * *Convention:* `uvwMetres` and `visibility` have the sign of a MeasurementSet (docs/data-model.md): a source of flux S
 * at (l, m) contributes S·exp(+2πi ν/c (u·l + v·m + w·(n−1))).
 */
export interface VisibilityChunk {
  readonly dataDescription: number
  readonly field: number
  readonly nRow: number
  readonly nChannel: number
  readonly nCorrelation: number
  /** Row number in the file of each row, [row]. */
  readonly rowNumber: Uint32Array
  /** Modified Julian date in seconds, UTC, [row]. */
  readonly timeMjdSeconds: Float64Array
  readonly antenna1: Int32Array
  readonly antenna2: Int32Array
  /** Frequencies of the channels in this chunk, Hz, [channel], in the spectral window's own frame. */
  readonly frequencyHz: Float64Array
  /** [row, 3], metres. */
  readonly uvwMetres: Float64Array
  /** Complex, interleaved [row, channel, correlation, 2], Jy. */
  readonly visibility: Float32Array
  /** [row, channel, correlation]; a weight that does not depend on channel is repeated. */
  readonly weight: Float32Array
  /**
   * [row, channel, correlation]; 0 = good. Row flags, autocorrelations, weights ≤ 0 and NaN data are folded in as 1, but
   * values that only a flag of their row makes bad as {@link FLAGGED_BY_ROW}.
   */
  readonly flag: Uint8Array
}

/** What to read. Strings follow CASA's data selection grammar; '' selects all. */
export interface DataSelection {
  readonly field?: string
  readonly spw?: string
  readonly timerange?: string
  readonly uvrange?: string
  readonly antenna?: string
  readonly scan?: string
  readonly observation?: string
  readonly array?: string
  readonly intent?: string
  /** Rows that have any of these correlations, such as 'RR,LL'. */
  readonly correlation?: string
  /** Table expressions; refused by name. */
  readonly msselect?: string
  readonly datacolumn?: 'data' | 'corrected'
}

/** What reading dropped and why; for log lines and warnings. */
export interface DataCensus {
  readonly nVisibility: number
  readonly nFlagged: number
  readonly nZeroWeight: number
  readonly nNotFinite: number
}

/** What a selection finds, without its visibilities. */
export interface SelectionSurvey {
  /** The first selected row in file order. */
  readonly firstRow: {
    readonly field: number
    readonly dataDescription: number
    /** Modified Julian date in seconds, UTC. */
    readonly timeMjdSeconds: number
  }
  /** Numbers of the fields with selected rows, ascending. */
  readonly fields: readonly number[]
  /** Selected channels, ascending, of every selected spectral window. */
  readonly channels: ReadonlyMap<number, Int32Array>
  /** Sentences for the user about what is read otherwise than asked, such as another column; usually none. */
  readonly remarks: readonly string[]
}

/** An opened observation, whatever the file format. */
export interface Observation {
  readonly path: string
  /** Changes whenever the file changes (size, modification time), so that caches can be keyed to it. */
  readonly stateKey: string
  readonly telescope: string
  readonly observer: string
  /** Geocentric position of the array, metres; null when unknown. */
  readonly arrayPositionMetres: readonly [number, number, number] | null
  readonly startMjdSeconds: number
  readonly endMjdSeconds: number
  readonly nRow: number
  readonly spws: readonly SpectralWindow[]
  readonly dataDescriptions: readonly DataDescription[]
  readonly fields: readonly ObservedField[]
  readonly antennas: readonly Antenna[]
  /**
   * The selected rows, in file order within each chunk.
   * @throws when the selection names what the observation does not have, or selects nothing.
   */
  chunks(
    selection: DataSelection,
    options?: { signal?: AbortSignal; maxBytes?: number },
  ): AsyncIterable<VisibilityChunk>
  /**
   * What a selection finds.
   * @throws as `chunks`
   */
  survey(selection: DataSelection): Promise<SelectionSurvey>
  /** Counts over what `chunks` has delivered so far. */
  census(): DataCensus
  close(): Promise<void>
}
