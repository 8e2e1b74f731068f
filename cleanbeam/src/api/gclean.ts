import { type Gclean, GcleanError, type GcleanInput, type KeptStates, gclean as startGclean } from '@cleanbeam/gclean'
import { openSessionFolder, SyncGclean } from '@cleanbeam/gclean/node'
import type { ImageFormat } from '@cleanbeam/image/node'
import { createNativeEngine, type EngineLimits } from '@cleanbeam/tclean/node'
import type { CallOptions, GcleanRecord, GcleanUpdate, ImagingEngine, TcleanParameters } from '@cleanbeam/types'
import { defaultFormat } from './default-format.ts'

export interface GcleanProcessOptions extends CallOptions, EngineLimits {
  /** What does the imaging; default: Cleanbeam's own engine. */
  readonly engine?: ImagingEngine
  /** How images are written; default 'casa', or 'fits' where the image name has FITS products only. */
  readonly format?: ImageFormat
  /** Keeps the states after major cycles, so that `rewind` can go back to one, up to this many bytes; default: none. */
  readonly keepBytes?: number
}

/** The process behind interactive clean; asynchronous and, in Node, synchronous. */
export interface GcleanProcess extends Gclean {
  /**
   * The same steps, each blocking until it is done; a thread does the work. Only before the first step, and only with
   * Cleanbeam's own engine.
   */
  sync(): IterableIterator<GcleanRecord>
  [Symbol.iterator](): IterableIterator<GcleanRecord>
  [Symbol.asyncIterator](): GcleanProcess
}

/**
 * Starts interactive clean as an iterator over major cycles. No file is touched before the first step.
 *
 * @example
 * const cl = gclean({ vis: 'm87.uvfits', imagename: 'm87', imsize: 512, cell: '0.1marcsec', niter: 1000, mask: 'circle[[256pix,256pix],60pix]' })
 * for await (const record of cl) console.log(record.niterdone, record.stopDescription)
 * const { image } = await cl.restore()
 * @throws ParameterError for parameters that are refused
 */
export function gclean(parameters: GcleanInput, options: GcleanProcessOptions = {}): GcleanProcess {
  return new Process(parameters, options)
}

class Process implements GcleanProcess {
  readonly #input: GcleanInput
  readonly #options: GcleanProcessOptions
  readonly #asynchronous: Gclean
  #synchronous: SyncGclean | null = null

  constructor(parameters: GcleanInput, options: GcleanProcessOptions) {
    const { engine, format = defaultFormat(parameters.imagename), keepBytes, threads, memoryBytes, ...call } = options
    this.#input = parameters
    this.#options = options
    const session = openSessionFolder(parameters.imagename, { keepBytes })
    this.#asynchronous = startGclean(engine ?? createNativeEngine({ format, threads, memoryBytes }), parameters, {
      ...call,
      session,
    })
  }

  get parameters(): TcleanParameters {
    return this.#synchronous?.state?.parameters ?? this.#asynchronous.parameters
  }

  get record(): GcleanRecord | null {
    return this.#synchronous ? (this.#synchronous.state?.record ?? null) : this.#asynchronous.record
  }

  get busy(): boolean {
    return this.#asynchronous.busy
  }

  get restored(): boolean {
    return this.#synchronous?.state?.restored ?? this.#asynchronous.restored
  }

  get kept(): KeptStates | null {
    return this.#asynchronous.kept
  }

  async rewind(cycle: number): Promise<GcleanRecord> {
    if (!this.#synchronous) return this.#asynchronous.rewind(cycle)
    throw new GcleanError(
      'expected asynchronous steps for rewind, got a process iterated with sync(): use await next()',
    )
  }

  async keepUpTo(bytes: number): Promise<void> {
    await this.#asynchronous.keepUpTo(bytes)
  }

  [Symbol.asyncIterator](): GcleanProcess {
    return this
  }

  [Symbol.iterator](): IterableIterator<GcleanRecord> {
    return this.sync()
  }

  sync(): IterableIterator<GcleanRecord> {
    if (this.#synchronous) return this.#synchronous
    if (this.#asynchronous.record !== null || this.#asynchronous.busy) {
      throw new GcleanError('expected sync() before the first step, got it after one: go on with await next()')
    }
    if (this.#options.engine) {
      throw new GcleanError("expected Cleanbeam's own engine for synchronous steps, got another: use await next()")
    }
    const script = new URL('./gclean-worker.js', import.meta.url)
    this.#synchronous = new SyncGclean(script, this.#input, {
      format: this.#options.format ?? defaultFormat(this.#input.imagename),
      limits: { threads: this.#options.threads, memoryBytes: this.#options.memoryBytes },
    })
    return this.#synchronous
  }

  async next(call?: CallOptions): Promise<IteratorResult<GcleanRecord, undefined>> {
    return this.#synchronous ? this.#synchronous.next() : this.#asynchronous.next(call)
  }

  update(changes: GcleanUpdate): [code: 0 | -1, message: string] {
    return (this.#synchronous ?? this.#asynchronous).update(changes)
  }

  async restore(call?: CallOptions): Promise<Record<string, string>> {
    return this.#synchronous ? this.#synchronous.restore() : this.#asynchronous.restore(call)
  }

  cmds(history = false): string[] {
    return (this.#synchronous ?? this.#asynchronous).cmds(history)
  }

  requestStop(): void {
    ;(this.#synchronous ?? this.#asynchronous).requestStop()
  }

  async close(): Promise<void> {
    if (this.#synchronous) this.#synchronous.end('close')
    else await this.#asynchronous.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#synchronous) this.#synchronous.end('dispose')
    else await this.#asynchronous[Symbol.asyncDispose]()
  }
}
