import type { Transport } from './transport.ts'

/** Passes messages between two transports, both ways, until one closes; then the other is closed too. */
export function relay(a: Transport, b: Transport): void {
  forward(a, b)
  forward(b, a)
}

function forward(from: Transport, to: Transport): void {
  from.onClose(reason => to.close(reason))
  from.onMessage(bytes => {
    const whole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength
    to.send(whole ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice())
  })
}
