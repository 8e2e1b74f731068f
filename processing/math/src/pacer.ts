/** Where a pacer hears of cancellation. */
export interface PacerOptions {
  readonly signal?: AbortSignal
  /** Longest time without giving way, milliseconds; default 40. */
  readonly sliceMilliseconds?: number
}

/**
 * Lets long computations share their thread: ask `due()` in the outer loop and `await rest()` when it says so.
 *
 * `rest` runs the other tasks that are waiting (messages, timers) and then throws the signal's reason if the
 * computation was cancelled meanwhile.
 */
export interface Pacer {
  due(): boolean
  rest(): Promise<void>
}

/** Makes a pacer; its first slice starts now. */
export function createPacer(options: PacerOptions = {}): Pacer {
  const slice = options.sliceMilliseconds ?? 40
  let started = performance.now()
  return {
    due: () => performance.now() - started >= slice,
    async rest() {
      options.signal?.throwIfAborted()
      await new Promise<void>(resolve => setTimeout(resolve, 0))
      options.signal?.throwIfAborted()
      started = performance.now()
    },
  }
}
