// A session inside a Jupyter kernel on another host: WebSocket messages become comm messages with binary buffers over the
// kernel's five sockets, forwarded inside the ssh connection.

import { randomBytes } from 'node:crypto'
import type { Transport } from '@cleanbeam/channel'
import type { JsonObject } from '@cleanbeam/types'
import { JupyterError } from '../../jupyter-error.ts'
import { attachKernelSession, type KernelSession, startKernelSession } from '../../kernel-session.ts'
import type { AgentRequest, SessionSettingsOnHost } from './agent-requests.ts'
import { deferredTransport } from './deferred-transport.ts'
import type { RemoteHost } from './remote-host.ts'
import { type ForwardedKernel, forwardKernel } from './remote-kernel.ts'
import type { RemoteSession, RemoteSessionOptions } from './remote-session-options.ts'
import type { SessionStatus } from './session-registry.ts'

const ID_BYTES = 6
const KEY_BYTES = 32
const START_MS = 120_000

/** What the agent says about where a session is. */
export type LocatedSession = SessionStatus & { readonly socket: string; readonly kernel: JsonObject | null }

/**
 * Starts our kernel on a host and a session in it.
 * @throws the session's own error when its parameters are refused; JupyterError when the kernel cannot start
 */
export async function startKernelRouteSession(
  host: RemoteHost,
  settings: SessionSettingsOnHost,
  options: RemoteSessionOptions = {},
): Promise<RemoteSession> {
  const id = randomBytes(ID_BYTES).toString('hex')
  const kernelKey = randomBytes(KEY_BYTES).toString('hex')
  const request: AgentRequest = { op: 'start', id, packageId: host.files.id, settings, via: [], kernelKey }
  await host.ask(request, START_MS)
  try {
    const status = await host.ask<LocatedSession>({ op: 'status', id })
    const kernel = await forwardKernel(host.ssh, id, status.kernel)
    const session = await startKernelSession(kernel.client, settings)
    await host.ask({ op: 'adopt', id, kernelSession: session.id })
    return new KernelRouteSession(host, status, kernel, session, options)
  } catch (error) {
    await host.stop(id).catch(() => {})
    throw error
  }
}

/** Goes on with a session in a kernel. @throws JupyterError when there is none */
export async function attachKernelRouteSession(
  host: RemoteHost,
  status: LocatedSession,
  options: RemoteSessionOptions = {},
): Promise<RemoteSession> {
  if (status.kernelSession === undefined) {
    throw new JupyterError(`expected a session in the kernel ${status.id} on ${host.ssh.host}, got none`)
  }
  const kernel = await forwardKernel(host.ssh, status.id, status.kernel)
  const session = await attachKernelSession(kernel.client, status.kernelSession)
  return new KernelRouteSession(host, status, kernel, session, options)
}

class KernelRouteSession implements RemoteSession {
  readonly route = 'kernel'
  readonly host: RemoteHost
  readonly status: SessionStatus
  readonly #kernel: ForwardedKernel
  readonly #session: KernelSession
  readonly #transports = new Set<Transport>()
  #result: JsonObject | null = null
  /** Resolves while the connection stands. */
  #standing: Promise<void> = Promise.resolve()

  constructor(
    host: RemoteHost,
    status: SessionStatus,
    kernel: ForwardedKernel,
    session: KernelSession,
    { onNotice = () => {} }: RemoteSessionOptions,
  ) {
    this.host = host
    this.status = status
    this.#kernel = kernel
    this.#session = session
    this.#listen(session)
    let stands: () => void = () => {}
    host.ssh.onLost(() => {
      onNotice(`connection to ${host.ssh.host} lost; connecting again (the session goes on there)`)
      this.#standing = new Promise(resolve => {
        stands = resolve
      })
      // What Jupyter loses meanwhile, the channel sends again over its next transport.
      for (const transport of [...this.#transports]) transport.close('the connection to the host is lost')
    })
    kernel.onReconnected(() => {
      onNotice(`connected to ${host.ssh.host} again`)
      stands()
      // What the kernel said about the end of the session may be among what was lost: it says it again.
      attachKernelSession(kernel.client, session.id).then(
        again => this.#listen(again),
        () => {},
      )
    })
  }

  get id(): string {
    return this.status.id
  }

  connect(): Transport {
    const transport = deferredTransport(this.#standing.then(() => this.#session.connect()))
    this.#transports.add(transport)
    const { onClose } = transport
    return {
      ...transport,
      onClose: handler =>
        onClose(reason => {
          this.#transports.delete(transport)
          handler(reason)
        }),
    }
  }

  /** The result, once the session is finished; null before. */
  async result(): Promise<JsonObject | null> {
    return this.#result
  }

  /** Ends session and kernel on the host; products are complete on disk when this resolves. */
  async stop(): Promise<void> {
    await this.#session.close()
    this.#kernel.detach()
    await this.host.stop(this.id)
  }

  #listen({ finished }: KernelSession): void {
    finished.then(
      result => {
        this.#result = result
      },
      () => {},
    )
  }
}
