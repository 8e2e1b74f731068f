import type { MessagePort } from 'node:worker_threads'
import type { ErrorBody } from '@cleanbeam/protocol'
import type { SessionResult } from '../session-host.ts'

/** From the thread that started the worker. */
export type ToWorker =
  | { readonly kind: 'connect'; readonly port: MessagePort }
  | { readonly kind: 'close'; readonly reason: string }

/** From the worker. */
export type FromWorker =
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly error: ErrorBody }
  | { readonly kind: 'finished'; readonly result: SessionResult }
  | { readonly kind: 'closed' }
