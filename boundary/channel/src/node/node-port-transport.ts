import type { MessagePort } from 'node:worker_threads'
import { type MessagePortLike, messagePortTransport } from '../message-port-transport.ts'
import type { Transport } from '../transport.ts'

/** A transport over a port of worker_threads. */
export function nodePortTransport(port: MessagePort): Transport {
  // Node's ports have onmessage and addEventListener as browsers' do; its type declarations leave them out.
  return messagePortTransport(port as unknown as MessagePortLike)
}
