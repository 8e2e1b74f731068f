import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SessionClient } from '@cleanbeam/protocol'
import { createAdaptorServer } from '@hono/node-server'
import type { AccessRules } from '../access.ts'
import type { IdentityProvider } from '../identity.ts'
import { ServerError } from '../server-error.ts'
import type { SessionBackend } from '../session-backend.ts'
import type { StartDesk } from '../start-desk.ts'
import { createRoutes } from './routes.ts'
import { newSecret, secretMatcher } from './secrets.ts'
import { SessionPlace } from './session-place.ts'
import { acceptSockets } from './web-socket-upgrade.ts'

export interface ServerOptions {
  /** The session; left out: it begins from the start page, with `desk`. */
  readonly session?: SessionBackend
  /** What the start page works with until a session has begun. */
  readonly desk?: StartDesk
  /** Folder with index.html and its assets; left out: programs only. */
  readonly pageDir?: string
  /** Address to listen on; default 127.0.0.1: nobody else on the network gets in. */
  readonly host?: string
  /** Default: any free port. */
  readonly port?: number
  /** Path the server appears under behind a reverse proxy; default '/'. */
  readonly basePath?: string
  /** Origins under which a reverse proxy shows the page, such as 'https://hub.example.org'. */
  readonly publicOrigins?: readonly string[]
  /** Default: 256 random bits. */
  readonly token?: string
  /** A portal that knows the users; left out: whoever has the token is the user. */
  readonly identity?: IdentityProvider
}

export interface RunningServer {
  /** Address with the token: what to open or print. */
  readonly url: string
  /** Address without the token. */
  readonly address: string
  readonly port: number
  readonly token: string
  /** A client of the same session, within this process. @throws ServerError while there is none */
  readonly client: SessionClient
  /** Resolves when there is a session: at once, or when the start page has begun one. */
  readonly begun: Promise<SessionBackend>
  /** Ends connections, session and server in good order. */
  close(): Promise<void>
}

/**
 * Starts the server.
 * @throws ServerError when the port is taken or the address cannot be used
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { pageDir = null, host = '127.0.0.1', token = newSecret(), desk = null } = options
  const basePath = checkBasePath(options.basePath ?? '/')
  const place = new SessionPlace(options.session ?? null)
  const cookie = newSecret()
  // The rules name the port, which is known only after listening; nothing is answered before.
  const rules: { current: AccessRules | null } = { current: null }
  const server = createAdaptorServer({
    fetch: request => {
      if (rules.current === null) return new Response(null, { status: 503 })
      return routes(rules.current).fetch(request)
    },
  }) as Server
  let app: ReturnType<typeof createRoutes> | null = null
  const routes = (access: AccessRules) =>
    (app ??= createRoutes({
      basePath,
      pageDir,
      rules: access,
      cookie,
      place,
      desk,
      identity: options.identity ?? null,
    }))
  const port = await listen(server, host, options.port ?? 0)
  rules.current = accessRules(host, port, options.publicOrigins ?? [], token, cookie)
  const gate = acceptSockets(server, `${basePath}socket`, rules.current, () => place.session)
  const name = host.includes(':') ? `[${host}]` : host
  const address = `http://${name}:${port}${basePath}`
  let closing: Promise<void> | null = null
  return {
    url: `${address}?token=${token}`,
    address,
    port,
    token,
    get client() {
      return place.client
    },
    begun: place.begun,
    close: () => (closing ??= closeAll(server, gate, place)),
  }
}

async function closeAll(server: Server, gate: { close(): void }, place: SessionPlace): Promise<void> {
  await place.close()
  gate.close()
  await new Promise<void>(resolve => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 200).unref()
  })
}

function checkBasePath(path: string): string {
  if (/^\/([\w.~-]+\/)*$/.test(path)) return path
  throw new ServerError(`expected a base path such as / or /user/me/, got ${path} (basePath)`, { basePath: path })
}

function accessRules(
  host: string,
  port: number,
  publicOrigins: readonly string[],
  token: string,
  cookie: string,
): AccessRules {
  const names = ['127.0.0.1', '::1'].includes(host) ? ['127.0.0.1', 'localhost', '[::1]'] : [host.toLowerCase()]
  const own = names.map(name => `${name}:${port}`)
  return {
    hosts: [...own, ...publicOrigins.map(origin => new URL(origin).host)],
    origins: [...own.map(name => `http://${name}`), ...publicOrigins.map(origin => new URL(origin).origin)],
    // Cookies do not know ports: two servers on one machine keep theirs apart by name.
    cookieName: `cleanbeam-${port}`,
    isCookie: secretMatcher(cookie),
    isToken: secretMatcher(token),
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'it is in use: choose another --port or none' : cause.message
      reject(new ServerError(`expected to listen on ${host}:${port}, got: ${why}`, { host, port }, cause))
    })
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
