import type { JsonObject } from '@cleanbeam/types'
import type { Reply, Router, XPublisher } from 'zeromq'
import { JupyterError } from '../../jupyter-error.ts'
import { type KernelHeader, type KernelMessage, kernelRequest } from '../../kernel-message.ts'
import { decodeMultipart, encodeMultipart, type MessageSigner, type RoutedMessage } from '../../kernel-multipart.ts'
import { type ConnectionInfo, endpointOf } from '../connection-info.ts'
import { loadZeromq, type Zeromq } from '../load-zeromq.ts'
import { hmacSigner } from '../message-signer.ts'
import { SendQueue } from '../send-queue.ts'

const ROUTERS = ['shell', 'control', 'stdin'] as const
export type RequestChannel = (typeof ROUTERS)[number]

const MAX_SEEN = 65_536

/** First byte of a subscription that XPUB reports; 0 would be its end. */
const SUBSCRIBED = 1

/** The kernel's side of the five sockets. Messages with a wrong signature are not delivered. */
export interface KernelSockets {
  onRequest(handler: (channel: RequestChannel, request: RoutedMessage) => void): void
  /** Answers a request, or asks its sender (input_request, on stdin). @returns the message sent */
  send(channel: RequestChannel, to: RoutedMessage, type: string, content: JsonObject): KernelMessage
  /** To all clients, on iopub; `parent` is the request it belongs to. */
  publish(parent: KernelHeader | null, type: string, content: JsonObject, more?: PublishOptions): void
  /** Resolves when everything sent so far has left. */
  flushed(): Promise<void>
  close(): void
}

export interface PublishOptions {
  readonly metadata?: JsonObject
  readonly buffers?: readonly Uint8Array[]
}

/**
 * Binds the sockets of a connection.
 * @throws JupyterError for a connection without a key: whoever reached the sockets could run code; for an address that is
 * not of this machine, or taken
 */
export async function bindKernelSockets(connection: ConnectionInfo): Promise<KernelSockets> {
  if (connection.key === '') {
    throw new JupyterError('expected a key in the connection file, got none: a kernel without one would obey anybody')
  }
  const sockets = new BoundSockets(await loadZeromq(), connection)
  try {
    await sockets.bind(connection)
  } catch (cause) {
    sockets.close()
    if (cause instanceof JupyterError) throw cause
    throw new JupyterError(`expected to bind the kernel's sockets, got: ${(cause as Error).message}`, {}, cause)
  }
  return sockets
}

class BoundSockets implements KernelSockets {
  readonly #signer: MessageSigner
  readonly #session = crypto.randomUUID()
  /** Ids of the last requests. */
  readonly #seen = new Set<string>()
  readonly #routers: Record<RequestChannel, Router>
  readonly #iopub: XPublisher
  readonly #heartbeat: Reply
  readonly #queues: Record<RequestChannel | 'iopub', SendQueue>
  #handler: (channel: RequestChannel, request: RoutedMessage) => void = () => {}

  constructor(zeromq: Zeromq, { key }: ConnectionInfo) {
    this.#signer = hmacSigner(key)
    const router = () => new zeromq.Router({ linger: 500, sendHighWaterMark: 0, receiveHighWaterMark: 0 })
    this.#routers = { shell: router(), control: router(), stdin: router() }
    this.#iopub = new zeromq.XPublisher({ linger: 500, sendHighWaterMark: 0, verbosity: 'allSubs' })
    this.#heartbeat = new zeromq.Reply({ linger: 0 })
    const { shell, control, stdin } = this.#routers
    this.#queues = {
      shell: new SendQueue(shell),
      control: new SendQueue(control),
      stdin: new SendQueue(stdin),
      iopub: new SendQueue(this.#iopub),
    }
  }

  async bind(connection: ConnectionInfo): Promise<void> {
    for (const name of ROUTERS) await this.#routers[name].bind(endpointOf(connection, name))
    await this.#iopub.bind(endpointOf(connection, 'iopub'))
    await this.#heartbeat.bind(endpointOf(connection, 'hb'))
    for (const name of ROUTERS) void this.#read(name, this.#routers[name])
    void this.#echo()
    void this.#welcome()
  }

  onRequest(handler: (channel: RequestChannel, request: RoutedMessage) => void): void {
    this.#handler = handler
  }

  send(channel: RequestChannel, to: RoutedMessage, type: string, content: JsonObject): KernelMessage {
    const message = this.#message(to.message.header, type, content)
    this.#queues[channel].send(encodeMultipart({ identities: to.identities, message }, this.#signer))
    return message
  }

  publish(parent: KernelHeader | null, type: string, content: JsonObject, more: PublishOptions = {}): void {
    const topic = new TextEncoder().encode(`kernel.${type}`)
    const message = { ...this.#message(parent, type, content), ...more }
    this.#queues.iopub.send(encodeMultipart({ identities: [topic], message }, this.#signer))
  }

  async flushed(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map(queue => queue.flushed()))
  }

  close(): void {
    for (const queue of Object.values(this.#queues)) queue.close()
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) socket.close()
  }

  #message(parent: KernelHeader | null, type: string, content: JsonObject): KernelMessage {
    return { ...kernelRequest(this.#session, type, content), parent_header: parent ?? {} }
  }

  async #read(channel: RequestChannel, socket: Router): Promise<void> {
    for await (const frames of socket) {
      let request: RoutedMessage
      try {
        request = decodeMultipart(frames, this.#signer)
      } catch {
        // Forged or garbled. An answer would tell a stranger what we are.
        continue
      }
      if (!this.#isFirst(request.message.header.msg_id)) continue
      this.#handler(channel, request)
    }
  }

  /** A signed message that was overheard and sent again is not carried out again. */
  #isFirst(messageId: string): boolean {
    if (this.#seen.has(messageId)) return false
    this.#seen.add(messageId)
    if (this.#seen.size > MAX_SEEN)
      for (const oldest of [...this.#seen].slice(0, MAX_SEEN / 2)) this.#seen.delete(oldest)
    return true
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames)
  }

  /** Tells a client that its subscription works from here on. */
  async #welcome(): Promise<void> {
    for await (const [frame] of this.#iopub) {
      if (frame[0] !== SUBSCRIBED) continue
      this.publish(null, 'iopub_welcome', { subscription: new TextDecoder().decode(frame.subarray(1)) })
    }
  }
}
