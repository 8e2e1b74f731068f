import { createResponseCache } from '@cleanbeam/deconvolution'
import { type ImageFormat, openImage, openProductStore } from '@cleanbeam/image/node'
import type { KernelPool } from '@cleanbeam/math'
import { createWorkerPool, type WorkerPoolOptions } from '@cleanbeam/math/node'
import type {
  DeconvolveInput,
  DeconvolveOptions,
  ImageTool,
  ImagingEngine,
  ReturnDictionary,
  TcleanInput,
  TcleanOptions,
  TcleanParameters,
} from '@cleanbeam/types'
import { checkDeconvolveParameters, checkTcleanParameters } from '../check-parameters.ts'
import { runDeconvolve } from './deconvolve-task.ts'
import { type EngineLimits, kernelBytes } from './engine-limits.ts'
import { fieldParameters } from './field-parameters.ts'
import { ENGINE_VERSION } from './history.ts'
import { runTclean } from './tclean-task.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

export interface NativeEngineOptions extends EngineLimits {
  /** How products are kept; default 'fits', the only one so far. */
  readonly format?: ImageFormat
}

/**
 * Cleanbeam's own engine. It opens the visibilities of a call once and keeps them for the next call on the same files,
 * selection, image geometry and weighting, until `release`; products are always those on disk.
 * @throws ImageError for a format that is not supported, ParameterError for too little memory
 */
export function createNativeEngine(options: NativeEngineOptions = {}): ImagingEngine {
  return new NativeEngine(options)
}

class NativeEngine implements ImagingEngine {
  readonly name = 'native'
  readonly version = ENGINE_VERSION
  readonly #format: ImageFormat
  readonly #workspaces = new Map<string, Workspace>()
  readonly #responses = createResponseCache()
  readonly #poolOptions: WorkerPoolOptions
  #kernels: Promise<KernelPool> | null = null

  constructor(options: NativeEngineOptions) {
    const { format = 'fits', threads } = options
    // Refuses a format before anything is asked of the engine.
    openProductStore('unused', { format })
    this.#format = format
    this.#poolOptions = { threads, maximumBytes: kernelBytes(options) }
  }

  async tclean(input: TcleanInput, options: TcleanOptions = {}): Promise<ReturnDictionary> {
    options.signal?.throwIfAborted()
    const parameters = checkTcleanParameters(input)
    const imagename = parameters.restart ? parameters.imagename : await this.#freeName(parameters.imagename)
    return runTclean({ ...parameters, imagename }, this.#workspace(imagename), {
      ...options,
      kernels: await this.#startKernels(),
      responses: this.#responses,
    })
  }

  async deconvolve(input: DeconvolveInput, options: DeconvolveOptions = {}): Promise<ReturnDictionary> {
    options.signal?.throwIfAborted()
    const parameters = checkDeconvolveParameters(input)
    return runDeconvolve(parameters, this.#workspace(parameters.imagename).store, {
      ...options,
      kernels: await this.#startKernels(),
      responses: this.#responses,
    })
  }

  image(path: string): Promise<ImageTool> {
    return openImage(path)
  }

  async fields(parameters: TcleanInput): Promise<readonly TcleanParameters[]> {
    return fieldParameters(checkTcleanParameters(parameters))
  }

  products(imagename: string): Promise<Record<string, string>> {
    return this.#workspace(imagename).store.list()
  }

  async release(imagename: string): Promise<void> {
    this.#workspaces.get(imagename)?.release()
    this.#workspaces.delete(imagename)
  }

  /** Workers are started with the first task and kept: idle ones cost nothing and keep no process alive. */
  #startKernels(): Promise<KernelPool> {
    this.#kernels ??= createWorkerPool(this.#poolOptions)
    return this.#kernels
  }

  #workspace(imagename: string): Workspace {
    const known = this.#workspaces.get(imagename)
    if (known) return known
    const workspace = openWorkspace(imagename, this.#format)
    this.#workspaces.set(imagename, workspace)
    return workspace
  }

  /** restart=False: the name itself when it has no products yet, else the first of name_1, name_2, … without. */
  async #freeName(imagename: string): Promise<string> {
    for (let n = 0; ; n++) {
      const name = n === 0 ? imagename : `${imagename}_${n}`
      const products = await openProductStore(name, { format: this.#format }).list()
      if (Object.keys(products).length === 0) return name
    }
  }
}
