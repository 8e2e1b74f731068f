import type { Transport } from '@cleanbeam/channel'

const HELLO = 1
const NAMES = ['', 'hello', 'welcome', 'refused'] as const
const HEAD_BYTES = 16
const LAYOUT = 1

/** The answer to a greeting: its type and its JSON. */
export interface GreetingAnswer {
  readonly type: string
  readonly [field: string]: unknown
}

/** Greets with the protocol versions given, by the bytes of channel/README.md, and waits for the answer. */
export function greetWith(
  transport: Transport,
  versions: readonly number[],
): Promise<GreetingAnswer & { message: string }> {
  const hello = { versions, channelId: crypto.randomUUID(), epoch: 0, received: [0, 0] }
  const payload = new TextEncoder().encode(JSON.stringify(hello))
  const packet = new Uint8Array(HEAD_BYTES + payload.byteLength)
  packet[0] = HELLO
  packet[3] = LAYOUT
  packet.set(payload, HEAD_BYTES)
  return new Promise((resolve, reject) => {
    transport.onMessage(bytes => {
      const content = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_BYTES))) as { message: string }
      resolve({ type: NAMES[bytes[0]] ?? String(bytes[0]), ...content })
      transport.close()
    })
    transport.onClose(reason => reject(new Error(`expected an answer, got: ${reason}`)))
    transport.send(packet)
  })
}
