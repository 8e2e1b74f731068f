import type { ImageFormat } from '@cleanbeam/image/node'
import { createNativeEngine, type EngineLimits } from '@cleanbeam/tclean/node'
import type { ImagingEngine } from '@cleanbeam/types'
import { defaultFormat } from './default-format.ts'

/** Cleanbeam's own engine, or CASA's tasks. */
export type EngineName = 'native' | 'casa'

/** How products are kept on disk: CASA writes its own; the native engine what is asked for, else the default of the name. */
export function formatOf(
  engine: EngineName | undefined,
  format: ImageFormat | undefined,
  imagename: string,
): ImageFormat {
  return engine === 'casa' ? 'casa' : (format ?? defaultFormat(imagename))
}

/**
 * The engine of a name. CASA's is loaded, found and started only when it is asked for.
 * @throws CasaError when there is no CASA on this machine
 */
export async function createEngine(settings: {
  readonly engine?: EngineName
  readonly format?: ImageFormat
  readonly limits?: EngineLimits
}): Promise<ImagingEngine> {
  if (settings.engine === 'casa') return casaEngine()
  return createNativeEngine({ format: settings.format, ...settings.limits })
}

/**
 * CASA's tasks as an engine, in a Jupyter kernel of this machine. `release` ends the kernel.
 * @param options.python - a Python with casatasks and ipykernel; default: found automatically
 * @throws CasaError when there is none
 */
export async function casaEngine(options: { readonly python?: string } = {}): Promise<ImagingEngine> {
  const [{ createCasaEngine }, { startCasaKernel }] = await Promise.all([
    import('@cleanbeam/casa'),
    import('@cleanbeam/casa/node'),
  ])
  return createCasaEngine(() => startCasaKernel(options))
}
