import { ChannelError } from './channel-error.ts'
import { Inbox } from './inbox.ts'
import type { Transport } from './transport.ts'

/** The part of a WebSocket that browsers' and the ws package's have in common. */
export interface WebSocketLike {
  binaryType: string
  readonly readyState: number
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void
}

const CONNECTING = 0
const OPEN = 1
const NORMAL_CLOSURE = 1000
/** A close frame's reason holds 123 bytes; ours are ASCII or nearly so. */
const MAX_REASON_LENGTH = 40

/** A transport over a WebSocket that is open or opening. */
export function webSocketTransport(socket: WebSocketLike): Transport {
  const messages = new Inbox<Uint8Array>()
  const closings = new Inbox<string>()
  let open = true
  const end = (reason: string) => {
    if (!open) return
    open = false
    closings.deliver(reason)
  }
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => {
    if (!open) return
    if (data instanceof ArrayBuffer) messages.deliver(new Uint8Array(data))
    else socket.close(1003, 'expected binary messages')
  })
  socket.addEventListener('error', () => end('connection failed'))
  socket.addEventListener('close', ({ code, reason }) => end(reason || `connection closed (${code})`))
  return {
    send(bytes) {
      if (open && socket.readyState === OPEN) socket.send(bytes)
    },
    onMessage: handler => messages.listen(handler),
    onClose: handler => closings.listen(handler),
    close(reason = 'closed') {
      end(reason)
      socket.close(NORMAL_CLOSURE, reason.slice(0, MAX_REASON_LENGTH))
    },
  }
}

/**
 * Waits until a WebSocket is open.
 * @throws ChannelError when it closes instead
 */
export function openedWebSocket(socket: WebSocketLike): Promise<Transport> {
  const transport = webSocketTransport(socket)
  if (socket.readyState === OPEN) return Promise.resolve(transport)
  return new Promise((resolve, reject) => {
    if (socket.readyState === CONNECTING) socket.addEventListener('open', () => resolve(transport))
    transport.onClose(reason => reject(new ChannelError(`expected a connection, got: ${reason} (WebSocket)`)))
  })
}
