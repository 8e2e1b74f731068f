import type { CallOptions, GcleanRecord, GcleanUpdate, TcleanInput, TcleanParameters } from '@cleanbeam/types'
import type { SessionStore } from './session-store.ts'
import type { KeptStates } from './state-history.ts'

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
