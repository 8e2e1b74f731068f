import type { GcleanRecord, JsonObject, TcleanParameters } from '@cleanbeam/types'

/** What a session needs to go on after its process died: everything but the images, which are on disk anyway. */
export interface SavedSession {
  /** Layout of this file; readers refuse another. */
  readonly version: 1
  /** Parameters in force, updates included. */
  readonly parameters: TcleanParameters
  readonly record: GcleanRecord | null
  readonly commands: readonly string[]
  /** Counters and criteria that are not in the record. */
  readonly state: JsonObject
}

/** Where a session keeps itself between steps. */
export interface SessionStore {
  /** The last saved state, or null. */
  load(): Promise<SavedSession | null>
  /** Atomic: after it resolves the state survives the death of the process. */
  save(session: SavedSession): Promise<void>
  /** Makes this process the only one that drives the image name. @throws GcleanError when another one does. */
  lock(): Promise<void>
  unlock(): Promise<void>
}
