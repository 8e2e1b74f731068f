import { SUPPORTED_VERSIONS } from '@cleanbeam/protocol'
import { z } from 'zod'
import { ChannelError } from './channel-error.ts'
import { encodePacket, type Packet, type PacketType } from './packet.ts'

const received = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()])

/** First packet of the dialling side. `epoch` counts the channel's fresh starts, 0 before the first answer. */
export const helloSchema = z.object({
  versions: z.array(z.number().int()),
  channelId: z.string().min(16).max(64),
  epoch: z.number().int().nonnegative(),
  received,
})
export type Hello = z.infer<typeof helloSchema>

/** The answer. An `epoch` other than the one in hello: the channel begins afresh, both sides count from 0. */
export const welcomeSchema = z.object({
  version: z.number().int(),
  epoch: z.number().int().positive(),
  received,
  /** False when the answering side has never heard of this channel: calls under way are lost. */
  known: z.boolean(),
})
export type Welcome = z.infer<typeof welcomeSchema>

/** Why the answering side will not talk; trying again is of no use. */
export const refusedSchema = z.object({ code: z.string(), message: z.string(), versions: z.array(z.number().int()) })
export type Refused = z.infer<typeof refusedSchema>

/** Last packet of a channel: it will not be resumed. */
export const byeSchema = z.object({ reason: z.string() })

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function encodeJsonPacket(type: PacketType, content: object): Uint8Array<ArrayBuffer> {
  return encodePacket({ type, received: [0, 0], payload: encoder.encode(JSON.stringify(content)) })
}

/** @throws ChannelError when the payload does not fit */
export function decodeJsonPacket<S extends z.ZodType>(packet: Packet, schema: S): z.output<S> {
  try {
    return schema.parse(JSON.parse(decoder.decode(packet.payload)))
  } catch (cause) {
    throw new ChannelError(
      `expected a ${packet.type} packet with its JSON fields, got something else (channel)`,
      {},
      cause,
    )
  }
}

/** What to say to a peer that shares no protocol version. */
export function versionRefusal(theirs: readonly number[]): Refused {
  return {
    code: 'version',
    message: `expected a peer that speaks protocol version ${SUPPORTED_VERSIONS.join(' or ')}, got one that speaks ${theirs.join(', ')}: use the same release of Cleanbeam on both sides`,
    versions: [...SUPPORTED_VERSIONS],
  }
}
