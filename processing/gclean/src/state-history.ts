import type { SavedSession } from './session-store.ts'

/** What is kept of a session's past. */
export interface KeptStates {
  /** Major cycles one can go back to, ascending; 0 is the dirty image. */
  readonly cycles: readonly number[]
  readonly usedBytes: number
  readonly limitBytes: number
}

/** The states after earlier major cycles: what a session needs to go back to one of them. */
export interface StateHistory {
  readonly kept: KeptStates
  /** Keeps the state after a major cycle. The oldest but the first make room when the limit is reached. */
  keep(cycle: number, session: SavedSession, products: readonly string[]): Promise<void>
  /**
   * Puts the products of a cycle back and forgets all later cycles.
   * @param present - products that cleaning changes as they are now; those the cycle did not have are removed
   * @returns what was saved with them
   * @throws GcleanError when the cycle is not kept
   */
  goBack(cycle: number, present: readonly string[]): Promise<SavedSession>
  /** Disk space the states may take from now on. */
  limit(bytes: number): Promise<void>
  /** Looks what an earlier process has kept; with `false` that is forgotten. */
  open(goesOn: boolean): Promise<void>
}
