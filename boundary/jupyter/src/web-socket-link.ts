import type { KernelLink } from './kernel-link.ts'
import { decodeKernelWebSocket, encodeKernelWebSocket } from './kernel-websocket.ts'

/** The part of a WebSocket that browsers' and the ws package's have in common. */
export interface KernelSocket {
  binaryType: string
  readonly readyState: number
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
  addEventListener(type: 'open' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void
}

const CONNECTING = 0
const OPEN = 1

/**
 * A kernel's messages over a Jupyter server's WebSocket: `<server>api/kernels/<id>/channels`, subprotocol
 * `KERNEL_SUBPROTOCOL`. The server signs; a token or cookie has let the socket in.
 * @param socket - open or opening; what is sent before it is open waits
 */
export function webSocketLink(socket: KernelSocket): KernelLink {
  socket.binaryType = 'arraybuffer'
  const waiting: Uint8Array<ArrayBuffer>[] = []
  let open = true
  let closed: (reason: string) => void = () => {}
  let receive: Parameters<KernelLink['onMessage']>[0] = () => {}
  const end = (reason: string) => {
    if (!open) return
    open = false
    closed(reason)
  }
  socket.addEventListener('open', () => {
    for (const bytes of waiting.splice(0)) socket.send(bytes)
  })
  socket.addEventListener('message', ({ data }) => {
    if (!open || !(data instanceof ArrayBuffer)) return
    try {
      const { channel, message } = decodeKernelWebSocket(new Uint8Array(data))
      receive(channel, message)
    } catch (error) {
      end(error instanceof Error ? error.message : String(error))
      socket.close()
    }
  })
  socket.addEventListener('error', () => end('the connection to the Jupyter server failed'))
  socket.addEventListener('close', ({ code, reason }) => end(reason || `the Jupyter server closed (${code})`))
  return {
    send(channel, message) {
      const bytes = encodeKernelWebSocket({ channel, message })
      if (open && socket.readyState === OPEN) socket.send(bytes)
      else if (open && socket.readyState === CONNECTING) waiting.push(bytes)
    },
    onMessage(handler) {
      receive = handler
    },
    onClose(handler) {
      closed = handler
    },
    close(reason = 'closed') {
      end(reason)
      socket.close()
    },
  }
}
