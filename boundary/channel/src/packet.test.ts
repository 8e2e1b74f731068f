import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  byeSchema,
  decodeJsonPacket,
  encodeJsonPacket,
  helloSchema,
  refusedSchema,
  welcomeSchema,
} from './handshake.ts'
import { decodePacket, encodePacket, PACKET_TYPES, type PacketType } from './packet.ts'

const golden = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'golden', 'packets.json'), 'utf8')) as {
  readonly handshake: readonly { readonly type: PacketType; readonly content: object; readonly hex: string }[]
  readonly packets: readonly {
    readonly packet: {
      readonly type: PacketType
      readonly lane: 'control' | 'data'
      readonly first: boolean
      readonly last: boolean
      readonly sequence: number
      readonly received: [number, number]
      readonly payload: number[]
    }
    readonly hex: string
  }[]
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const SCHEMAS = { hello: helloSchema, welcome: welcomeSchema, refused: refusedSchema, bye: byeSchema } as const

describe('golden packets of layout 1', () => {
  it('cover every type', () => {
    const types = [...golden.handshake, ...golden.packets.map(({ packet }) => packet)].map(({ type }) => type)
    expect([...new Set(types)].sort()).toEqual([...PACKET_TYPES].sort())
  })

  it.each(golden.handshake)('$type is written and read the same', ({ type, content, hex }) => {
    expect(hexOf(encodeJsonPacket(type, content))).toBe(hex)
    const packet = decodePacket(bytesOf(hex))
    expect(packet.type).toBe(type)
    expect(decodeJsonPacket(packet, SCHEMAS[type as keyof typeof SCHEMAS])).toEqual(content)
  })

  it.each(golden.packets)('$packet.type on $packet.lane is written and read the same', ({ packet, hex }) => {
    const payload = Uint8Array.from(packet.payload)
    expect(hexOf(encodePacket({ ...packet, payload }))).toBe(hex)
    expect(decodePacket(bytesOf(hex))).toEqual({ ...packet, payload })
  })
})
