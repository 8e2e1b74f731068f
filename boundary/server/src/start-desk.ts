import type { JsonObject } from '@cleanbeam/types'
import type { SessionBackend } from './session-backend.ts'

/**
 * What the start page asks for before there is a session. All paths are relative to one folder and cannot lead out of
 * it; all answers are plain JSON; what a user can mend is thrown as a TaggedError and shown in the page.
 */
export interface StartDesk {
  /** Parameters of the form, recent sessions, the example: everything the page needs at first. */
  overview(): Promise<JsonObject>
  /** The entries of a folder; '' for the root. */
  files(path: string): Promise<JsonObject>
  /** What an observation holds, and what follows from it for the image. */
  observation(path: string, selection: Readonly<Record<string, string>>): Promise<JsonObject>
  /** Memory and time a run would take, about. */
  estimate(parameters: JsonObject): Promise<JsonObject>
  /** Starts the session. @throws ParameterError for parameters that are refused */
  begin(parameters: JsonObject): Promise<SessionBackend>
}
