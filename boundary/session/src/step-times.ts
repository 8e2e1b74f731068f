import type { GcleanRecord } from '@cleanbeam/types'

/** When each step of the record ended. */
export class StepTimes {
  #list: number[] = []

  /** Milliseconds since 1970 UTC, one per step; NaN where it was made before this session. */
  get list(): readonly number[] {
    return this.#list
  }

  /** A record has just been made; after going back it is shorter than the one before. */
  note(record: GcleanRecord): void {
    const planes = Object.values(record.chan).flatMap(stokes => Object.values(stokes))
    const nStep = Math.max(0, ...planes.map(({ iterations }) => iterations.length))
    if (nStep <= this.#list.length) {
      this.#list.length = nStep
      return
    }
    while (this.#list.length < nStep - 1) this.#list.push(Number.NaN)
    this.#list.push(Date.now())
  }
}
