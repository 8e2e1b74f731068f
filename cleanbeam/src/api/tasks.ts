import { type ImageFormat, openImage } from '@cleanbeam/image/node'
import { createNativeEngine, type EngineLimits, type NativeEngineOptions } from '@cleanbeam/tclean/node'
import type {
  CallOptions,
  DeconvolveInput,
  ImageTool,
  ImagingEngine,
  ReturnDictionary,
  TcleanInput,
} from '@cleanbeam/types'
import { defaultFormat } from './default-format.ts'

export interface TaskOptions extends CallOptions, EngineLimits {
  /** How images are written; default 'casa', or 'fits' where the image name has FITS products only. */
  readonly format?: ImageFormat
}

/**
 * Makes and cleans an image without asking; parameters and return dictionary are those of CASA's task.
 * @throws ParameterError for parameters that are refused, before any file is touched; errors of the data otherwise
 */
export function tclean(parameters: TcleanInput, options: TaskOptions = {}): Promise<ReturnDictionary> {
  const { format, threads, memoryBytes, ...call } = options
  return withEngine({ format, threads, memoryBytes }, parameters.imagename, engine => engine.tclean(parameters, call))
}

/**
 * One minor cycle on products that exist, without visibilities.
 * @throws ParameterError as {@link tclean}; TcleanError when products are missing
 */
export function deconvolve(parameters: DeconvolveInput, options: TaskOptions = {}): Promise<ReturnDictionary> {
  const { format, threads, memoryBytes, ...call } = options
  return withEngine({ format, threads, memoryBytes }, parameters.imagename, engine =>
    engine.deconvolve(parameters, call),
  )
}

/**
 * The image functions on a file; every call sees the file's present state.
 * @throws FitsError or ImageError when it is missing or not an image of the sky
 */
export function image(path: string): Promise<ImageTool> {
  return openImage(path)
}

async function withEngine<T>(
  settings: NativeEngineOptions,
  imagename: string,
  run: (engine: ImagingEngine) => Promise<T>,
): Promise<T> {
  const engine = createNativeEngine({ ...settings, format: settings.format ?? defaultFormat(imagename) })
  try {
    return await run(engine)
  } finally {
    await engine.release(imagename)
  }
}
