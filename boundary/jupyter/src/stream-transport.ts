import { Inbox, type Transport } from '@cleanbeam/channel'
import { frameForStream, STREAM_MARKER, StreamReader } from './stream-framing.ts'

/** Channels send pieces of 256 KiB; nothing longer comes. */
const MAX_MESSAGE_BYTES = 2 * 1024 * 1024

/** A pair of byte streams: a process's standard input and output, a socket. */
export interface ByteStream {
  write(bytes: Uint8Array<ArrayBuffer>): void
  onBytes(handler: (bytes: Uint8Array) => void): void
  /** Called once, with what is known about why. */
  onEnd(handler: (reason: string) => void): void
  close(): void
}

/** A transport over a stream of bytes. Both sides send a marker first, so that greetings of shells do no harm. */
export function streamTransport(stream: ByteStream): Transport {
  const messages = new Inbox<Uint8Array>()
  const closings = new Inbox<string>()
  const reader = new StreamReader(MAX_MESSAGE_BYTES)
  let open = true
  const end = (reason: string) => {
    if (!open) return
    open = false
    stream.close()
    const noise = reader.noise
    closings.deliver(noise === '' ? reason : `${reason}: ${noise.slice(-500)}`)
  }
  stream.onBytes(bytes => {
    if (!open) return
    try {
      for (const message of reader.take(bytes)) messages.deliver(message)
    } catch (error) {
      end(error instanceof Error ? error.message : String(error))
    }
  })
  stream.onEnd(end)
  stream.write(STREAM_MARKER.slice())
  return {
    send(bytes) {
      if (open) stream.write(frameForStream(bytes))
    },
    onMessage: handler => messages.listen(handler),
    onClose: handler => closings.listen(handler),
    close: (reason = 'closed') => end(reason),
  }
}
