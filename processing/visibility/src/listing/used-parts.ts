/** Rows in sequence of one scan, field and array. */
export interface ListedScan {
  /** Scan number. */
  readonly scan: number
  readonly observation: number
  readonly array: number
  readonly field: number
  /** Spectral windows, ascending. */
  readonly spws: readonly number[]
  /** Middle of the first and of the last integration, modified Julian date in seconds, UTC. */
  readonly beginMjdSeconds: number
  readonly endMjdSeconds: number
  readonly nRow: number
  /** As the STATE table has them; '' when it has none. */
  readonly intents: string
}

/** What the selected rows use. */
export interface UsedParts {
  readonly scans: readonly ListedScan[]
  readonly fields: ReadonlySet<number>
  readonly dataDescriptions: ReadonlySet<number>
  readonly antennas: ReadonlySet<number>
  readonly beginMjdSeconds: number
  readonly endMjdSeconds: number
}
