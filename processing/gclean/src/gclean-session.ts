import { GLOBAL_STOP } from '@cleanbeam/tclean'
import type { CallOptions, GcleanRecord, GcleanUpdate, ImagingEngine, TcleanParameters } from '@cleanbeam/types'
import { checkUpdate } from './check-update.ts'
import { CleanLoop } from './clean-loop.ts'
import type { Gclean, GcleanInput, GcleanOptions } from './gclean.ts'
import { GcleanError } from './gclean-error.ts'
import { stateFromJson, stateToJson } from './loop-state.ts'
import { type SessionFacts, SessionKeeper } from './session-keeper.ts'
import type { KeptStates } from './state-history.ts'
import { sessionParameters } from './task-calls.ts'

/**
 * Starts a session; nothing is read or written before the first `next`.
 * @throws ParameterError (tclean) for parameters that are refused
 */
export function gclean(engine: ImagingEngine, parameters: GcleanInput, options: GcleanOptions = {}): Gclean {
  return new GcleanSession(engine, sessionParameters(parameters), options)
}

/** A loop that is driven step by step, one call at a time, and kept on disk. */
class GcleanSession implements Gclean {
  readonly #engine: ImagingEngine
  readonly #options: GcleanOptions
  readonly #keeper: SessionKeeper
  readonly #loop: CleanLoop
  #record: GcleanRecord | null = null
  /** Where the commands of the last `next` begin. */
  #commandsMark = 0
  #busy = false
  #restored = false
  /** Updates that came in while a step was running; they count from its end. */
  #pending: GcleanUpdate[] = []

  constructor(engine: ImagingEngine, parameters: TcleanParameters, options: GcleanOptions) {
    this.#engine = engine
    this.#options = options
    this.#keeper = new SessionKeeper(engine, options.session, parameters)
    this.#loop = new CleanLoop(engine, parameters)
  }

  get parameters(): TcleanParameters {
    const { niterLeft, nmajorLeft } = this.#loop.state
    return { ...this.#loop.parameters, niter: niterLeft, nmajor: nmajorLeft }
  }

  get record(): GcleanRecord | null {
    return this.#record
  }

  get busy(): boolean {
    return this.#busy
  }

  get restored(): boolean {
    return this.#restored
  }

  get kept(): KeptStates | null {
    return this.#keeper.history?.kept ?? null
  }

  [Symbol.asyncIterator](): Gclean {
    return this
  }

  async next(call: CallOptions = {}): Promise<IteratorResult<GcleanRecord, undefined>> {
    return this.#exclusively(async () => {
      const merged = { ...this.#options, ...call }
      // A stop asked for during a step lets the step end first.
      const stopRequested = this.#loop.state.stopRequested
      if ((await this.#open()) && this.#record) return { done: false, value: this.#record }
      this.#commandsMark = this.#loop.commands.length
      if (this.#loop.state.started && !(await this.#loop.goesOn())) return { done: true, value: undefined }
      this.#loop.state.reopened = false
      if (this.#loop.state.started) await this.#takeStep(stopRequested, merged)
      else await this.#loop.firstStep(merged)
      return { done: false, value: await this.#finishStep() }
    })
  }

  update(changes: GcleanUpdate): [code: 0 | -1, message: string] {
    try {
      const { parameters, cycleThresholdJy } = checkUpdate(this.parameters, changes)
      if (this.#busy) this.#pending.push(changes)
      else this.#apply(parameters, cycleThresholdJy)
      return [0, '']
    } catch (error) {
      return [-1, error instanceof Error ? error.message : String(error)]
    }
  }

  async restore(call: CallOptions = {}): Promise<Record<string, string>> {
    return this.#exclusively(async () => {
      if (!this.#loop.state.started) {
        throw new GcleanError('expected at least one step before restore, got none: call next first')
      }
      const paths = await this.#loop.restore({ ...this.#options, ...call })
      this.#restored = true
      await this.#keeper.save(this.#facts())
      return paths
    })
  }

  cmds(history = false): string[] {
    return this.#loop.commands.slice(history ? 0 : this.#commandsMark)
  }

  async rewind(cycle: number): Promise<GcleanRecord> {
    return this.#exclusively(async () => {
      const present = await this.#keeper.changingProducts(this.#loop.imagenames)
      const saved = await this.#keeper.requireHistory().goBack(cycle, present)
      if (saved.record === null) throw new GcleanError('expected a state with a record, got one without (rewind)')
      this.#loop.state = stateFromJson(saved.state)
      this.#loop.state.reopened = true
      this.#record = saved.record
      this.#restored = false
      this.#loop.log(`# back to the state after major cycle ${cycle}`, {})
      await this.#keeper.save(this.#facts())
      return saved.record
    })
  }

  async keepUpTo(bytes: number): Promise<void> {
    await this.#keeper.requireHistory().limit(bytes)
  }

  requestStop(): void {
    this.#loop.state.stopRequested = true
  }

  async close(): Promise<void> {
    for (const imagename of this.#loop.imagenames) await this.#engine.release(imagename)
    await this.#keeper.unlock()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#loop.state.started && !this.#restored) await this.restore()
    } finally {
      await this.close()
    }
  }

  async #exclusively<T>(run: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new GcleanError('expected one step at a time, got another call while one is running')
    this.#busy = true
    try {
      return await run()
    } finally {
      this.#busy = false
      const pending = this.#pending
      this.#pending = []
      for (const changes of pending) this.update(changes)
    }
  }

  #apply(parameters: Partial<TcleanParameters>, cycleThresholdJy: number | null): void {
    const { state } = this.#loop
    this.#loop.parameters = { ...this.#loop.parameters, ...parameters }
    if (parameters.niter !== undefined) state.niterLeft = parameters.niter
    if (parameters.nmajor !== undefined) state.nmajorLeft = parameters.nmajor
    if (cycleThresholdJy !== null) state.onceCycleThresholdJy = cycleThresholdJy
    state.reopened = true
    state.stopRequested = false
  }

  /** @returns true when a session is gone on with whose process has died */
  async #open(): Promise<boolean> {
    const saved = await this.#keeper.open()
    if (saved === null) return false
    this.#loop.parameters = saved.parameters as unknown as TcleanParameters
    this.#loop.state = stateFromJson(saved.state)
    this.#loop.commands.push(...saved.commands)
    this.#record = saved.record
    return true
  }

  /** A step that fails or is aborted leaves products and counts as they were before it. */
  async #takeStep(stopRequested: boolean, call: CallOptions): Promise<void> {
    await this.#loop.takeUpResidual(call)
    const before = await this.#loop.survey()
    const code = this.#loop.limitCode(before, stopRequested)
    if (code !== GLOBAL_STOP.running) {
      this.#loop.state.stopCode = code
      return
    }
    await this.#keeper.checkpoint(this.#loop.imagenames)
    const stateBefore = stateToJson(this.#loop.state)
    try {
      if (await this.#loop.step(before, call)) this.#restored = false
    } catch (error) {
      this.#loop.state = stateFromJson(stateBefore)
      await this.#keeper.rollback()
      throw error
    }
  }

  async #finishStep(): Promise<GcleanRecord> {
    this.#loop.state.stopRequested = false
    const record = this.#loop.record()
    this.#record = record
    await this.#keeper.finishStep(this.#facts(), this.#loop.state.majorCycles)
    return record
  }

  #facts(): SessionFacts {
    const { parameters, commands, state, imagenames } = this.#loop
    return {
      parameters,
      record: this.#record,
      commands,
      state: stateToJson(state),
      restored: this.#restored,
      imagenames,
    }
  }
}
