import { type GcleanInput, gclean } from '@cleanbeam/gclean'
import { DEFAULT_STATES_BYTES, openSessionFolder } from '@cleanbeam/gclean/node'
import { type ImageFormat, openProductStore } from '@cleanbeam/image/node'
import { createNativeEngine, type EngineLimits } from '@cleanbeam/tclean/node'
import type { ImagingEngine, JsonObject } from '@cleanbeam/types'
import { type CleanDriver, localDriver } from '../clean-driver.ts'
import { SessionHost } from '../session-host.ts'
import { confinedTo, openImageAccess } from './image-access.ts'
import { openJournalFile } from './journal-file.ts'
import { openMaskFiles } from './mask-files.ts'

export interface SessionSettings {
  readonly parameters: GcleanInput
  /** Make PSF and dirty image at once; default true. */
  readonly firstStep?: boolean
  /** Name of the engine that images; what names there are is up to the worker's entry. Default: the native one. */
  readonly engine?: string
  /** How products are kept on disk; default: as the native engine keeps them. */
  readonly format?: ImageFormat
  /** What the native engine may use of the machine. */
  readonly limits?: EngineLimits
}

/** Makes the engine that settings name; called in the thread that is to image with it. */
export type EngineFactory = (
  settings: Pick<SessionSettings, 'engine' | 'format' | 'limits'>,
) => ImagingEngine | Promise<ImagingEngine>

/**
 * A session in this thread.
 * @param driver - default: gclean in this thread, too
 * @param engine - for looking at images, and for gclean in this thread; default: the native one
 * @throws ParameterError for parameters that are refused
 */
export async function openSession(
  { parameters, firstStep = true, format, limits }: SessionSettings,
  driver?: CleanDriver,
  engine: ImagingEngine = createNativeEngine({ format, ...limits }),
): Promise<SessionHost> {
  const { imagename } = parameters
  const session = openSessionFolder(imagename, { keepBytes: DEFAULT_STATES_BYTES })
  const clean = driver ?? localDriver(gclean(engine, parameters, { session }))
  const imagenames = await fieldNames(engine, clean)
  const host = new SessionHost({
    driver: clean,
    engine: clean.engine ?? engine,
    fields: imagenames.map(name => ({
      imagename: name,
      products: openProductStore(name, { format }),
      journal: openJournalFile(`${name}.cleanbeam/mask-edits.jsonl`),
    })),
    images: openImageAccess(engine, imagenames),
    maskFiles: openMaskFiles(engine, confinedTo(imagename), () => clean.state.parameters as unknown as JsonObject),
  })
  await host.start(firstStep)
  return host
}

/** Image names of all fields: the main one, and those of the outlier file where the engine reads one. */
async function fieldNames(engine: ImagingEngine, { state: { parameters } }: CleanDriver): Promise<string[]> {
  if (parameters.outlierfile === '' || !engine.fields) return [parameters.imagename]
  return (await engine.fields(parameters)).map(({ imagename }) => imagename)
}
