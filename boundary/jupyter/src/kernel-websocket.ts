// Kernel messages over a Jupyter server's WebSocket, subprotocol v1.kernel.websocket.jupyter.org: the number of offsets
// and the offsets themselves (u64, little-endian), then channel, four JSON parts and buffers end to end; offset i is
// where part i begins, the last one where the message ends.
// Source: https://jupyter-server.readthedocs.io/en/stable/developers/websocket-protocols.html
import { JupyterError } from './jupyter-error.ts'
import { KERNEL_CHANNELS, type KernelChannel, type KernelMessage } from './kernel-message.ts'
import { decodeParts, encodeParts } from './kernel-parts.ts'

/** Name of the WebSocket subprotocol. */
export const KERNEL_SUBPROTOCOL = 'v1.kernel.websocket.jupyter.org'

const OFFSET_BYTES = 8
/** Channel and four JSON parts. */
const N_FIXED_PARTS = 5

export interface ChannelledMessage {
  readonly channel: KernelChannel
  readonly message: KernelMessage
}

export function encodeKernelWebSocket({ channel, message }: ChannelledMessage): Uint8Array<ArrayBuffer> {
  const parts = [new TextEncoder().encode(channel), ...encodeParts(message), ...message.buffers]
  const headBytes = OFFSET_BYTES * (parts.length + 2)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, headBytes))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(parts.length + 1), true)
  let offset = headBytes
  parts.forEach((part, i) => {
    view.setBigUint64(OFFSET_BYTES * (i + 1), BigInt(offset), true)
    bytes.set(part, offset)
    offset += part.byteLength
  })
  view.setBigUint64(OFFSET_BYTES * (parts.length + 1), BigInt(offset), true)
  return bytes
}

/** @throws JupyterError for offsets that make no sense, an unknown channel, or parts that are no kernel message */
export function decodeKernelWebSocket(bytes: Uint8Array): ChannelledMessage {
  const offsets = readOffsets(bytes)
  const parts = offsets.slice(1).map((end, i) => bytes.subarray(offsets[i], end))
  const name = new TextDecoder().decode(parts[0])
  const channel = KERNEL_CHANNELS.find(known => known === name)
  if (channel === undefined) {
    throw new JupyterError(`expected a channel of ${KERNEL_CHANNELS.join(', ')}, got ${name} (kernel WebSocket)`)
  }
  const message = decodeParts(parts.slice(1, N_FIXED_PARTS), parts.slice(N_FIXED_PARTS), 'kernel WebSocket')
  return { channel, message }
}

function readOffsets(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const nOffset = bytes.byteLength < OFFSET_BYTES ? 0 : Number(view.getBigUint64(0, true))
  const headBytes = OFFSET_BYTES * (nOffset + 1)
  if (nOffset < N_FIXED_PARTS + 1 || headBytes > bytes.byteLength) throw badOffsets(bytes, nOffset)
  const offsets = Array.from({ length: nOffset }, (_, i) => Number(view.getBigUint64(OFFSET_BYTES * (i + 1), true)))
  const ascend = offsets.every((offset, i) => offset >= (i === 0 ? headBytes : offsets[i - 1]))
  if (!ascend || offsets[nOffset - 1] > bytes.byteLength) throw badOffsets(bytes, nOffset)
  return offsets
}

function badOffsets(bytes: Uint8Array, nOffset: number): JupyterError {
  return new JupyterError(
    `expected at least ${N_FIXED_PARTS + 1} ascending offsets, got ${nOffset} in ${bytes.byteLength} bytes (kernel WebSocket)`,
  )
}
