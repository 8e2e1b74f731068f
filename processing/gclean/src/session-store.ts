import type { GcleanRecord, JsonObject } from '@cleanbeam/types'
import type { StateHistory } from './state-history.ts'

/** What a session needs to go on after its process died: everything but the images, which are on disk anyway. */
export interface SavedSession {
  /** Layout of this file; readers refuse another. */
  readonly version: 1
  /** Parameters as they were given, defaults filled in. */
  readonly given: JsonObject
  /** Parameters in force, updates included. */
  readonly parameters: JsonObject
  readonly record: GcleanRecord | null
  readonly commands: readonly string[]
  /** Counters and criteria that are not in the record. */
  readonly state: JsonObject
  /** Number of steps done; a checkpoint of step n + 1 that is still there belongs to a step that was not finished. */
  readonly step: number
  /** Restored images were written for this state: the session is finished. */
  readonly restored: boolean
}

/** Where a session keeps itself between steps. */
export interface SessionStore {
  /** States after earlier major cycles; absent: one cannot go back. */
  readonly history?: StateHistory
  /** The last saved state, or null. @throws GcleanError when it was written in a layout this version does not know */
  load(): Promise<SavedSession | null>
  /** Atomic: once it resolves the state survives the death of the process. */
  save(session: SavedSession): Promise<void>
  /** Makes this process the only one that drives the image name. @throws GcleanError when another one does. */
  lock(): Promise<void>
  unlock(): Promise<void>
  /** Keeps the present state of products that step `step` is going to change. */
  checkpoint(step: number, products: readonly string[]): Promise<void>
  /** Puts back what `checkpoint(step)` kept and forgets it; nothing happens when there is none. */
  rollback(step: number): Promise<void>
  /** Forgets every checkpoint. */
  discardCheckpoints(): Promise<void>
}
