import { Inbox, type Transport } from '@cleanbeam/channel'

/** A transport that is still being made: what is sent waits for it, and its failure closes this one with the reason. */
export function deferredTransport(making: Promise<Transport>): Transport {
  const messages = new Inbox<Uint8Array>()
  const closings = new Inbox<string>()
  let open = true
  let made: Transport | null = null
  const waiting: Uint8Array<ArrayBuffer>[] = []
  const end = (reason: string) => {
    if (!open) return
    open = false
    closings.deliver(reason)
  }
  making.then(
    transport => {
      if (!open) return transport.close('closed')
      made = transport
      transport.onMessage(bytes => messages.deliver(bytes))
      transport.onClose(end)
      for (const bytes of waiting.splice(0)) transport.send(bytes)
    },
    error => end(error instanceof Error ? error.message : String(error)),
  )
  return {
    send(bytes) {
      if (!open) return
      if (made === null) waiting.push(bytes)
      else made.send(bytes)
    },
    onMessage: handler => messages.listen(handler),
    onClose: handler => closings.listen(handler),
    close(reason = 'closed') {
      made?.close(reason)
      end(reason)
    },
  }
}
