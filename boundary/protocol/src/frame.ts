import { z } from 'zod'
import { type Message, messageSchema } from './messages.ts'
import { ProtocolError } from './protocol-error.ts'
import { type BufferArray, bufferArray, bufferTypeOf, fromWire, toWire } from './value-codec.ts'
import { PROTOCOL_VERSION, SUPPORTED_VERSIONS } from './version.ts'

// A frame, all integers little-endian:
//   0   4 bytes  'CBF' and a line feed
//   4   u16      protocol version
//   6   u16      reserved, 0
//   8   u32      bytes of the header, a multiple of 8
//   12  u32      bytes of the whole frame
//   16           header: UTF-8 JSON {"message": …, "buffers": [[type, bytes], …]}, padded with spaces
//   …            the buffers, raw little-endian elements, each beginning at a multiple of 8
const MAGIC = [0x43, 0x42, 0x46, 0x0a]
const PREAMBLE_BYTES = 16
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

const headerSchema = z.object({
  message: z.unknown(),
  buffers: z.array(z.tuple([z.string(), z.number().int().nonnegative()])),
})

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8

/**
 * A message as bytes.
 * @returns a new array the caller owns
 * @throws ProtocolError when the message holds something that is neither JSON data nor a typed array
 */
export function encodeMessage(message: Message): Uint8Array<ArrayBuffer> {
  const buffers: BufferArray[] = []
  const wire = toWire(message, buffers)
  const table = buffers.map(buffer => [bufferTypeOf(buffer), buffer.byteLength])
  const header = encoder.encode(JSON.stringify({ message: wire, buffers: table }))
  const headerBytes = padded(header.byteLength)
  const frameBytes = buffers.reduce((sum, { byteLength }) => sum + padded(byteLength), PREAMBLE_BYTES + headerBytes)
  const frame = new Uint8Array(frameBytes)
  const view = new DataView(frame.buffer)
  frame.set(MAGIC)
  view.setUint16(4, PROTOCOL_VERSION, true)
  view.setUint32(8, headerBytes, true)
  view.setUint32(12, frameBytes, true)
  frame.set(header, PREAMBLE_BYTES)
  frame.fill(0x20, PREAMBLE_BYTES + header.byteLength, PREAMBLE_BYTES + headerBytes)
  let offset = PREAMBLE_BYTES + headerBytes
  for (const buffer of buffers) {
    frame.set(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength), offset)
    offset += padded(buffer.byteLength)
  }
  return frame
}

/**
 * A message from bytes. Its arrays are views into `frame` where alignment allows.
 * @throws ProtocolError when the bytes are no frame, are cut short, speak an unknown version, or hold an unknown kind
 */
export function decodeMessage(frame: Uint8Array): Message {
  const headerBytes = checkPreamble(frame)
  const header = parseHeader(frame.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes))
  const buffers: BufferArray[] = []
  let offset = PREAMBLE_BYTES + headerBytes
  for (const [type, byteLength] of header.buffers) {
    if (offset + byteLength > frame.byteLength) {
      throw new ProtocolError(`expected a buffer of ${byteLength} bytes, got ${frame.byteLength - offset} (frame)`)
    }
    buffers.push(bufferArray(type, frame.subarray(offset, offset + byteLength)))
    offset += padded(byteLength)
  }
  const message = messageSchema.safeParse(fromWire(header.message, buffers))
  if (!message.success) {
    throw new ProtocolError(`expected a message of a known kind, got ${z.prettifyError(message.error)} (frame)`)
  }
  return message.data
}

function checkPreamble(frame: Uint8Array): number {
  if (frame.byteLength < PREAMBLE_BYTES || MAGIC.some((byte, i) => frame[i] !== byte)) {
    throw new ProtocolError(`expected a frame beginning with 'CBF', got ${frame.byteLength} other bytes (frame)`)
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  const version = view.getUint16(4, true)
  if (!SUPPORTED_VERSIONS.includes(version)) {
    throw new ProtocolError(
      `expected protocol version ${SUPPORTED_VERSIONS.join(' or ')}, got ${version} (frame): use the same release of Cleanbeam on both sides`,
      { version, supported: [...SUPPORTED_VERSIONS] },
    )
  }
  const headerBytes = view.getUint32(8, true)
  const frameBytes = view.getUint32(12, true)
  if (frameBytes !== frame.byteLength || headerBytes % 8 !== 0 || PREAMBLE_BYTES + headerBytes > frameBytes) {
    throw new ProtocolError(
      `expected a frame of ${frameBytes} bytes with a header of ${headerBytes}, got ${frame.byteLength} bytes (frame)`,
      { frameBytes, headerBytes, got: frame.byteLength },
    )
  }
  return headerBytes
}

function parseHeader(bytes: Uint8Array): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(decoder.decode(bytes)))
  } catch (cause) {
    throw new ProtocolError('expected a header {"message", "buffers"} in JSON, got something else (frame)', {}, cause)
  }
}
