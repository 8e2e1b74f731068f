import type {
  CallOptions,
  DeconvolveInput,
  DeconvolveOptions,
  ImageTool,
  ImagingEngine,
  JsonObject,
  ReturnDictionary,
  TcleanInput,
} from '@cleanbeam/types'
import type { CasaCalls, CasaLogLine } from './casa-calls.ts'
import { CasaError } from './casa-error.ts'
import { casaImage } from './casa-image.ts'

/** A kernel with CASA and the module that answers. */
export interface CasaKernel {
  readonly calls: CasaCalls
  /** As `casatasks.version_string()` writes it. */
  readonly version: string
  /** Takes effect when CASA's C++ comes back, which may take long. */
  interrupt(): Promise<void>
  /** Ends the process at once. */
  kill(): void | Promise<void>
  close(): Promise<void>
}

/** An engine whose kernel is to be ended. */
export interface CasaEngine extends ImagingEngine {
  /** To the kernel that runs, for what the engine's interface has no words. */
  calls(): Promise<CasaCalls>
  close(): Promise<void>
}

/** Between asking CASA to stop and ending its process. */
const INTERRUPT_MS = 1500
/** What CASA writes into its log for programmers. */
const BORING = /^(#+|Begin Task|End Task|(Task|Result) (tclean|deconvolve)|.*Application:|Total time)/

/**
 * CASA's tasks as an engine. State lives in the products on disk: a kernel that had to be ended is replaced by a fresh one
 * at the next call.
 * @param start - starts a kernel
 */
export async function createCasaEngine(start: () => Promise<CasaKernel>): Promise<CasaEngine> {
  return new KernelEngine(start, await start())
}

class KernelEngine implements CasaEngine {
  readonly name = 'casa'
  readonly version: string
  readonly #start: () => Promise<CasaKernel>
  #kernel: Promise<CasaKernel> | null

  constructor(start: () => Promise<CasaKernel>, kernel: CasaKernel) {
    this.#start = start
    this.#kernel = Promise.resolve(kernel)
    this.version = kernel.version
  }

  tclean(parameters: TcleanInput, options: CallOptions = {}): Promise<ReturnDictionary> {
    return this.#task('tclean', parameters as unknown as JsonObject, options)
  }

  deconvolve(parameters: DeconvolveInput, options: DeconvolveOptions = {}): Promise<ReturnDictionary> {
    const { cycleThresholdJy } = options
    const threshold = cycleThresholdJy === undefined ? {} : { threshold: cycleThresholdJy }
    // tclean's loop parameters, which CASA's deconvolve does not know.
    const {
      cycleniter,
      cyclefactor,
      minpsffraction,
      maxpsffraction,
      psfcutoff,
      pblimit,
      minpercentchange,
      restart,
      ...known
    } = parameters
    return this.#task('deconvolve', { ...known, ...threshold } as unknown as JsonObject, options)
  }

  async calls(): Promise<CasaCalls> {
    return (await this.#running()).calls
  }

  async image(path: string): Promise<ImageTool> {
    return casaImage(await this.calls(), path)
  }

  async products(imagename: string): Promise<Record<string, string>> {
    return (await this.calls()).call('products', { imagename })
  }

  /** Nothing is kept but the kernel, which the next call would start again. */
  release(): Promise<void> {
    return this.close()
  }

  async close(): Promise<void> {
    const kernel = await this.#kernel?.catch(() => null)
    this.#kernel = null
    await kernel?.close()
  }

  #running(): Promise<CasaKernel> {
    if (this.#kernel === null) {
      this.#kernel = this.#start()
      this.#kernel.catch(() => {
        this.#kernel = null
      })
    }
    return this.#kernel
  }

  async #task(op: 'tclean' | 'deconvolve', parameters: JsonObject, options: CallOptions): Promise<ReturnDictionary> {
    const { signal, onLog, onProgress } = options
    signal?.throwIfAborted()
    const kernel = await this.#running()
    kernel.calls.onLog(line => {
      if (!BORING.test(line.text)) onLog?.(logText(line))
    })
    onProgress?.({ what: `CASA: ${op}`, done: 0, total: 1 })
    const call = kernel.calls.call<ReturnDictionary>(op, { parameters })
    try {
      const dictionary = await (signal === undefined ? call : this.#abortable(call, kernel, signal))
      onProgress?.({ what: `CASA: ${op}`, done: 1, total: 1 })
      return dictionary
    } catch (error) {
      if (error instanceof CasaError && error.fields.kind === undefined) this.#kernel = null
      throw error
    } finally {
      kernel.calls.onLog(() => {})
    }
  }

  /** Asks kindly first; CASA's C++ does not listen, so its process is ended soon after. */
  async #abortable<T>(call: Promise<T>, kernel: CasaKernel, signal: AbortSignal): Promise<T> {
    let onAbort: () => void = () => {}
    const aborted = new Promise<'aborted'>(resolve => {
      onAbort = () => resolve('aborted')
      signal.addEventListener('abort', onAbort, { once: true })
    })
    try {
      const first = await Promise.race([call, aborted])
      if (first !== 'aborted') return first as T
      await kernel.interrupt().catch(() => {})
      const timeout = new Promise<'late'>(resolve => setTimeout(() => resolve('late'), INTERRUPT_MS))
      const ended = call.then(
        () => 'ended' as const,
        () => 'ended' as const,
      )
      if ((await Promise.race([ended, timeout])) === 'late') {
        this.#kernel = null
        await kernel.kill()
      }
      throw signal.reason
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }
}

function logText({ level, text }: CasaLogLine): string {
  return /^(WARN|SEVERE)/.test(level) ? `${level.toLowerCase()}: ${text}` : text
}
