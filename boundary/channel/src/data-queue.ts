/** How long work may go on before other events get their turn. */
const TURN_MS = 8

/**
 * Runs jobs one after the other, each only when there is room for its result, and lets other events in between. What
 * has been cancelled while it waited is never run.
 */
export class DataQueue {
  readonly #whenWritable: () => Promise<void>
  readonly #jobs = new Map<number, () => Promise<void>>()
  #running = false

  constructor(whenWritable: () => Promise<void>) {
    this.#whenWritable = whenWritable
  }

  add(id: number, job: () => Promise<void>): void {
    this.#jobs.set(id, job)
    if (!this.#running) void this.#run()
  }

  /** @returns whether it was still waiting */
  remove(id: number): boolean {
    return this.#jobs.delete(id)
  }

  clear(): void {
    this.#jobs.clear()
  }

  async #run(): Promise<void> {
    this.#running = true
    let turnStartMs = performance.now()
    while (this.#jobs.size > 0) {
      await this.#whenWritable()
      const [next] = this.#jobs
      if (next === undefined) break
      this.#jobs.delete(next[0])
      await next[1]()
      if (performance.now() - turnStartMs > TURN_MS) {
        await new Promise<void>(resolve => setTimeout(resolve, 0))
        turnStartMs = performance.now()
      }
    }
    this.#running = false
  }
}
