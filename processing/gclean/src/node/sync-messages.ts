// What passes between a synchronous session and the thread that runs it.

import { type GcleanRecord, type JsonObject, TaggedError, type TcleanParameters } from '@cleanbeam/types'
import { GcleanError } from '../gclean-error.ts'

/** Methods of Gclean that the thread carries out. */
export type SyncMethod = 'next' | 'update' | 'restore' | 'cmds' | 'requestStop' | 'close' | 'dispose'

export interface SyncRequest {
  readonly method: SyncMethod
  readonly args: readonly unknown[]
}

/** State that the asking side shows without asking again. */
export interface SyncState {
  readonly parameters: TcleanParameters
  readonly record: GcleanRecord | null
  readonly restored: boolean
}

export type SyncAnswer =
  | { readonly ok: true; readonly result: unknown; readonly state: SyncState }
  | { readonly ok: false; readonly tag: string; readonly message: string; readonly fields: JsonObject }

export function answerError(error: unknown): SyncAnswer {
  if (error instanceof TaggedError) {
    return { ok: false, tag: error.tag, message: error.message, fields: error.fields }
  }
  return { ok: false, tag: 'GcleanError', message: error instanceof Error ? error.message : String(error), fields: {} }
}

/** The error of an answer, in this thread. */
export function errorOf(answer: Extract<SyncAnswer, { ok: false }>): TaggedError {
  if (answer.tag === 'GcleanError') return new GcleanError(answer.message, answer.fields)
  return new TaggedError(answer.tag, answer.message, answer.fields)
}
