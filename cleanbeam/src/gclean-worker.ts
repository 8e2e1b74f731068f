// Entry of the thread behind synchronous iteration.

import { workerData } from 'node:worker_threads'
import { type GcleanInput, gclean } from '@cleanbeam/gclean'
import { openSessionFolder, type SyncThreadData, serveSync } from '@cleanbeam/gclean/node'
import type { ImageFormat } from '@cleanbeam/image/node'
import { createNativeEngine } from '@cleanbeam/tclean/node'

const { parameters, format, ...thread } = workerData as SyncThreadData & {
  readonly parameters: GcleanInput
  readonly format: ImageFormat
}
const session = openSessionFolder(parameters.imagename)
serveSync(thread, gclean(createNativeEngine({ format }), parameters, { session }))
