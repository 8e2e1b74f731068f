import type { Dealer, Subscriber } from 'zeromq'
import type { KernelLink } from '../kernel-link.ts'
import type { KernelChannel, KernelMessage } from '../kernel-message.ts'
import { decodeMultipart, encodeMultipart, type MessageSigner } from '../kernel-multipart.ts'
import { type ConnectionInfo, endpointOf } from './connection-info.ts'
import { loadZeromq, type Zeromq } from './load-zeromq.ts'
import { hmacSigner } from './message-signer.ts'
import { SendQueue } from './send-queue.ts'

const DEALERS = ['shell', 'control', 'stdin'] as const

/** 0: no limit; a full queue would drop messages on iopub and block on the others. */
const NO_LIMIT = { receiveHighWaterMark: 0 }
const RECONNECT = { linger: 0, reconnectInterval: 50, reconnectMaxInterval: 500 }

/**
 * A kernel's ZeroMQ sockets. They connect by themselves, now and whenever the kernel comes back at the same address.
 * @throws JupyterError without the package zeromq, or for addresses that are refused
 */
export async function openSocketLink(connection: ConnectionInfo): Promise<KernelLink> {
  return new SocketLink(await loadZeromq(), connection)
}

class SocketLink implements KernelLink {
  readonly #zeromq: Zeromq
  readonly #connection: ConnectionInfo
  readonly #signer: MessageSigner
  readonly #sockets: readonly (Dealer | Subscriber)[]
  readonly #queues: Record<(typeof DEALERS)[number], SendQueue>
  #receive: (channel: KernelChannel, message: KernelMessage) => void = () => {}
  #closed: (reason: string) => void = () => {}
  #open = true

  constructor(zeromq: Zeromq, connection: ConnectionInfo) {
    this.#zeromq = zeromq
    this.#connection = connection
    this.#signer = hmacSigner(connection.key)
    // stdin is routed by the identity that shell used: all of a client's sockets carry the same.
    const routingId = crypto.randomUUID()
    const [shell, control, stdin] = DEALERS.map(name => {
      const socket = new zeromq.Dealer({ ...RECONNECT, ...NO_LIMIT, sendHighWaterMark: 0, routingId })
      socket.connect(endpointOf(connection, name))
      void this.#read(name, socket)
      return socket
    })
    const iopub = new zeromq.Subscriber({ ...RECONNECT, ...NO_LIMIT })
    iopub.connect(endpointOf(connection, 'iopub'))
    iopub.subscribe('')
    void this.#read('iopub', iopub)
    this.#sockets = [shell, control, stdin, iopub]
    this.#queues = { shell: new SendQueue(shell), control: new SendQueue(control), stdin: new SendQueue(stdin) }
  }

  send(channel: KernelChannel, message: KernelMessage): void {
    if (!this.#open || channel === 'iopub') return
    this.#queues[channel].send(encodeMultipart({ identities: [], message }, this.#signer))
  }

  onMessage(handler: (channel: KernelChannel, message: KernelMessage) => void): void {
    this.#receive = handler
  }

  onClose(handler: (reason: string) => void): void {
    this.#closed = handler
  }

  readonly beat = async (timeoutMs: number): Promise<number | null> => {
    const socket = new this.#zeromq.Request({ ...RECONNECT, receiveTimeout: timeoutMs, sendTimeout: timeoutMs })
    const startMs = performance.now()
    try {
      socket.connect(endpointOf(this.#connection, 'hb'))
      await socket.send('beat')
      await socket.receive()
      return performance.now() - startMs
    } catch {
      return null
    } finally {
      socket.close()
    }
  }

  close(reason = 'closed'): void {
    if (!this.#open) return
    this.#open = false
    for (const queue of Object.values(this.#queues)) queue.close()
    for (const socket of this.#sockets) socket.close()
    this.#closed(reason)
  }

  async #read(channel: KernelChannel, socket: Dealer | Subscriber): Promise<void> {
    try {
      for await (const frames of socket) this.#deliver(channel, frames)
    } catch (error) {
      this.close(error instanceof Error ? error.message : String(error))
    }
  }

  #deliver(channel: KernelChannel, frames: Uint8Array[]): void {
    if (!this.#open) return
    let message: KernelMessage
    try {
      message = decodeMultipart(frames, this.#signer).message
    } catch {
      // Not from our kernel, or not whole: whoever waits for it runs into its own time limit, nobody else is disturbed.
      return
    }
    this.#receive(channel, message)
  }
}
