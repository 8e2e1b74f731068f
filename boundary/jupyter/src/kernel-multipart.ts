// Kernel messages as parts of a ZeroMQ message: identities, delimiter, signature, four JSON parts, buffers.
// Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
import { JupyterError } from './jupyter-error.ts'
import type { KernelMessage } from './kernel-message.ts'
import { decodeParts, encodeParts } from './kernel-parts.ts'

const DELIMITER = new TextEncoder().encode('<IDS|MSG>')
const N_JSON_PARTS = 4

/** Signs and checks the JSON parts of a message with the key of the connection. */
export interface MessageSigner {
  /** Lower-case hexadecimal digits; '' when the connection has no key. */
  sign(parts: readonly Uint8Array[]): string
  /** Compares in a time that tells nothing. */
  isSignature(signature: string, parts: readonly Uint8Array[]): boolean
}

/** A message with the identities that route it through a kernel's sockets. */
export interface RoutedMessage {
  readonly identities: readonly Uint8Array[]
  readonly message: KernelMessage
}

export function encodeMultipart({ identities, message }: RoutedMessage, signer: MessageSigner): Uint8Array[] {
  const parts = encodeParts(message)
  const signature = new TextEncoder().encode(signer.sign(parts))
  return [...identities, DELIMITER, signature, ...parts, ...message.buffers]
}

/** @throws JupyterError without delimiter, with a wrong signature, or for parts that are no kernel message */
export function decodeMultipart(frames: readonly Uint8Array[], signer: MessageSigner): RoutedMessage {
  const delimiter = frames.findIndex(isDelimiter)
  const parts = frames.slice(delimiter + 2, delimiter + 2 + N_JSON_PARTS)
  if (delimiter < 0 || parts.length < N_JSON_PARTS) {
    throw new JupyterError(
      `expected <IDS|MSG>, a signature and four parts, got ${frames.length} frames (kernel socket)`,
    )
  }
  if (!signer.isSignature(new TextDecoder().decode(frames[delimiter + 1]), parts)) {
    throw new JupyterError('expected a message signed with the key of this connection, got another (kernel socket)')
  }
  const buffers = frames.slice(delimiter + 2 + N_JSON_PARTS)
  return { identities: frames.slice(0, delimiter), message: decodeParts(parts, buffers, 'kernel socket') }
}

const isDelimiter = (frame: Uint8Array): boolean =>
  frame.byteLength === DELIMITER.byteLength && frame.every((byte, i) => byte === DELIMITER[i])
