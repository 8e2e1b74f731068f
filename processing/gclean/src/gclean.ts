import type {
  CallOptions,
  GcleanRecord,
  GcleanUpdate,
  ImagingEngine,
  TcleanInput,
  TcleanParameters,
} from '@cleanbeam/types'
import { GcleanError } from './gclean-error.ts'
import type { SessionStore } from './session-store.ts'

/** Parameters of gclean: tclean's, less interactive and fullsummary. */
export type GcleanInput = Omit<TcleanInput, 'interactive' | 'fullsummary'>

export interface GcleanOptions extends CallOptions {
  /** Where the session survives its process; absent: nowhere. */
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
  /** Restores if that has not been done, then frees engine and lock. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a session; nothing is read or written before the first `next`.
 * @throws ParameterError (tclean) for parameters that are refused
 */
export function gclean(_engine: ImagingEngine, _parameters: GcleanInput, _options: GcleanOptions = {}): Gclean {
  throw new GcleanError('gclean is being written')
}
