import type { IcleanSession } from '../api/iclean.ts'
import type { RemoteIcleanSession } from '../api/remote-iclean.ts'
import { CommandError } from './command-error.ts'
import { printJson, requireOutputFolder, writeJson } from './output.ts'

/** Options of every command that shows a session in the browser. */
export interface ServeOptions {
  readonly port?: string
  readonly open: boolean
  readonly json?: boolean
  readonly return?: string
  readonly format?: string
}

type AnySession = (IcleanSession & { readonly imagename?: string }) | RemoteIcleanSession

const isRemote = (session: AnySession): session is RemoteIcleanSession => 'sessionId' in session

/**
 * Opens a session, says where it is, and waits until it is finished or the process is asked to end.
 * @param imagename - for the message; a remote session says its own
 */
export async function serveIclean(
  options: ServeOptions,
  start: (settings: { readonly port: number | undefined; readonly open: boolean }) => Promise<AnySession>,
  imagename = '',
): Promise<void> {
  const port = portNumber(options.port)
  if (options.return) await requireOutputFolder('--return', options.return)
  const session = await start({ port, open: options.open })
  const { closeOnSignals } = await import('@cleanbeam/server/node')
  let interrupted = false
  closeOnSignals(() => {
    interrupted = true
    if (isRemote(session)) process.stderr.write(leavingText(session))
    return session.close()
  })
  if (options.json)
    printJson(isRemote(session) ? { url: session.url, session: session.sessionId } : { url: session.url })
  const hint = options.open && !session.opened ? ' (no browser could be started: open it by hand)' : ''
  const images = isRemote(session) ? `${session.host}:${session.imagename}` : imagename
  process.stderr.write(
    `interactive clean at ${session.url}${hint}\nimages in ${images}.*; end with Finish in the page or Ctrl-C here\n`,
  )
  const result = await session.finished.catch(async error => {
    if (interrupted) return null
    await session.close()
    throw error
  })
  if (result === null) return
  if (options.return) await writeJson(options.return, result.returndict)
  if (options.json) printJson(result)
  else process.stderr.write(`finished: ${Object.values(result.images).join(' ') || 'nothing restored'}\n`)
  await session.close()
}

function leavingText({ host, sessionId }: RemoteIcleanSession): string {
  if (sessionId === null) return ''
  return `the session goes on at ${host}: cleanbeam remote attach ${host} ${sessionId} opens it again, cleanbeam remote stop ${host} ${sessionId} ends it\n`
}

function portNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new CommandError(`expected a port number 0 to 65535, got '${text}' (--port)`, { port: text })
}
