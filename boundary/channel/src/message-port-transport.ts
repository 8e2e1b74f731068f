import { Inbox } from './inbox.ts'
import type { Transport } from './transport.ts'

/** The part of a MessagePort that browsers' and Node's have in common. */
export interface MessagePortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void
  onmessage: ((event: { data: unknown }) => void) | null
  close(): void
  start?(): void
}

/**
 * A transport over a message port; bytes are handed over, not copied. Ports do not tell in every browser when the other
 * end is gone, so closing says so first.
 */
export function messagePortTransport(port: MessagePortLike): Transport {
  const messages = new Inbox<Uint8Array>()
  const closings = new Inbox<string>()
  let open = true
  const end = (reason: string) => {
    if (!open) return
    open = false
    port.close()
    closings.deliver(reason)
  }
  port.onmessage = ({ data }) => {
    if (!open) return
    if (data instanceof Uint8Array) messages.deliver(data)
    else if (typeof data === 'string') end(data)
  }
  if ('addEventListener' in port && typeof port.addEventListener === 'function') {
    port.addEventListener('close', () => end('port closed'))
  }
  port.start?.()
  return {
    send(bytes) {
      if (!open) return
      const whole = bytes.byteLength === bytes.buffer.byteLength
      port.postMessage(bytes, whole ? [bytes.buffer] : [])
    },
    onMessage: handler => messages.listen(handler),
    onClose: handler => closings.listen(handler),
    close(reason = 'closed') {
      if (open) port.postMessage(reason, [])
      end(reason)
    },
  }
}
