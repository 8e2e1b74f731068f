// Entry of the Jupyter kernel: node kernel.js CONNECTION_FILE. The same file is the entry of its worker.

import { readFileSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { GcleanInput } from '@cleanbeam/gclean'
import type { ImageFormat } from '@cleanbeam/image/node'
import { runKernel } from '@cleanbeam/jupyter/node'
import { startSessionWorker } from '@cleanbeam/session/node'
import { checkTcleanFiles } from '@cleanbeam/tclean/node'
import { formatOf } from './api/engines.ts'
import { apiDocumentation } from './kernel/api-documentation.ts'
import { makeCellApi } from './kernel/cell-api.ts'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

await runKernel({
  entry: new URL(import.meta.url),
  connectionFile: workerData?.connectionFile ?? process.argv[2],
  version: manifest.version,
  makeApi: makeCellApi,
  async startSession(settings) {
    const parameters = settings.parameters as unknown as GcleanInput
    await checkTcleanFiles(parameters)
    const engine = settings.engine === 'casa' ? 'casa' : 'native'
    const format = formatOf(engine, imageFormatOf(settings.format), parameters.imagename)
    return startSessionWorker(new URL('./session-worker.js', import.meta.url), { parameters, engine, format })
  },
  documentation: apiDocumentation(new URL('./index.d.ts', import.meta.url)),
})

function imageFormatOf(value: unknown): ImageFormat | undefined {
  return value === 'fits' || value === 'casa' || value === 'both' ? value : undefined
}
