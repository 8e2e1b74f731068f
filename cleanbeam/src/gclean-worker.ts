// Entry of the thread behind synchronous iteration.

import { workerData } from 'node:worker_threads'
import { type GcleanInput, gclean } from '@cleanbeam/gclean'
import { openSessionFolder, type SyncThreadData, serveSync } from '@cleanbeam/gclean/node'
import type { ImageFormat } from '@cleanbeam/image/node'
import { createNativeEngine, type EngineLimits } from '@cleanbeam/tclean/node'

const { parameters, format, limits, ...thread } = workerData as SyncThreadData & {
  readonly parameters: GcleanInput
  readonly format: ImageFormat
  readonly limits: EngineLimits
}
const session = openSessionFolder(parameters.imagename)
serveSync(thread, gclean(createNativeEngine({ format, ...limits }), parameters, { session }))
