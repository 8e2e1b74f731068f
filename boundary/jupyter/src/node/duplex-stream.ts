import type { Readable, Writable } from 'node:stream'
import type { ByteStream } from '../stream-transport.ts'

/** A readable and a writable stream of Node as one byte stream. */
export function byteStreamOf(input: Readable, output: Writable): ByteStream {
  let ended = false
  let onEnd: (reason: string) => void = () => {}
  const end = (reason: string) => {
    if (ended) return
    ended = true
    onEnd(reason)
  }
  input.on('end', () => end('the other side ended its output'))
  input.on('close', () => end('the stream was closed'))
  input.on('error', error => end(error.message))
  output.on('error', error => end(error.message))
  return {
    write(bytes) {
      if (output.writable) output.write(bytes)
    },
    onBytes(handler) {
      input.on('data', (chunk: Uint8Array) => handler(chunk))
    },
    onEnd(handler) {
      onEnd = handler
    },
    close() {
      output.end()
      input.destroy()
    },
  }
}
