import type { ErrorBody } from '@cleanbeam/protocol'
import type { GcleanUpdate, Progress } from '@cleanbeam/types'
import type { CleanState, EngineIdentity } from '../clean-driver.ts'

/** What the session asks of the thread that gclean runs in. */
export type CleanRequest =
  | { readonly method: 'next' | 'restore' | 'close' }
  | { readonly method: 'update'; readonly changes: GcleanUpdate }
  | { readonly method: 'rewind'; readonly cycle: number }
  | { readonly method: 'keepUpTo'; readonly bytes: number }
  | { readonly method: 'commands'; readonly history: boolean }

export type ToCleanWorker =
  | { readonly kind: 'request'; readonly id: number; readonly request: CleanRequest }
  | { readonly kind: 'abort'; readonly id: number }

export type FromCleanWorker =
  | { readonly kind: 'opened'; readonly state: CleanState; readonly engine: EngineIdentity }
  | { readonly kind: 'refused'; readonly error: ErrorBody }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown; readonly state: CleanState }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorBody; readonly state: CleanState }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'log'; readonly id: number; readonly line: string }
