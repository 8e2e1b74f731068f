import type { MethodArguments, MethodName, MethodResult, ProgressState } from '@cleanbeam/protocol'

/** What a handler gets besides its arguments. */
export interface CallContext {
  /** Aborted when the caller cancels; for calls of the data lane also when the caller is gone for good. */
  readonly signal: AbortSignal
  progress(progress: ProgressState): void
}

/** One handler per method. Arguments have been checked and have their defaults. */
export type SessionHandlers = {
  readonly [M in MethodName]: (
    args: MethodArguments<M>,
    context: CallContext,
  ) => MethodResult<M> | Promise<MethodResult<M>>
}
