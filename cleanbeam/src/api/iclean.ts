import { fileURLToPath } from 'node:url'
import type { GcleanInput } from '@cleanbeam/gclean'
import type { ImageFormat } from '@cleanbeam/image/node'
import { checkTcleanFiles, type EngineLimits } from '@cleanbeam/tclean/node'
import type { ReturnDictionary } from '@cleanbeam/types'
import { type EngineName, formatOf } from './engines.ts'

export interface IcleanOptions {
  /** How images are written; default 'casa', or 'fits' where the image name has FITS products only. CASA writes its own. */
  readonly format?: ImageFormat
  /** Port on 127.0.0.1; default: any free one. */
  readonly port?: number
  /** Whether a browser is opened; default true. */
  readonly open?: boolean
  /** What does the imaging; default 'native', Cleanbeam's own engine. */
  readonly engine?: EngineName
  /** What the native engine may use of the machine. */
  readonly limits?: EngineLimits
}

/** What an interactive clean left behind. */
export interface IcleanResult {
  /** Product → path of what was restored; empty when nothing was. */
  readonly images: Record<string, string>
  readonly returndict: ReturnDictionary | null
}

/** A running interactive clean. */
export interface IcleanSession {
  /** The page, token included. */
  readonly url: string
  /** False when a browser was wanted and none could be started: open `url` by hand. */
  readonly opened: boolean
  /** Resolves when the user finishes; rejects when the session dies. */
  readonly finished: Promise<IcleanResult>
  /** Ends session and server; products are complete on disk when it resolves. */
  close(): Promise<void>
}

/**
 * Opens interactive clean in a browser. The session runs in a thread of this process, behind a server on 127.0.0.1 that
 * only answers to those who know its token.
 * @throws ParameterError for parameters that are refused, before any file is touched
 */
export async function iclean(parameters: GcleanInput, options: IcleanOptions = {}): Promise<IcleanSession> {
  await checkTcleanFiles(parameters)
  const [{ openBrowser, startServer }, { startSessionWorker }] = await Promise.all([
    import('@cleanbeam/server/node'),
    import('@cleanbeam/session/node'),
  ])
  const session = await startSessionWorker(new URL('./session-worker.js', import.meta.url), {
    parameters,
    engine: options.engine,
    limits: options.limits,
    format: formatOf(options.engine, options.format, parameters.imagename),
  })
  const server = await startServer({
    session,
    pageDir: fileURLToPath(new URL('./page', import.meta.url)),
    port: options.port,
  }).catch(async error => {
    await session.close()
    throw error
  })
  const opened = (options.open ?? true) && (await openBrowser(server.url))
  return { url: server.url, opened, finished: session.finished, close: () => server.close() }
}
