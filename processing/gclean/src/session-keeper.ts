import type { GcleanRecord, ImagingEngine, JsonObject, TcleanParameters } from '@cleanbeam/types'
import { GcleanError } from './gclean-error.ts'
import type { SavedSession, SessionStore } from './session-store.ts'
import type { StateHistory } from './state-history.ts'

/** What of a session is saved with every step. */
export interface SessionFacts {
  readonly parameters: TcleanParameters
  readonly record: GcleanRecord | null
  readonly commands: readonly string[]
  readonly state: JsonObject
  readonly restored: boolean
  /** Image names of all fields. */
  readonly imagenames: readonly string[]
}

/**
 * Keeps a session on disk: lock, saved state, the checkpoint of the step that runs, states of earlier cycles. Without a
 * store it does nothing.
 */
export class SessionKeeper {
  readonly #engine: ImagingEngine
  readonly #store: SessionStore | null
  readonly #given: TcleanParameters
  #locked = false
  /** Steps done. */
  #step = 0

  constructor(engine: ImagingEngine, store: SessionStore | undefined, given: TcleanParameters) {
    this.#engine = engine
    this.#store = store ?? null
    this.#given = given
  }

  get history(): StateHistory | null {
    return this.#store?.history ?? null
  }

  /** @throws GcleanError when states of earlier cycles are not kept */
  requireHistory(): StateHistory {
    if (this.history) return this.history
    throw new GcleanError('expected a session that keeps its states, got one that does not: it cannot go back')
  }

  /**
   * Takes the lock, the first time.
   * @returns the session of the same parameters that was never restored, because its process has died: products are those
   *   of its last complete step; null when there is none to go on with
   */
  async open(): Promise<SavedSession | null> {
    if (this.#locked || !this.#store) return null
    await this.#store.lock()
    this.#locked = true
    if (!this.#given.restart) return null
    const saved = await this.#store.load()
    const same = saved !== null && JSON.stringify(saved.given) === JSON.stringify(this.#given)
    const resumed = same && !saved.restored && (await this.#takeUp(this.#store, saved)) ? saved : null
    await this.#store.discardCheckpoints()
    await this.history?.open(resumed !== null)
    return resumed
  }

  async #takeUp(store: SessionStore, saved: SavedSession): Promise<boolean> {
    await store.rollback(saved.step + 1)
    const products = await this.#engine.products(this.#given.imagename)
    if (!products['.residual'] && !products['.residual.tt0']) return false
    this.#step = saved.step
    return true
  }

  /** Keeps what the step to come is going to change. */
  async checkpoint(imagenames: readonly string[]): Promise<void> {
    if (this.#store) await this.#store.checkpoint(this.#step + 1, await this.changingProducts(imagenames))
  }

  /** Puts back what a step that failed has changed. */
  async rollback(): Promise<void> {
    await this.#store?.rollback(this.#step + 1)
  }

  /** Saves the state after a step; what was kept for it is forgotten. */
  async finishStep(facts: SessionFacts, majorCycles: number): Promise<void> {
    this.#step++
    await this.save(facts)
    await this.#store?.discardCheckpoints()
    await this.history?.keep(majorCycles, this.#saved(facts), await this.changingProducts(facts.imagenames))
  }

  async save(facts: SessionFacts): Promise<void> {
    await this.#store?.save(this.#saved(facts))
  }

  #saved({ parameters, record, commands, state, restored }: SessionFacts): SavedSession {
    return {
      version: 1,
      given: structuredClone(this.#given) as never,
      parameters: structuredClone(parameters) as never,
      record,
      commands,
      state,
      step: this.#step,
      restored,
    }
  }

  /** Paths of the products that a step changes; the mask among them where it is made automatically. */
  async changingProducts(imagenames: readonly string[]): Promise<string[]> {
    const changes =
      this.#given.usemask === 'auto-multithresh' ? /^\.(model|residual|mask)(\.|$)/ : /^\.(model|residual)(\.|$)/
    const paths: string[] = []
    for (const imagename of imagenames) {
      const products = await this.#engine.products(imagename)
      paths.push(...Object.keys(products).flatMap(suffix => (changes.test(suffix) ? [products[suffix]] : [])))
    }
    return paths
  }

  async unlock(): Promise<void> {
    if (this.#locked) await this.#store?.unlock()
    this.#locked = false
  }
}
