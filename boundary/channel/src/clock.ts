/** Time as the channel sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds, never running backwards. */
  now(): number
  /**
   * Calls back once after so many milliseconds. Waiting does not keep a process alive.
   * @returns a function that calls it off
   */
  after(milliseconds: number, callback: () => void): () => void
}

/** The platform's own time. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    const handle = setTimeout(callback, milliseconds)
    // Node's timers are objects that can be told not to keep the process alive; browsers' are numbers.
    if (typeof handle === 'object' && handle !== null && 'unref' in handle) (handle as { unref(): void }).unref()
    return () => clearTimeout(handle)
  },
}
