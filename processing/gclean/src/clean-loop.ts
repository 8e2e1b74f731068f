// One session's loop over major cycles: which tasks a step calls, what it counts and when it stops. Nothing of files but
// through the engine.

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
  ImagingEngine,
  ReturnDictionary,
  TcleanInput,
  TcleanParameters,
} from '@cleanbeam/types'
import { buildRecord } from './build-record.ts'
import { appendStep, firstPlanes, initialState, type LoopState, largestPlaneCount } from './loop-state.ts'
import { fieldsInForce, findOutliers } from './session-fields.ts'
import { clearMask, countMask, type Survey, surveyFields } from './survey.ts'
import { callLine, maskCall, minorCycleCall, residualCall } from './task-calls.ts'

/** The loop; `parameters` and `state` may be replaced between steps. */
export class CleanLoop {
  readonly #engine: ImagingEngine
  parameters: TcleanParameters
  state: LoopState
  readonly commands: string[] = []

  constructor(engine: ImagingEngine, parameters: TcleanParameters) {
    this.#engine = engine
    this.parameters = parameters
    this.state = initialState(parameters)
  }

  /** Parameters of every field, the main one first. */
  get fields(): readonly TcleanParameters[] {
    return fieldsInForce(this.parameters, this.state.outliers)
  }

  get imagenames(): readonly string[] {
    return this.fields.map(({ imagename }) => imagename)
  }

  record(): GcleanRecord {
    return buildRecord(this.parameters, this.state, this.imagenames, this.#thresholdJy())
  }

  /** True when the next step has something to do, or has to say why not. */
  async goesOn(): Promise<boolean> {
    const { stopCode, reopened } = this.state
    if (stopCode === GLOBAL_STOP.running || reopened) return true
    if (stopCode !== GLOBAL_STOP.zeroMask) return false
    return (await countMask(this.#engine, this.imagenames)) > 0
  }

  /** PSFs, residuals and masks. */
  async firstStep(call: CallOptions): Promise<void> {
    const { calcpsf, calcres } = this.parameters
    this.state.outliers = await findOutliers(this.#engine, this.parameters)
    const hadMask: boolean[] = []
    for (const imagename of this.imagenames) hadMask.push('.mask' in (await this.#engine.products(imagename)))
    const dirty = await this.#tclean(residualCall(this.parameters, { calcpsf, calcres, restoration: false }), call)
    let maxPsfSidelobe = 0
    for (const [index, field] of this.fields.entries()) {
      const masked = await this.#establishMask(field, hadMask[index], call)
      maxPsfSidelobe = Math.max(maxPsfSidelobe, masked.maxpsfsidelobe)
    }
    this.state.maxPsfSidelobe = maxPsfSidelobe
    this.state.summaryMajor = [0]
    this.state.cycleThresholdsJy = [Math.fround(this.#thresholdJy())]
    this.state.firstPlanes = firstPlanes(dirty)
    this.state.started = true
    this.state.stopCode = await this.#firstStopCode()
  }

  /** The mask product: the one there, the one asked for, or an empty one so that the user draws first. */
  async #establishMask(field: TcleanParameters, hadMask: boolean, call: CallOptions): Promise<ReturnDictionary> {
    const { imagename, mask, usemask } = field
    const asked = usemask !== 'user' || mask === true || (typeof mask !== 'boolean' && mask.length > 0)
    const dictionary = await this.#deconvolve(maskCall(hadMask ? { ...field, mask: '' } : field), call)
    if (!hadMask && !asked) await clearMask(this.#engine, imagename)
    return dictionary
  }

  /** What ends a session before the first component: nothing allowed, or nothing above the threshold in a mask given. */
  async #firstStopCode(): Promise<GlobalStopCode> {
    if (this.state.niterLeft <= 0) return GLOBAL_STOP.forced
    if (this.state.nmajorLeft === 0) return GLOBAL_STOP.majorLimit
    const survey = await this.survey()
    if (survey.maskSum === 0) return GLOBAL_STOP.running
    this.state.peakHistoryJy = [overallPeakJy(survey.planes)]
    return this.#stopCode(survey)
  }

  /**
   * Makes the residual again that the loop goes on from, when a restoration has put the exact one in its place: a run that
   * was restored in between goes the same way as one that was not.
   */
  async takeUpResidual(call: CallOptions): Promise<void> {
    if (this.state.residual === 'replaced') await this.#updateResidual('cheapest', call)
  }

  /** What the images say now. */
  survey(): Promise<Survey> {
    return surveyFields(this.#engine, this.imagenames, this.parameters)
  }

  /**
   * Looks whether anything may be done; a mask drawn since the last step changes the peak without any cleaning, then the
   * history of peaks begins anew.
   * @param stopRequested - before the step began
   * @returns the stop code that forbids a step; 0: none does
   */
  limitCode(survey: Survey, stopRequested: boolean): GlobalStopCode {
    const peakJy = overallPeakJy(survey.planes)
    const known = this.state.peakHistoryJy
    if (known[known.length - 1] !== peakJy) this.state.peakHistoryJy = [peakJy]
    // Divergence is a matter of the step before and was reported with it.
    const history = this.state.peakHistoryJy
    this.state.peakHistoryJy = history.slice(-1)
    const code = this.#stopCode(survey, stopRequested)
    this.state.peakHistoryJy = history
    return code
  }

  /**
   * A model update on every field, then one residual update.
   * @returns true when the models have changed
   */
  async step(before: Survey, call: CallOptions): Promise<boolean> {
    const thresholdJy = this.#cycleThresholdJy(before)
    const niter = cycleIterations(this.parameters.cycleniter, this.state.niterLeft)
    const cleaned: ReturnDictionary[] = []
    for (const field of this.fields) {
      cleaned.push(await this.#deconvolve(minorCycleCall(field, { thresholdJy, niter }), call))
    }
    this.state.onceCycleThresholdJy = null
    if (cleaned.every(({ iterdone }) => iterdone === 0)) {
      this.state.stopCode = this.#idleCode(cleaned)
      return false
    }
    this.#count(cleaned, before, thresholdJy)
    await this.#updateResidual('cheapest', call)
    this.state.majorCycles++
    if (this.state.nmajorLeft > 0) this.state.nmajorLeft--
    this.state.summaryMajor.push(this.state.iterations)
    const after = await this.survey()
    this.state.peakHistoryJy.push(overallPeakJy(after.planes))
    this.state.stopCode = this.#stopCode(after)
    if (this.state.stopCode !== GLOBAL_STOP.running && !this.state.stopRequested) await this.#confirmStop(call)
    if (this.state.stopCode === GLOBAL_STOP.running) await this.#updateAutoMasks(thresholdJy, call)
    return true
  }

  /**
   * Automatic masks follow the residual at once, so that they can be looked at and edited before the next step. The line is
   * not written down: a deconvolve call without iterations would make the mask twice where the lines are replayed.
   */
  async #updateAutoMasks(cycleThresholdJy: number, call: CallOptions): Promise<void> {
    const atThreshold = cycleThresholdJy <= Math.fround(this.#thresholdJy())
    for (const field of this.fields) {
      if (field.usemask !== 'auto-multithresh') continue
      await this.#engine.deconvolve(maskCall({ ...field, mask: '' }), { ...call, atThreshold })
    }
  }

  /** What ends a run is said of the visibilities themselves, as in tclean. */
  async #confirmStop(call: CallOptions): Promise<void> {
    if (this.state.residual === 'exact') return
    await this.#updateResidual('exact', call)
    const exact = await this.survey()
    this.state.peakHistoryJy[this.state.peakHistoryJy.length - 1] = overallPeakJy(exact.planes)
    this.state.stopCode = this.#stopCode(exact)
  }

  /** The residual of the present model; the line is written down once however often the engine is asked. */
  async #updateResidual(way: 'exact' | 'cheapest', call: CallOptions): Promise<void> {
    const parameters = residualCall(this.parameters, { calcpsf: false, calcres: true, restoration: false })
    const line = callLine('tclean', parameters)
    if (this.commands[this.commands.length - 1] !== line) this.log(line, call)
    let isExact = true
    await this.#engine.tclean(parameters, {
      ...call,
      residual: way,
      onResidual: exact => {
        isExact = exact
      },
    })
    this.state.residual = isExact ? 'exact' : 'instant'
  }

  /** Writes the restored images of all fields. @returns product → path of the main image */
  async restore(call: CallOptions): Promise<Record<string, string>> {
    const calcres = this.state.residual !== 'exact'
    await this.#tclean(residualCall(this.parameters, { calcpsf: false, calcres, restoration: true }), call)
    if (calcres) this.state.residual = 'replaced'
    const products = await this.#engine.products(this.parameters.imagename)
    const restored = Object.entries(products).filter(([suffix]) => /^\.(image|alpha|beta)(\.|$)/.test(suffix))
    const paths = Object.fromEntries(restored.map(([suffix, path]) => [suffix.slice(1), path]))
    return paths.image || !paths['image.tt0'] ? paths : { image: paths['image.tt0'], ...paths }
  }

  #cycleThresholdJy(survey: Survey): number {
    const { cyclefactor, minpsffraction, maxpsffraction } = this.parameters
    const once = this.state.onceCycleThresholdJy
    if (once !== null) return Math.fround(once)
    return nextCycleThresholdJy({
      peakResidualJy: overallPeakJy(survey.planes),
      maxPsfSidelobe: this.state.maxPsfSidelobe,
      cyclefactor,
      minpsffraction,
      maxpsffraction,
      thresholdJy: this.#thresholdJy(),
    })
  }

  #count(cleaned: readonly ReturnDictionary[], before: Survey, cycleThresholdJy: number): void {
    for (const [field, { summaryminor, iterdone }] of cleaned.entries()) {
      appendStep(this.state, field, summaryminor[0] ?? {}, before.nsigmaInForceJy[field])
      this.state.iterations += iterdone
      this.state.niterLeft = Math.max(0, this.state.niterLeft - iterdone)
    }
    this.state.largestPlaneIterations += Math.max(...cleaned.map(largestPlaneCount))
    this.state.cycleThresholdsJy.push(cycleThresholdJy)
  }

  /** Why a minor cycle found nothing to do. */
  #idleCode(cleaned: readonly ReturnDictionary[]): GlobalStopCode {
    if (cleaned.every(({ stopcode }) => stopcode === GLOBAL_STOP.zeroMask)) return GLOBAL_STOP.zeroMask
    return this.parameters.nsigma > 0 ? GLOBAL_STOP.nsigma : GLOBAL_STOP.threshold
  }

  #stopCode(survey: Survey, stopRequested = this.state.stopRequested): GlobalStopCode {
    return globalStopCode(
      { thresholdJy: this.#thresholdJy(), nsigma: this.parameters.nsigma },
      {
        planes: survey.planes,
        maskSum: survey.maskSum,
        iterationsLeft: this.state.niterLeft,
        majorCyclesLeft: this.state.nmajorLeft,
        peakHistoryJy: this.state.peakHistoryJy,
        stopRequested,
      },
    )
  }

  #thresholdJy(): number {
    return fluxJy(this.parameters.threshold, 'threshold')
  }

  async #tclean(parameters: TcleanInput, call: CallOptions): Promise<ReturnDictionary> {
    this.log(callLine('tclean', parameters), call)
    return this.#engine.tclean(parameters, call)
  }

  async #deconvolve(parameters: DeconvolveInput, call: CallOptions): Promise<ReturnDictionary> {
    this.log(callLine('deconvolve', parameters), call)
    return this.#engine.deconvolve(parameters, call)
  }

  log(line: string, call: CallOptions): void {
    this.commands.push(line)
    call.onLog?.(line)
  }
}
