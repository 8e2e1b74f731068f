import {
  cycleIterations,
  fluxJy,
  GLOBAL_STOP,
  type GlobalStopCode,
  globalStopCode,
  nextCycleThresholdJy,
  overallPeakJy,
} from '@cleanbeam/tclean'
import type {
  CallOptions,
  DeconvolveInput,
  GcleanRecord,
  GcleanUpdate,
  ImagingEngine,
  ReturnDictionary,
  TcleanInput,
  TcleanParameters,
} from '@cleanbeam/types'
import { buildRecord, type FirstPlane } from './build-record.ts'
import { checkUpdate } from './check-update.ts'
import { GcleanError } from './gclean-error.ts'
import {
  appendSummary,
  initialState,
  type LoopState,
  largestPlaneCount,
  stateFromJson,
  stateToJson,
  summaryPlanes,
} from './loop-state.ts'
import type { SavedSession, SessionStore } from './session-store.ts'
import type { KeptStates, StateHistory } from './state-history.ts'
import { clearMask, countMask, type Survey, surveyImages } from './survey.ts'
import { callLine, maskCall, minorCycleCall, residualCall, sessionParameters } from './task-calls.ts'

/** Parameters of gclean: tclean's, less interactive and fullsummary. */
export type GcleanInput = Omit<TcleanInput, 'interactive' | 'fullsummary'>

export interface GcleanOptions extends CallOptions {
  /** Where the session survives its process; absent: nowhere, and an aborted step cannot be taken back. */
  readonly session?: SessionStore
}

/**
 * Interactive clean as an iterator over major cycles.
 *
 * The first step makes PSF and residual only; every later one is a model update followed by a residual update. The
 * record that carries a stop code other than 0 is yielded, then the iterator is done; an accepted `update`, or a mask
 * drawn after stop 7, makes it go on. `break` neither disposes nor restores.
 */
export interface Gclean extends AsyncDisposable {
  /** Parameters in force, updates included (niter and nmajor: what remains). */
  readonly parameters: TcleanParameters
  /** The last record, null before the first step. */
  readonly record: GcleanRecord | null
  /** True while a step or a restoration runs. */
  readonly busy: boolean
  /** True when `restore` has written images for the present model. */
  readonly restored: boolean
  /**
   * One step. Aborting `call.signal` stops at once and leaves the last complete state on disk.
   * @throws GcleanError when another step is running
   */
  next(call?: CallOptions): Promise<IteratorResult<GcleanRecord, undefined>>
  [Symbol.asyncIterator](): Gclean
  /** Changes parameters for the steps to come; `[0, '']`, or `[-1, why]` and nothing is changed. */
  update(changes: GcleanUpdate): [code: 0 | -1, message: string]
  /**
   * Writes the restored images; can be called again after more steps.
   * @returns product → path, e.g. `{image: 'm87.image.fits'}`
   */
  restore(call?: CallOptions): Promise<Record<string, string>>
  /** The tclean and deconvolve calls since the last `next`, or all, as lines that run in CASA. */
  cmds(history?: boolean): string[]
  /** Ends after the step that is running: the next record says stop code 3. */
  requestStop(): void
  /** States one can go back to; null where none are kept. */
  readonly kept: KeptStates | null
  /**
   * Goes back to the state after an earlier major cycle; parameters stay as they are now but for what was left of niter
   * and nmajor then. The next step continues from there.
   * @throws GcleanError when that state is not kept, or a step is running
   */
  rewind(cycle: number): Promise<GcleanRecord>
  /** Disk space kept states may take. */
  keepUpTo(bytes: number): Promise<void>
  /** Frees engine and lock and leaves the images as they are; the session can be gone on with by another process. */
  close(): Promise<void>
  /** Restores if that has not been done, then closes. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a session; nothing is read or written before the first `next`.
 * @throws ParameterError (tclean) for parameters that are refused
 */
export function gclean(engine: ImagingEngine, parameters: GcleanInput, options: GcleanOptions = {}): Gclean {
  return new GcleanSession(engine, sessionParameters(parameters), options)
}

class GcleanSession implements Gclean {
  readonly #engine: ImagingEngine
  readonly #given: TcleanParameters
  readonly #options: GcleanOptions
  readonly #session: SessionStore | null
  #parameters: TcleanParameters
  #state: LoopState
  #first: FirstPlane[] = []
  #record: GcleanRecord | null = null
  #commands: string[] = []
  /** Where the commands of the last `next` begin. */
  #commandsMark = 0
  #step = 0
  #busy = false
  #locked = false
  #restored = false
  /** A stop was asked for before the step began; one asked for during a step lets it end first. */
  #stopBeforeStep = false
  /** Updates that came in while a step was running; they count from its end. */
  #pending: GcleanUpdate[] = []

  constructor(engine: ImagingEngine, parameters: TcleanParameters, options: GcleanOptions) {
    this.#engine = engine
    this.#given = parameters
    this.#parameters = parameters
    this.#options = options
    this.#session = options.session ?? null
    this.#state = initialState(parameters)
  }

  get parameters(): TcleanParameters {
    return { ...this.#parameters, niter: this.#state.niterLeft, nmajor: this.#state.nmajorLeft }
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

  [Symbol.asyncIterator](): Gclean {
    return this
  }

  async next(call: CallOptions = {}): Promise<IteratorResult<GcleanRecord, undefined>> {
    return this.#exclusively(async () => {
      const merged = this.#callOptions(call)
      this.#stopBeforeStep = this.#state.stopRequested
      if ((await this.#open()) && this.#record) return { done: false, value: this.#record }
      this.#commandsMark = this.#commands.length
      if (this.#state.started && !(await this.#goesOn())) return { done: true, value: undefined }
      this.#state.reopened = false
      const record = this.#state.started ? await this.#takeStep(merged) : await this.#takeFirstStep(merged)
      return { done: false, value: record }
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
      if (!this.#state.started) {
        throw new GcleanError('expected at least one step before restore, got none: call next first')
      }
      const what = { calcpsf: false, calcres: false, restoration: true }
      await this.#tclean(residualCall(this.#parameters, what), this.#callOptions(call))
      this.#restored = true
      await this.#save()
      return this.#restoredPaths()
    })
  }

  cmds(history = false): string[] {
    return this.#commands.slice(history ? 0 : this.#commandsMark)
  }

  get kept(): KeptStates | null {
    return this.#session?.history?.kept ?? null
  }

  async rewind(cycle: number): Promise<GcleanRecord> {
    return this.#exclusively(async () => {
      const saved = await this.#requireHistory().goBack(cycle, await this.#changingProducts())
      if (saved.record === null) throw new GcleanError('expected a state with a record, got one without (rewind)')
      this.#state = stateFromJson(saved.state)
      this.#state.reopened = true
      this.#record = saved.record
      this.#restored = false
      this.#log(`# back to the state after major cycle ${cycle}`, {})
      await this.#save()
      return saved.record
    })
  }

  async keepUpTo(bytes: number): Promise<void> {
    await this.#requireHistory().limit(bytes)
  }

  #requireHistory(): StateHistory {
    const history = this.#session?.history
    if (history) return history
    throw new GcleanError('expected a session that keeps its states, got one that does not: it cannot go back')
  }

  requestStop(): void {
    this.#state.stopRequested = true
  }

  async close(): Promise<void> {
    await this.#engine.release(this.#parameters.imagename)
    if (this.#locked) await this.#session?.unlock()
    this.#locked = false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#state.started && !this.#restored) await this.restore()
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
      this.#applyPending()
    }
  }

  #callOptions(call: CallOptions): CallOptions {
    return { ...this.#options, ...call }
  }

  #applyPending(): void {
    const pending = this.#pending
    this.#pending = []
    for (const changes of pending) this.update(changes)
  }

  #apply(parameters: Partial<TcleanParameters>, cycleThresholdJy: number | null): void {
    this.#parameters = { ...this.#parameters, ...parameters }
    if (parameters.niter !== undefined) this.#state.niterLeft = parameters.niter
    if (parameters.nmajor !== undefined) this.#state.nmajorLeft = parameters.nmajor
    if (cycleThresholdJy !== null) this.#state.onceCycleThresholdJy = cycleThresholdJy
    this.#state.reopened = true
    this.#state.stopRequested = false
  }

  /**
   * Takes the lock and goes on with a session of the same parameters that was never restored: its process has died.
   * @returns true when it did, and the last record is that of the last complete step
   */
  async #open(): Promise<boolean> {
    if (this.#locked || !this.#session) return false
    await this.#session.lock()
    this.#locked = true
    if (!this.#given.restart) return false
    const saved = await this.#session.load()
    const same = saved !== null && JSON.stringify(saved.given) === JSON.stringify(this.#given)
    const resumed = same && !saved.restored && (await this.#resume(this.#session, saved))
    await this.#session.discardCheckpoints()
    await this.#session.history?.open(resumed)
    return resumed
  }

  async #resume(session: SessionStore, saved: SavedSession): Promise<boolean> {
    await session.rollback(saved.step + 1)
    const products = await this.#engine.products(this.#parameters.imagename)
    if (!products['.residual'] && !products['.residual.tt0']) return false
    this.#parameters = saved.parameters as unknown as TcleanParameters
    this.#state = stateFromJson(saved.state)
    this.#record = saved.record
    this.#commands = [...saved.commands]
    this.#first = saved.record ? firstPlanesOf(saved.record) : []
    this.#step = saved.step
    return true
  }

  /** True when the next step has something to do, or has to say why not. */
  async #goesOn(): Promise<boolean> {
    const { stopCode, reopened } = this.#state
    if (stopCode === GLOBAL_STOP.running || reopened) return true
    if (stopCode !== GLOBAL_STOP.zeroMask) return false
    return (await countMask(this.#engine, this.#parameters.imagename)) > 0
  }

  async #takeFirstStep(call: CallOptions): Promise<GcleanRecord> {
    const { imagename, calcpsf, calcres } = this.#parameters
    const hadMask = '.mask' in (await this.#engine.products(imagename))
    const dirty = await this.#tclean(residualCall(this.#parameters, { calcpsf, calcres, restoration: false }), call)
    const masked = await this.#establishMask(hadMask, call)
    this.#state.maxPsfSidelobe = masked.maxpsfsidelobe
    this.#state.summaryMajor = [0]
    this.#state.cycleThresholdsJy = [Math.fround(this.#thresholdJy())]
    this.#first = firstPlanes(dirty)
    this.#state.started = true
    this.#state.stopCode = await this.#firstStopCode()
    return this.#finishStep()
  }

  /** The mask product: the one there, the one asked for, or an empty one so that the user draws first. */
  async #establishMask(hadMask: boolean, call: CallOptions): Promise<ReturnDictionary> {
    const { imagename, mask, usemask } = this.#parameters
    const asked = usemask !== 'user' || mask === true || (typeof mask !== 'boolean' && mask.length > 0)
    const parameters = hadMask ? { ...this.#parameters, mask: '' } : this.#parameters
    const dictionary = await this.#deconvolve(maskCall(parameters), call)
    if (!hadMask && !asked) await clearMask(this.#engine, imagename)
    return dictionary
  }

  /** What ends a session before the first component: nothing allowed, or nothing above the threshold in a mask given. */
  async #firstStopCode(): Promise<GlobalStopCode> {
    if (this.#state.niterLeft <= 0) return GLOBAL_STOP.forced
    if (this.#state.nmajorLeft === 0) return GLOBAL_STOP.majorLimit
    const survey = await this.#survey()
    if (survey.maskSum === 0) return GLOBAL_STOP.running
    this.#state.peakHistoryJy = [overallPeakJy(survey.planes)]
    return this.#stopCode(survey)
  }

  async #takeStep(call: CallOptions): Promise<GcleanRecord> {
    const before = await this.#survey()
    this.#followMask(before)
    const code = this.#limitCode(before)
    if (code !== GLOBAL_STOP.running) {
      this.#state.stopCode = code
      return this.#finishStep()
    }
    await this.#checkpoint()
    const stateBefore = stateToJson(this.#state)
    try {
      await this.#modelAndResidual(before, call)
    } catch (error) {
      this.#state = stateFromJson(stateBefore)
      await this.#session?.rollback(this.#step + 1)
      throw error
    }
    return this.#finishStep()
  }

  /** A mask drawn since the last step changes the peak without any cleaning: the history of peaks begins anew. */
  #followMask(survey: Survey): void {
    const history = this.#state.peakHistoryJy
    const peakJy = overallPeakJy(survey.planes)
    if (history[history.length - 1] !== peakJy) this.#state.peakHistoryJy = [peakJy]
  }

  async #modelAndResidual(before: Survey, call: CallOptions): Promise<void> {
    const thresholdJy = this.#cycleThresholdJy(before)
    const niter = cycleIterations(this.#parameters.cycleniter, this.#state.niterLeft)
    const cleaned = await this.#deconvolve(minorCycleCall(this.#parameters, { thresholdJy, niter }), call)
    this.#state.onceCycleThresholdJy = null
    if (cleaned.iterdone === 0) {
      this.#state.stopCode = this.#idleCode(cleaned)
      return
    }
    this.#restored = false
    this.#count(cleaned, before, thresholdJy)
    const what = { calcpsf: false, calcres: true, restoration: false }
    await this.#tclean(residualCall(this.#parameters, what), call)
    this.#state.majorCycles++
    if (this.#state.nmajorLeft > 0) this.#state.nmajorLeft--
    this.#state.summaryMajor.push(this.#state.iterations)
    const after = await this.#survey()
    this.#state.peakHistoryJy.push(overallPeakJy(after.planes))
    this.#state.stopCode = this.#stopCode(after)
  }

  #cycleThresholdJy(survey: Survey): number {
    const { cyclefactor, minpsffraction, maxpsffraction } = this.#parameters
    const once = this.#state.onceCycleThresholdJy
    if (once !== null) return Math.fround(once)
    return nextCycleThresholdJy({
      peakResidualJy: overallPeakJy(survey.planes),
      maxPsfSidelobe: this.#state.maxPsfSidelobe,
      cyclefactor,
      minpsffraction,
      maxpsffraction,
      thresholdJy: this.#thresholdJy(),
    })
  }

  #count(cleaned: ReturnDictionary, before: Survey, cycleThresholdJy: number): void {
    appendSummary(this.#state.summaryMinor, cleaned.summaryminor, this.#state.iterations)
    this.#state.iterations += cleaned.iterdone
    this.#state.niterLeft = Math.max(0, this.#state.niterLeft - cleaned.iterdone)
    this.#state.largestPlaneIterations += largestPlaneCount(cleaned)
    this.#state.cycleThresholdsJy.push(cycleThresholdJy)
    this.#state.nsigmaThresholdsJy.push([...before.nsigmaInForceJy])
  }

  /** Why a minor cycle found nothing to do. */
  #idleCode(cleaned: ReturnDictionary): GlobalStopCode {
    if (cleaned.stopcode === GLOBAL_STOP.zeroMask) return GLOBAL_STOP.zeroMask
    return this.#parameters.nsigma > 0 ? GLOBAL_STOP.nsigma : GLOBAL_STOP.threshold
  }

  #stopCode(survey: Survey, stopRequested = this.#state.stopRequested): GlobalStopCode {
    return globalStopCode(
      { thresholdJy: this.#thresholdJy(), nsigma: this.#parameters.nsigma },
      {
        planes: survey.planes,
        maskSum: survey.maskSum,
        iterationsLeft: this.#state.niterLeft,
        majorCyclesLeft: this.#state.nmajorLeft,
        peakHistoryJy: this.#state.peakHistoryJy,
        stopRequested,
      },
    )
  }

  /** Limits that forbid a step; divergence is a matter of the step before and was reported with it. */
  #limitCode(survey: Survey): GlobalStopCode {
    const history = this.#state.peakHistoryJy
    this.#state.peakHistoryJy = history.slice(-1)
    const code = this.#stopCode(survey, this.#stopBeforeStep)
    this.#state.peakHistoryJy = history
    return code
  }

  #thresholdJy(): number {
    return fluxJy(this.#parameters.threshold, 'threshold')
  }

  #survey(): Promise<Survey> {
    return surveyImages(this.#engine, this.#parameters.imagename, this.#parameters)
  }

  async #tclean(parameters: TcleanInput, call: CallOptions): Promise<ReturnDictionary> {
    this.#log(callLine('tclean', parameters), call)
    return this.#engine.tclean(parameters, call)
  }

  async #deconvolve(parameters: DeconvolveInput, call: CallOptions): Promise<ReturnDictionary> {
    this.#log(callLine('deconvolve', parameters), call)
    return this.#engine.deconvolve(parameters, call)
  }

  #log(line: string, call: CallOptions): void {
    this.#commands.push(line)
    call.onLog?.(line)
  }

  async #checkpoint(): Promise<void> {
    if (!this.#session) return
    await this.#session.checkpoint(this.#step + 1, await this.#changingProducts())
  }

  /** Paths of the products that a step changes. */
  async #changingProducts(): Promise<string[]> {
    const products = await this.#engine.products(this.#parameters.imagename)
    const changing = Object.keys(products).filter(suffix => /^\.(model|residual)(\.|$)/.test(suffix))
    return changing.map(suffix => products[suffix])
  }

  async #finishStep(): Promise<GcleanRecord> {
    this.#state.stopRequested = false
    this.#record = buildRecord(this.#parameters, this.#state, this.#first, this.#thresholdJy())
    this.#step++
    await this.#save()
    await this.#session?.discardCheckpoints()
    await this.#session?.history?.keep(this.#state.majorCycles, this.#saved(), await this.#changingProducts())
    return this.#record
  }

  async #save(): Promise<void> {
    await this.#session?.save(this.#saved())
  }

  #saved(): SavedSession {
    return {
      version: 1,
      given: structuredClone(this.#given) as never,
      parameters: structuredClone(this.#parameters) as never,
      record: this.#record,
      commands: this.#commands,
      state: stateToJson(this.#state),
      step: this.#step,
      restored: this.#restored,
    }
  }

  async #restoredPaths(): Promise<Record<string, string>> {
    const products = await this.#engine.products(this.#parameters.imagename)
    const restored = Object.entries(products).filter(([suffix]) => /^\.(image|alpha|beta)(\.|$)/.test(suffix))
    const paths = Object.fromEntries(restored.map(([suffix, path]) => [suffix.slice(1), path]))
    return paths.image || !paths['image.tt0'] ? paths : { image: paths['image.tt0'], ...paths }
  }
}

function firstPlanes(dirty: ReturnDictionary): FirstPlane[] {
  return summaryPlanes(dirty.summaryminor)
    .filter(({ field }) => field === '0')
    .map(({ field, channel, polarisation }) => {
      const lists = dirty.summaryminor[field][channel][polarisation]
      return { channel, polarisation, peakResidualJy: lists.peakRes[0], modelFluxJy: lists.modelFlux[0] }
    })
}

function firstPlanesOf(record: GcleanRecord): FirstPlane[] {
  return Object.entries(record.chan).flatMap(([channel, planes]) =>
    Object.entries(planes).map(([polarisation, plane]) => ({
      channel,
      polarisation,
      peakResidualJy: plane.peakRes[0],
      modelFluxJy: plane.modelFlux[0],
    })),
  )
}
