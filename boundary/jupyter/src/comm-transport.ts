import { Inbox, type Transport } from '@cleanbeam/channel'
import type { JsonObject } from '@cleanbeam/types'

/** Name kernels register the session's comm under. */
export const COMM_TARGET = 'cleanbeam.session'

/** One comm of a kernel, on either side: in a notebook's widget, or over a kernel connection of ours. */
export interface Comm {
  send(data: JsonObject, buffers: readonly Uint8Array[]): void
  onMessage(handler: (data: JsonObject, buffers: readonly Uint8Array[]) => void): void
  onClose(handler: () => void): void
  close(): void
}

/**
 * A transport over a Jupyter comm: each message is one binary buffer. Jupyter may lose messages when a connection breaks;
 * the channel above notices by its numbers and asks for a new one.
 */
export function commTransport(comm: Comm): Transport {
  const messages = new Inbox<Uint8Array>()
  const closings = new Inbox<string>()
  let open = true
  const end = (reason: string) => {
    if (!open) return
    open = false
    closings.deliver(reason)
  }
  comm.onMessage((_data, buffers) => {
    for (const buffer of buffers) if (open) messages.deliver(buffer)
  })
  comm.onClose(() => end('the kernel closed the comm'))
  return {
    send(bytes) {
      if (open) comm.send({}, [bytes])
    },
    onMessage: handler => messages.listen(handler),
    onClose: handler => closings.listen(handler),
    close(reason = 'closed') {
      if (open) comm.close()
      end(reason)
    },
  }
}
