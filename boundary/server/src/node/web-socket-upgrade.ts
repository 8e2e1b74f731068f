import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { relay, webSocketTransport } from '@cleanbeam/channel'
import { type WebSocket, WebSocketServer } from 'ws'
import { type AccessRules, type Refusal, type RequestClaims, refuseForeign, refuseUnauthorised } from '../access.ts'
import { refusalJson } from '../refusal-page.ts'
import type { SessionBackend } from '../session-backend.ts'

/** Channels send pieces of 256 KiB; nothing longer comes from a client of ours. */
const MAX_MESSAGE_BYTES = 2 * 1024 * 1024

export interface SocketGate {
  /** Closes every connection. */
  close(): void
}

/** Lets authorised WebSockets through to the session, once there is one; everybody else gets an HTTP answer that says why not. */
export function acceptSockets(
  server: Server,
  path: string,
  rules: AccessRules,
  session: () => SessionBackend | null,
): SocketGate {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_MESSAGE_BYTES })
  server.on('upgrade', (request, stream, head) => {
    const claims = claimsOf(request)
    const refusal = refuseForeign(claims, rules) ?? refuseUnauthorised(claims, rules) ?? refuseElsewhere(request, path)
    if (refusal !== null) {
      refuseUpgrade(stream, refusal)
      return
    }
    const backend = session()
    if (backend === null) refuseUpgrade(stream, NO_SESSION)
    else sockets.handleUpgrade(request, stream, head, socket => connect(socket, backend))
  })
  return {
    close() {
      for (const socket of sockets.clients) socket.close(1001, 'server closed')
      sockets.close()
    },
  }
}

function connect(socket: WebSocket, backend: SessionBackend): void {
  const transport = webSocketTransport(socket)
  relay(transport, backend.connect())
}

function claimsOf({ headers }: IncomingMessage): RequestClaims {
  return {
    host: headers.host,
    origin: headers.origin,
    cookie: headers.cookie,
    authorization: headers.authorization,
  }
}

type AnyRefusal = Omit<Refusal, 'status'> & { readonly status: 401 | 403 | 404 }

function refuseElsewhere({ url = '' }: IncomingMessage, path: string): AnyRefusal | null {
  if (new URL(url, 'http://localhost').pathname === path) return null
  return { status: 404, title: 'Not found', message: `expected a WebSocket to ${path}, got ${url}` }
}

const NO_SESSION = {
  status: 404,
  title: 'No session',
  message: 'expected a session, got none yet: choose data first',
} as const

const REASON_PHRASES = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found' } as const

function refuseUpgrade(stream: Duplex, refusal: AnyRefusal): void {
  const body = Buffer.from(JSON.stringify(refusalJson(refusal)))
  const head = [
    `HTTP/1.1 ${refusal.status} ${REASON_PHRASES[refusal.status]}`,
    'Content-Type: application/json',
    `Content-Length: ${body.byteLength}`,
    'Cache-Control: no-store',
    'Connection: close',
  ]
  stream.on('error', () => stream.destroy())
  stream.end(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
}
