import { errorToBody, type PhaseName, type PhaseState, type ProgressState } from '@cleanbeam/protocol'
import type { CallOptions, GcleanRecord } from '@cleanbeam/types'
import type { CleanDriver } from './clean-driver.ts'
import { SessionError } from './session-error.ts'

/** Progress is announced at most this often. */
const PROGRESS_INTERVAL_MS = 100

export interface CleanLoopHooks {
  /** Before each step and each restoration: the mask product is brought up to date. */
  beforeStep(): Promise<void>
  /** After each step and each restoration, also a failed one: products may have changed. */
  afterStep(): Promise<void>
  onPhase(phase: PhaseState): void
  onRecord(record: GcleanRecord): void
  onProgress(progress: ProgressState | null): void
  onLog(line: string): void
  onFailure(error: unknown): void
}

/** What steps answer. */
export interface StepOutcome {
  readonly record: GcleanRecord | null
  readonly done: boolean
}

/** Drives gclean step by step or through, one thing at a time, and says what it is doing. */
export class CleanLoop {
  readonly #driver: CleanDriver
  readonly #hooks: CleanLoopHooks
  #phase: PhaseState
  #progress: ProgressState | null = null
  #progressSentMs = 0
  #abort: AbortController | null = null
  #work: Promise<unknown> = Promise.resolve()
  #stopRequested = false
  /** What the last restoration wrote. */
  #images: Record<string, string> | null = null

  constructor(driver: CleanDriver, hooks: CleanLoopHooks) {
    this.#driver = driver
    this.#hooks = hooks
    this.#phase = {
      name: 'idle',
      sinceMs: Date.now(),
      message: 'Ready',
      converged: false,
      restored: driver.state.restored,
      error: null,
    }
  }

  get phase(): PhaseState {
    return this.#phase
  }

  get progress(): ProgressState | null {
    return this.#progress
  }

  /** @throws SessionError when something else is going on or the session is over */
  next(cycles: number, signal: AbortSignal): Promise<StepOutcome> {
    const message = this.#driver.state.record === null ? 'Making PSF and dirty image' : 'Cleaning: one major cycle'
    return this.#exclusively('stepping', message, signal, options => this.#cycles(cycles, options))
  }

  /** @throws SessionError when something else is going on or the session is over */
  run(signal: AbortSignal): Promise<StepOutcome> {
    const endless = Number.POSITIVE_INFINITY
    return this.#exclusively('running', 'Cleaning until done', signal, options => this.#cycles(endless, options))
  }

  /** @throws SessionError when something else is going on or the session is over */
  restore(signal: AbortSignal): Promise<Record<string, string>> {
    return this.#exclusively('restoring', 'Restoring the image', signal, async options => {
      await this.#hooks.beforeStep()
      this.#images = await this.#driver.restore(options)
      return this.#images
    })
  }

  /** Goes back to the state after an earlier major cycle. @throws SessionError when something else is going on */
  rewind(cycle: number, signal: AbortSignal): Promise<StepOutcome> {
    return this.#exclusively('stepping', `Going back to major cycle ${cycle}`, signal, async () => {
      const record = await this.#driver.rewind(cycle)
      this.#hooks.onRecord(record)
      return { record, done: false }
    })
  }

  /** Product → path of the restored images; restores only when the present model has not been restored yet. */
  restoredImages(signal: AbortSignal): Promise<Record<string, string>> {
    return this.#images && this.#driver.state.restored ? Promise.resolve(this.#images) : this.restore(signal)
  }

  /** Ends a run after the current major cycle. */
  stop(): void {
    if (this.#phase.name !== 'running' && this.#phase.name !== 'stepping') return
    this.#stopRequested = true
    this.#become('stopping', 'Stopping after this major cycle')
  }

  /** Ends what is going on now and waits until it has ended. */
  async abort(): Promise<void> {
    if (this.#abort === null) return
    this.#become('aborting', 'Aborting')
    this.#abort.abort(new SessionError('expected the step to end, got an abort by the user (session)'))
    await this.settled()
  }

  /** Resolves when nothing is going on. */
  async settled(): Promise<void> {
    await this.#work.catch(() => {})
  }

  /** The session is over; nothing can be started any more. */
  finish(message: string): void {
    this.#become('finished', message)
  }

  /** A parameter or the mask has changed: a next step may find something to do again. */
  reopen(): void {
    if (this.#phase.converged) this.#become(this.#phase.name, 'Ready', { converged: false })
  }

  async #cycles(cycles: number, options: CallOptions): Promise<StepOutcome> {
    for (let i = 0; i < cycles && !this.#stopRequested; i++) {
      await this.#hooks.beforeStep()
      const record = await this.#driver.next(options)
      if (record === null) return { record: this.#driver.state.record, done: true }
      this.#hooks.onRecord(record)
      await this.#hooks.afterStep()
      if (record.stopcode !== 0) return { record, done: true }
    }
    return { record: this.#driver.state.record, done: false }
  }

  #exclusively<T>(
    name: PhaseName,
    message: string,
    signal: AbortSignal,
    work: (options: CallOptions) => Promise<T>,
  ): Promise<T> {
    if (this.#phase.name !== 'idle') {
      throw new SessionError(`expected an idle session, got one that is ${this.#phase.name}`, {
        phase: this.#phase.name,
      })
    }
    this.#stopRequested = false
    this.#become(name, message, { error: null })
    const result = this.#carryOut(signal, work)
    this.#work = result
    return result
  }

  async #carryOut<T>(signal: AbortSignal, work: (options: CallOptions) => Promise<T>): Promise<T> {
    const abort = new AbortController()
    this.#abort = abort
    const passOn = () => abort.abort(signal.reason)
    signal.addEventListener('abort', passOn, { once: true })
    try {
      const result = await work({
        signal: abort.signal,
        onProgress: progress => this.#report(progress),
        onLog: line => this.#hooks.onLog(line),
      })
      await this.#hooks.afterStep()
      this.#rest(null)
      return result
    } catch (error) {
      await this.#hooks.afterStep()
      if (!abort.signal.aborted) this.#hooks.onFailure(error)
      this.#rest(abort.signal.aborted ? null : error)
      throw abort.signal.aborted ? abort.signal.reason : error
    } finally {
      signal.removeEventListener('abort', passOn)
      this.#abort = null
    }
  }

  #report(progress: ProgressState): void {
    this.#progress = progress
    const now = performance.now()
    if (now - this.#progressSentMs < PROGRESS_INTERVAL_MS && progress.done < progress.total) return
    this.#progressSentMs = now
    this.#hooks.onProgress(progress)
  }

  /** Back to idle. */
  #rest(error: unknown): void {
    this.#progress = null
    this.#hooks.onProgress(null)
    const { record, restored } = this.#driver.state
    const converged = record !== null && record.stopcode !== 0
    const message = error === null ? restMessage(record, restored) : 'The last step failed'
    this.#become('idle', message, { converged, restored, error: error === null ? null : errorToBody(error) })
  }

  #become(name: PhaseName, message: string, changes: Partial<PhaseState> = {}): void {
    this.#phase = { ...this.#phase, ...changes, name, message, sinceMs: Date.now() }
    this.#hooks.onPhase(this.#phase)
  }
}

function restMessage(record: GcleanRecord | null, restored: boolean): string {
  if (restored) return 'Image restored'
  if (record === null) return 'Ready'
  return record.stopcode === 0 ? 'Ready for the next major cycle' : record.stopDescription
}
