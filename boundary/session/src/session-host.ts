import {
  type AcceptOptions,
  type SessionHandlers,
  type SessionServer,
  serveSession,
  systemClock,
  type Transport,
} from '@cleanbeam/channel'
import { TILE_SIZE } from '@cleanbeam/image'
import { type ParametersState, PROTOCOL_VERSION, type RewindState, type SessionSnapshot } from '@cleanbeam/protocol'
import type { GcleanUpdate, ReturnDictionary } from '@cleanbeam/types'
import type { CleanDriver } from './clean-driver.ts'
import { CleanLoop } from './clean-loop.ts'
import { type ImageAccess, imageHandlers } from './image-handlers.ts'
import { type MaskFiles, maskHandlers } from './mask-handlers.ts'
import { planeHandlers } from './plane-handlers.ts'
import { QuietTime } from './quiet-time.ts'
import { type FieldFiles, SessionFields } from './session-fields.ts'
import { SessionLog } from './session-log.ts'
import { StepTimes } from './step-times.ts'
import { updatableParameters } from './updatable-parameters.ts'

/** How often the products on disk are looked at while nothing happens: others may edit the mask. */
const WATCH_INTERVAL_MS = 2000

/** gclean logs the task calls it makes, as text that runs in CASA. */
const TASK_CALL = /^(tclean|deconvolve)\(/

export interface SessionHostOptions {
  readonly driver: CleanDriver
  readonly engine: { readonly name: string; readonly version: string }
  /** The main field first, outliers after it. */
  readonly fields: readonly FieldFiles[]
  readonly images: Omit<ImageAccess, 'changed'>
  readonly maskFiles: MaskFiles
  readonly channel?: Omit<AcceptOptions, 'onChannel'>
}

/** What a finished session leaves behind. */
export interface SessionResult {
  /** Product → path of what was restored; empty when nothing was. */
  readonly images: Record<string, string>
  readonly returndict: ReturnDictionary | null
}

/**
 * A session: owns gclean, the mask and the log, answers the calls of all its clients, and tells them what happens.
 * States and who may do what in them: README.md beside the package.
 */
export class SessionHost {
  /** Resolves when a client finishes the session. */
  readonly finished: Promise<SessionResult>
  readonly #sessionId = crypto.randomUUID()
  readonly #options: SessionHostOptions
  readonly #server: SessionServer
  readonly #log: SessionLog
  readonly #fields: SessionFields
  readonly #quiet = new QuietTime()
  readonly #times = new StepTimes()
  readonly #loop: CleanLoop
  #resolveFinished: (result: SessionResult) => void = () => {}
  #closed = false

  constructor(options: SessionHostOptions) {
    this.#options = options
    this.finished = new Promise(resolve => {
      this.#resolveFinished = resolve
    })
    this.#fields = new SessionFields(options.fields, {
      onProduct: info => this.#server.emit('product', info),
      onMask: change => this.#server.emit('mask', change),
      changer: () => (this.#loop.phase.name === 'idle' ? 'disk' : 'engine'),
      loadFile: (path, grid) => options.maskFiles.load(path, grid),
    })
    this.#loop = new CleanLoop(options.driver, {
      beforeStep: () => this.#fields.writeMasks(),
      afterStep: () => this.#afterStep(),
      onPhase: phase => this.#server.emit('phase', phase),
      onRecord: record => {
        this.#times.note(record)
        this.#server.emit('record', record)
      },
      onProgress: progress => this.#server.emit('progress', progress),
      onLog: line => this.#log.add(TASK_CALL.test(line) ? 'command' : 'info', line),
      onFailure: error => this.#log.add('error', error instanceof Error ? error.message : String(error)),
    })
    this.#server = serveSession(this.#handlers(), options.channel)
    this.#log = new SessionLog(line => this.#server.emit('log', line))
  }

  /** A new connection from a client. */
  accept(transport: Transport): void {
    this.#server.accept(transport)
  }

  /**
   * Looks at what is on disk and keeps looking; with `firstStep` the PSF and the dirty image are made at once (a session
   * that goes on shows where it stands instead).
   */
  async start(firstStep: boolean): Promise<void> {
    await this.#fields.refresh()
    await this.#fields.forgetLostJournals()
    this.#watch()
    // A failure is in the phase and in the log, where every client sees it.
    if (firstStep) this.#loop.next(1, new AbortController().signal).catch(() => {})
  }

  /** Completes or takes back what is going on, brings the mask to disk, frees engine and lock, says goodbye. */
  async close(reason: string): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    try {
      await this.#loop.abort()
      await this.#fields.writeMasks()
    } finally {
      await this.#options.driver.close()
      this.#server.close(reason)
    }
  }

  #watch(): void {
    systemClock.after(WATCH_INTERVAL_MS, () => {
      if (this.#closed) return
      const look = this.#loop.phase.name === 'idle' ? this.#fields.refresh() : Promise.resolve()
      look.catch(error => this.#log.add('warning', String(error))).then(() => this.#watch())
    })
  }

  async #afterStep(): Promise<void> {
    await this.#fields.refresh()
    this.#server.emit('parameters', this.#parameters())
    const rewind = this.#rewindState()
    if (rewind) this.#server.emit('rewind', rewind)
  }

  #rewindState(): RewindState | undefined {
    const { kept } = this.#options.driver.state
    return kept === null ? undefined : { ...kept, cycles: [...kept.cycles] }
  }

  #parameters(): ParametersState {
    const { parameters } = this.#options.driver.state
    return { parameters: { ...parameters }, updatable: updatableParameters(parameters) }
  }

  #snapshot(): SessionSnapshot {
    const { driver, engine } = this.#options
    return {
      protocol: PROTOCOL_VERSION,
      sessionId: this.#sessionId,
      engine: { name: engine.name, version: engine.version },
      fields: this.#fields.all.map(({ imagename }) => ({ imagename })),
      tileSize: TILE_SIZE,
      phase: this.#loop.phase,
      progress: this.#loop.progress,
      ...this.#parameters(),
      record: driver.state.record,
      products: this.#fields.all.flatMap(({ products }) => products.all),
      masks: this.#fields.all.map(({ masks }) => masks.state),
      log: this.#log.lines,
      stepTimesMs: [...this.#times.list],
      rewind: this.#rewindState(),
    }
  }

  async #update(changes: GcleanUpdate): Promise<[number, string]> {
    const answer = await this.#options.driver.update(changes)
    if (answer[0] === 0) {
      this.#log.add('info', `update(${JSON.stringify(changes)})`)
      this.#loop.reopen()
      this.#server.emit('parameters', this.#parameters())
    }
    return answer
  }

  async #finish(restore: boolean, signal: AbortSignal): Promise<SessionResult> {
    this.#loop.stop()
    await this.#loop.settled()
    const { driver } = this.#options
    const images = restore && driver.state.record !== null ? await this.#loop.restoredImages(signal) : {}
    const result = { images, returndict: driver.state.record?.returndict ?? null }
    this.#loop.finish(restore ? 'Finished: image restored' : 'Finished')
    // Other pages have still to fetch the image; whoever waits for the end closes the session then.
    void this.#quiet.wait().then(() => this.#resolveFinished(result))
    return result
  }

  #handlers(): SessionHandlers {
    return {
      'session.identity': () => ({ sessionId: this.#sessionId, engine: { ...this.#options.engine } }),
      'session.snapshot': () => this.#snapshot(),
      'session.finish': ({ restore }, { signal }) => this.#finish(restore, signal),
      'gclean.next': ({ cycles }, { signal }) => this.#loop.next(cycles, signal),
      'gclean.run': (_args, { signal }) => this.#loop.run(signal),
      'gclean.stop': () => {
        this.#loop.stop()
        return null
      },
      'gclean.abort': async () => {
        await this.#loop.abort()
        return null
      },
      'gclean.update': ({ parameters }) => this.#update(parameters as GcleanUpdate),
      'gclean.restore': (_args, { signal }) => this.#loop.restore(signal),
      'gclean.cmds': ({ history }) => this.#options.driver.commands(history),
      'gclean.rewind': ({ cycle }, { signal }) => this.#loop.rewind(cycle, signal),
      'gclean.keep': async ({ limitBytes }) => {
        await this.#options.driver.keepUpTo(limitBytes)
        const rewind = this.#rewindState()
        if (rewind) this.#server.emit('rewind', rewind)
        return null
      },
      ...maskHandlers({
        fields: this.#fields,
        files: this.#options.maskFiles,
        onEdit: line => this.#log.add('info', line),
        changed: () => this.#loop.reopen(),
      }),
      ...planeHandlers(this.#fields, () => this.#quiet.disturb()),
      ...imageHandlers({
        open: reference => this.#options.images.open(reference),
        target: path => this.#options.images.target(path),
        changed: () => this.#fields.refresh(),
      }),
    }
  }
}
