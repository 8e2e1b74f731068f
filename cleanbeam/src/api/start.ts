import { fileURLToPath } from 'node:url'
import type { GcleanInput } from '@cleanbeam/gclean'
import type { ServerOptions } from '@cleanbeam/server/node'
import type { IcleanResult } from './iclean.ts'

/** A server that shows the start page, and then the session begun there. */
export interface StartedPage {
  /** The page, token included. */
  readonly url: string
  readonly opened: boolean
  /** Resolves when the user finishes the session; rejects when it dies. */
  readonly finished: Promise<IcleanResult>
  close(): Promise<void>
}

/** Where the page appears. */
export interface StartPageOptions
  extends Pick<ServerOptions, 'port' | 'host' | 'basePath' | 'publicOrigins' | 'identity'> {
  /** Whether a browser is opened; default true. */
  readonly open?: boolean
}

/**
 * Opens the start page: data are chosen and a session begun in the browser.
 * @param root - the folder whose files the page may show; images are written below it
 */
export async function openStartPage(root: string, options: StartPageOptions = {}): Promise<StartedPage> {
  const { open = true, ...place } = options
  const [{ openBrowser, startServer }, { startSessionWorker }, { openStartDesk }] = await Promise.all([
    import('@cleanbeam/server/node'),
    import('@cleanbeam/session/node'),
    import('../start/start-desk.ts'),
  ])
  let resolveFinished: (result: IcleanResult | PromiseLike<IcleanResult>) => void = () => {}
  const finished = new Promise<IcleanResult>(resolve => {
    resolveFinished = resolve
  })
  const begin = async (parameters: GcleanInput) => {
    const session = await startSessionWorker(new URL('./session-worker.js', import.meta.url), { parameters })
    resolveFinished(session.finished)
    return session
  }
  const server = await startServer({
    desk: openStartDesk(root, begin),
    pageDir: fileURLToPath(new URL('./page', import.meta.url)),
    ...place,
  })
  const opened = open && (await openBrowser(server.url))
  return { url: server.url, opened, finished, close: () => server.close() }
}
