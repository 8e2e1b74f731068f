import { type GcleanInput, gclean } from '@cleanbeam/gclean'
import { openSessionFolder } from '@cleanbeam/gclean/node'
import { openProductStore } from '@cleanbeam/image/node'
import { createNativeEngine } from '@cleanbeam/tclean/node'
import type { ImagingEngine } from '@cleanbeam/types'
import { type CleanDriver, localDriver } from '../clean-driver.ts'
import { SessionHost } from '../session-host.ts'
import { openImageAccess } from './image-access.ts'
import { openJournalFile } from './journal-file.ts'

export interface SessionSettings {
  readonly parameters: GcleanInput
  /** Make PSF and dirty image at once; default true. */
  readonly firstStep?: boolean
}

/**
 * A session in this thread.
 * @param driver - default: gclean in this thread, too
 * @param engine - for looking at images, and for gclean in this thread; default: the native one
 * @throws ParameterError for parameters that are refused
 */
export async function openSession(
  { parameters, firstStep = true }: SessionSettings,
  driver?: CleanDriver,
  engine: ImagingEngine = createNativeEngine(),
): Promise<SessionHost> {
  const { imagename } = parameters
  const host = new SessionHost({
    driver: driver ?? localDriver(gclean(engine, parameters, { session: openSessionFolder(imagename) })),
    engine,
    products: openProductStore(imagename),
    journal: openJournalFile(`${imagename}.cleanbeam/mask-edits.jsonl`),
    images: openImageAccess(engine, imagename),
  })
  await host.start(firstStep)
  return host
}
