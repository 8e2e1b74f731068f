import { systemClock } from '@cleanbeam/channel'

/** Nobody fetching for this long counts as quiet. */
const QUIET_MS = 400
const LONGEST_MS = 8000

/** Tells when nobody has fetched anything for a while. */
export class QuietTime {
  #lastMs = 0

  /** Somebody has fetched something. */
  disturb(): void {
    this.#lastMs = performance.now()
  }

  /** Resolves after a time without disturbance, at the latest after a few seconds. */
  async wait(): Promise<void> {
    const startMs = performance.now()
    this.#lastMs = Math.max(this.#lastMs, startMs)
    for (;;) {
      const now = performance.now()
      const leftMs = Math.min(this.#lastMs + QUIET_MS, startMs + LONGEST_MS) - now
      if (leftMs <= 0) return
      await new Promise<void>(resolve => systemClock.after(leftMs, resolve))
    }
  }
}
