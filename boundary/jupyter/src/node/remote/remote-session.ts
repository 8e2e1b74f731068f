// A session on another host, as the server of this one needs it. Two ways lead to it: its unix socket forwarded inside the
// ssh connection, or, where forwarding is not allowed and on compute nodes, a program there that passes on what comes over
// its standard input and output.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { refuseConnection, type Transport } from '@cleanbeam/channel'
import { errorBodySchema, errorFromBody } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import { JupyterError } from '../../jupyter-error.ts'
import { streamTransport } from '../../stream-transport.ts'
import { byteStreamOf } from '../duplex-stream.ts'
import type { AgentRequest, SessionSettingsOnHost } from './agent-requests.ts'
import { deferredTransport } from './deferred-transport.ts'
import { attachKernelRouteSession, type LocatedSession, startKernelRouteSession } from './kernel-route-session.ts'
import type { RemoteHost } from './remote-host.ts'
import type { RemoteSession, RemoteSessionOptions, Route } from './remote-session-options.ts'
import type { SessionStatus } from './session-registry.ts'

const ID_BYTES = 6
const OPENING_MS = 620_000
/** Within this time the session's first bytes arrive over a connection that works. */
const ANSWER_MS = 4000

/**
 * Starts a session on a host.
 * @throws the session's own error when its parameters are refused; JupyterError when it cannot start
 */
export async function startRemoteSession(
  host: RemoteHost,
  settings: SessionSettingsOnHost,
  options: RemoteSessionOptions = {},
): Promise<RemoteSession> {
  const { via = [] } = options
  if (options.route === 'kernel') {
    if (via.length === 0) return startKernelRouteSession(host, settings, options)
    throw new JupyterError(
      'expected no --via with the kernel route, got both: sockets of compute nodes are out of reach',
    )
  }
  const id = randomBytes(ID_BYTES).toString('hex')
  const packageId = host.files.id
  const request: AgentRequest = { op: 'start', id, packageId, settings, via: [...via] }
  const opening = await host.ask<JsonObject>(request, OPENING_MS)
  if (opening.error !== undefined) throw errorFromBody(errorBodySchema.parse(opening.error))
  return attachRemoteSession(host, id, options)
}

/**
 * Goes on with a session that runs on a host.
 * @throws JupyterError when there is no such session
 */
export async function attachRemoteSession(
  host: RemoteHost,
  id: string,
  options: RemoteSessionOptions = {},
): Promise<RemoteSession> {
  const status = await host.ask<LocatedSession>({ op: 'status', id })
  if (!status.alive)
    throw new JupyterError(`expected a running session on ${host.ssh.host}, got ${id}, which has ended`)
  if (status.kernel !== null) return attachKernelRouteSession(host, status, options)
  return new SocketRouteSession(host, status, options)
}

/** A session with a process of its own. */
class SocketRouteSession implements RemoteSession {
  readonly host: RemoteHost
  readonly status: SessionStatus
  readonly #remoteSocket: string
  readonly #localSocket: string
  readonly #options: RemoteSessionOptions
  #route: Route
  /** Process number of the ssh that carries the forwarded socket. */
  #forwardedBy: number | null = null
  #forwarding: Promise<void> | null = null
  #connected = false

  constructor(host: RemoteHost, status: SessionStatus & { socket: string }, options: RemoteSessionOptions) {
    this.host = host
    this.status = status
    this.#options = options
    this.#remoteSocket = status.socket
    this.#localSocket = join(host.ssh.folder, `s-${status.id}`)
    this.#route = status.reach.length === 0 ? 'socket' : 'bridge'
  }

  get id(): string {
    return this.status.id
  }

  /** The way new connections take. */
  get route(): Route {
    return this.#route
  }

  /** A new connection to the session; the ssh connection is made again when it has been lost. */
  connect(): Transport {
    return deferredTransport(this.dial())
  }

  /** As `connect`, once it stands. */
  async dial(): Promise<Transport> {
    const { ssh } = this.host
    const lost = this.#connected && ssh.pid === null
    if (lost) this.#tell(`connection to ${ssh.host} lost; connecting again (the session goes on there)`)
    await ssh.ensure()
    if (lost) this.#tell(`connected to ${ssh.host} again`)
    const transport = this.#route === 'socket' ? await this.#dialSocket() : await this.#dialBridge()
    this.#connected = true
    return transport
  }

  /** The result, once the session is finished; null before. */
  result(): Promise<JsonObject | null> {
    return this.host.ask({ op: 'result', id: this.id })
  }

  /** Ends the session on the host; its products are complete on disk when this resolves. */
  async stop(): Promise<void> {
    await this.host.stop(this.id)
  }

  async #dialSocket(): Promise<Transport> {
    await this.#ensureForward()
    try {
      return await openedSocket(this.#localSocket)
    } catch (error) {
      const { ssh } = this.host
      await ssh.dropIfSilent()
      if (ssh.pid === null) throw error
      if (!(await this.#isAlive())) {
        return refuseConnection(
          `the session on ${ssh.host} has ended (its process was killed, or the host was restarted): start it again with the same parameters, it goes on from the last complete step`,
        )
      }
      this.#route = 'bridge'
      this.#tell(`${ssh.host} allows no forwarding: messages go through a program there instead`)
      return this.#dialBridge()
    }
  }

  async #isAlive(): Promise<boolean> {
    const status = await this.host.ask<SessionStatus>({ op: 'status', id: this.id }).catch(() => null)
    return status?.alive === true
  }

  #dialBridge(): Promise<Transport> {
    return this.host.ssh.stream(this.host.command('bridge', this.id))
  }

  #ensureForward(): Promise<void> {
    const { ssh } = this.host
    if (this.#forwarding === null || this.#forwardedBy !== ssh.pid) {
      this.#forwardedBy = ssh.pid
      this.#forwarding = ssh.forward(this.#localSocket, this.#remoteSocket)
      this.#forwarding.catch(() => {
        this.#forwarding = null
      })
    }
    return this.#forwarding
  }

  #tell(text: string): void {
    this.#options.onNotice?.(text)
  }
}

/** A refusal by the host shows only when the socket is used: wait for the session's first bytes. */
async function openedSocket(path: string): Promise<Transport> {
  const socket = createConnection(path)
  try {
    // The end of the stream makes it readable too, with nothing to read.
    await once(socket, 'readable', { signal: AbortSignal.timeout(ANSWER_MS) })
    if (socket.readableLength === 0) throw new Error('the end of the connection')
    return streamTransport(byteStreamOf(socket, socket))
  } catch (cause) {
    socket.destroy()
    throw new JupyterError(`expected the session's greeting, got: ${(cause as Error).message} (${path})`, {}, cause)
  }
}
