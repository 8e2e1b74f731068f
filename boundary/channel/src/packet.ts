import type { Lane } from '@cleanbeam/protocol'
import { ChannelError } from './channel-error.ts'

// A packet, all integers little-endian:
//   0   u8    type (PACKET_TYPES)
//   1   u8    lane: 0 control, 1 data
//   2   u8    bit 0: first piece of a message, bit 1: last piece
//   3   u8    layout of the packet, 1
//   4   u32   sequence number of this piece within its lane (type data)
//   8   u32   pieces received so far on the control lane: acknowledges all before
//   12  u32   the same for the data lane
//   16        payload: a piece of a message, or JSON (hello, welcome, refused, bye)

/** What a packet is for; the number on the wire is the index plus one. */
export const PACKET_TYPES = ['hello', 'welcome', 'refused', 'data', 'ack', 'ping', 'pong', 'bye'] as const
export type PacketType = (typeof PACKET_TYPES)[number]

/** Lanes in the order of their numbers on the wire. */
export const LANES: readonly Lane[] = ['control', 'data']

/** Bytes before the payload. */
export const PACKET_HEADER_BYTES = 16
const LAYOUT = 1
const FIRST = 1
const LAST = 2

/** Pieces received per lane, which acknowledges them. */
export type Received = readonly [control: number, data: number]

export interface Packet {
  readonly type: PacketType
  readonly lane: Lane
  readonly first: boolean
  readonly last: boolean
  readonly sequence: number
  readonly received: Received
  readonly payload: Uint8Array
}

const EMPTY = new Uint8Array(0)

/** A packet as bytes of its own. */
export function encodePacket(packet: Pick<Packet, 'type' | 'received'> & Partial<Packet>): Uint8Array<ArrayBuffer> {
  const { type, lane = 'control', first = false, last = false, sequence = 0, received, payload = EMPTY } = packet
  const bytes = new Uint8Array(PACKET_HEADER_BYTES + payload.byteLength)
  const view = new DataView(bytes.buffer)
  bytes[0] = PACKET_TYPES.indexOf(type) + 1
  bytes[1] = LANES.indexOf(lane)
  bytes[2] = (first ? FIRST : 0) | (last ? LAST : 0)
  bytes[3] = LAYOUT
  view.setUint32(4, sequence, true)
  view.setUint32(8, received[0], true)
  view.setUint32(12, received[1], true)
  bytes.set(payload, PACKET_HEADER_BYTES)
  return bytes
}

/**
 * A packet from bytes; the payload is a view into them.
 * @throws ChannelError when the bytes are no packet
 */
export function decodePacket(bytes: Uint8Array): Packet {
  const type = PACKET_TYPES[bytes[0] - 1]
  const lane = LANES[bytes[1]]
  if (bytes.byteLength < PACKET_HEADER_BYTES || type === undefined || lane === undefined || bytes[3] !== LAYOUT) {
    throw new ChannelError(
      `expected a packet of layout ${LAYOUT}, got ${bytes.byteLength} bytes beginning with [${[...bytes.subarray(0, 4)]}] (channel)`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    type,
    lane,
    first: (bytes[2] & FIRST) !== 0,
    last: (bytes[2] & LAST) !== 0,
    sequence: view.getUint32(4, true),
    received: [view.getUint32(8, true), view.getUint32(12, true)],
    payload: bytes.subarray(PACKET_HEADER_BYTES),
  }
}
