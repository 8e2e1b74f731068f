import { fileURLToPath } from 'node:url'
import type { RemoteHost, RemoteSession, SshAsker } from '@cleanbeam/jupyter/node'
import type { HostParameters } from './host-path.ts'
import type { IcleanOptions, IcleanSession } from './iclean.ts'
import { localPackage } from './local-package.ts'
import { leaveRemote, remoteResult } from './remote-backend.ts'

/** The built page, beside the program. */
const PAGE = fileURLToPath(new URL('./page', import.meta.url))

/** How a session on another host is reached and what it runs. */
export interface RemoteIcleanOptions extends IcleanOptions {
  /** Answers ssh's questions: passwords, passphrases, unknown host keys. Without it they are declined. */
  readonly ask?: SshAsker
  /** Words before the session's command on the host, such as ['srun', '-u']: it runs on a compute node. */
  readonly via?: readonly string[]
  /** 'kernel': through a Jupyter kernel on the host, which needs zeromq on both sides. */
  readonly route?: 'kernel'
  /** Puts Cleanbeam on the host when it is not there; default: only when an older one is. */
  readonly install?: boolean
  readonly onNotice?: (text: string) => void
}

/** An interactive clean whose session runs on another host. */
export interface RemoteIcleanSession extends IcleanSession {
  readonly host: string
  /** By which it is attached to; null when it ends with this program. */
  readonly sessionId: string | null
  /** Where images are written on the host, without suffix. */
  readonly imagename: string
  /** Ends the session on the host; `close` leaves an unfinished one running there. */
  stop(): Promise<void>
}

/**
 * Opens interactive clean of data on another host, over the user's own ssh.
 * @throws JupyterError when the host cannot be reached or lacks something; ParameterError for parameters it refuses
 */
export async function icleanRemote(
  { host, parameters }: HostParameters,
  options: RemoteIcleanOptions = {},
): Promise<RemoteIcleanSession> {
  const { startRemoteSession } = await import('@cleanbeam/jupyter/node')
  const remote = await openReadyHost(host, options)
  try {
    const { engine = 'native', format, via, route, onNotice } = options
    if (remote.facts.node === null) return await serveCasaOnHost(remote, parameters, options)
    const settings = { parameters: parameters as Record<string, never>, engine, format }
    const session = await startRemoteSession(remote, settings, { via, route, onNotice })
    return await serveRemote(remote, session, options)
  } catch (error) {
    await remote.close()
    throw error
  }
}

/** Goes on with a session that runs on a host. */
export async function attachRemote(
  host: string,
  id: string,
  options: RemoteIcleanOptions,
): Promise<RemoteIcleanSession> {
  const { attachRemoteSession } = await import('@cleanbeam/jupyter/node')
  const remote = await openReadyHost(host, options)
  try {
    return await serveRemote(remote, await attachRemoteSession(remote, id, options), options)
  } catch (error) {
    await remote.close()
    throw error
  }
}

/** @throws JupyterError naming everything that is missing, with what to do about it */
async function openReadyHost(host: string, options: RemoteIcleanOptions): Promise<RemoteHost> {
  const { openRemoteHost, requireNoErrors } = await import('@cleanbeam/jupyter/node')
  const { ask, engine = 'native', onNotice = () => {} } = options
  const remote = await openRemoteHost(host, localPackage(), { ask })
  try {
    if (engine === 'casa' && remote.facts.node === null) {
      const findings = remote.findings({ engine }, false)
      requireNoErrors(findings.filter(({ what }) => what === 'casa' || what === 'python'))
      onNotice(`${host} has CASA but no Node.js: gclean runs here and CASA there; keep this program running`)
      return remote
    }
    const mayInstall = options.install ?? remote.facts.packages.length > 0
    const findings = remote.findings({ engine }, !mayInstall)
    for (const { level, message } of findings) if (level === 'warning') onNotice(message)
    requireNoErrors(findings)
    const { sentBytes } = await remote.install()
    if (sentBytes > 0) onNotice(`Cleanbeam ${remote.files.id} put on ${host} (${(sentBytes / 1e6).toFixed(1)} MB)`)
    return remote
  } catch (error) {
    await remote.close()
    throw error
  }
}

/** gclean here, CASA there: ends with this program. */
async function serveCasaOnHost(
  remote: RemoteHost,
  parameters: HostParameters['parameters'],
  { port, open = true }: RemoteIcleanOptions,
): Promise<RemoteIcleanSession> {
  const [{ openBrowser, startServer }, { openCasaSessionOnHost }] = await Promise.all([
    import('@cleanbeam/server/node'),
    import('./casa-on-host.ts'),
  ])
  const session = await openCasaSessionOnHost(remote, parameters)
  const close = () => session.close().finally(() => remote.close())
  const server = await startServer({ session: { connect: session.connect, close }, pageDir: PAGE, port })
  return {
    url: server.url,
    opened: open && (await openBrowser(server.url)),
    finished: session.finished,
    host: remote.ssh.host,
    sessionId: null,
    imagename: String(parameters.imagename),
    close: () => server.close(),
    stop: () => server.close(),
  }
}

async function serveRemote(
  remote: RemoteHost,
  session: RemoteSession,
  { port, open = true }: RemoteIcleanOptions,
): Promise<RemoteIcleanSession> {
  const { openBrowser, startServer } = await import('@cleanbeam/server/node')
  let isFinished = false
  const server = await startServer({
    session: { connect: () => session.connect(), close: () => leaveRemote(remote, session, isFinished) },
    pageDir: PAGE,
    port,
  })
  const finished = remoteResult(session, server.client).then(result => {
    isFinished = true
    return result
  })
  // Whoever asks for the result hears of a failure; nobody needs to.
  finished.catch(() => {})
  const { imagename } = (await server.client.call('session.snapshot', {})).fields[0]
  const opened = open && (await openBrowser(server.url))
  return {
    url: server.url,
    opened,
    finished,
    host: remote.ssh.host,
    sessionId: session.id,
    imagename,
    close: () => server.close(),
    async stop() {
      await session.stop()
      await server.close()
    },
  }
}
