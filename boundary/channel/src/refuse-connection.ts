import { SUPPORTED_VERSIONS } from '@cleanbeam/protocol'
import { encodeJsonPacket } from './handshake.ts'
import { Inbox } from './inbox.ts'
import type { Transport } from './transport.ts'

/** A connection to nobody: tells whoever greets why, finally, so that it does not try again. */
export function refuseConnection(message: string): Transport {
  const messages = new Inbox<Uint8Array>()
  const closings = new Inbox<string>()
  let open = true
  return {
    send() {
      if (!open) return
      messages.deliver(encodeJsonPacket('refused', { code: 'gone', message, versions: [...SUPPORTED_VERSIONS] }))
    },
    onMessage: handler => messages.listen(handler),
    onClose: handler => closings.listen(handler),
    close(reason = 'closed') {
      if (!open) return
      open = false
      closings.deliver(reason)
    },
  }
}
