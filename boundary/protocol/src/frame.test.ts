import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from './frame.ts'
import { type Message, messageSchema } from './messages.ts'
import type { BufferArray } from './value-codec.ts'

const golden = join(import.meta.dirname, '..', 'golden')
const names = readdirSync(golden)
  .filter(name => name.endsWith('.bin'))
  .map(name => name.slice(0, -4))

const ARRAYS: Record<string, (list: number[]) => BufferArray> = {
  $i1: list => Int8Array.from(list),
  $u1: list => Uint8Array.from(list),
  $i2: list => Int16Array.from(list),
  $u2: list => Uint16Array.from(list),
  $i4: list => Int32Array.from(list),
  $u4: list => Uint32Array.from(list),
  $f4: list => Float32Array.from(list),
  $f8: list => Float64Array.from(list),
}

/** Reads the description beside a golden file: {"$f4": […]} is an array, {"$number": "NaN"} a number. */
function describedMessage(name: string): unknown {
  return JSON.parse(readFileSync(join(golden, `${name}.json`), 'utf8'), (_key, value) => {
    if (typeof value !== 'object' || value === null) return value
    const [[key, content] = ['', null]] = Object.entries(value)
    if (key in ARRAYS) return ARRAYS[key]((content as (number | string)[]).map(Number))
    return key === '$number' ? Number(content) : value
  })
}

const bytesOf = (name: string) => new Uint8Array(readFileSync(join(golden, `${name}.bin`)))

describe('golden frames of version 1', () => {
  it('covers every kind of message', () => {
    const kinds = messageSchema.options.map(option => option.shape.kind.value)
    for (const kind of kinds) expect(names.some(name => name.startsWith(`${kind}-`))).toBe(true)
  })

  it.each(names.filter(name => !name.startsWith('refused-')))('%s decodes to what its description says', name => {
    expect(decodeMessage(bytesOf(name))).toEqual(describedMessage(name))
  })

  it.each(names.filter(name => !/^(refused|later)-/.test(name)))('%s is written byte by byte the same', name => {
    expect(Buffer.from(encodeMessage(describedMessage(name) as Message)).equals(bytesOf(name))).toBe(true)
  })

  it.each([
    ['refused-version', /expected protocol version 1, got 7 .*same release/],
    ['refused-kind', /expected a message of a known kind/],
    ['refused-cut', /expected a frame of \d+ bytes .*, got \d+ bytes/],
    ['refused-magic', /expected a frame beginning with 'CBF'/],
    ['refused-reference', /expected a known reference, got \{"\$buffer": 1\}/],
  ])('%s is refused', (name, message) => {
    expect(() => decodeMessage(bytesOf(name))).toThrow(message)
  })
})

describe('frames', () => {
  it('carry any JSON value there and back', () => {
    const value = fc.jsonValue().filter(candidate => !JSON.stringify(candidate).includes('"$'))
    fc.assert(
      fc.property(value, json => {
        const message: Message = { kind: 'event', topic: 'x', value: json }
        expect(decodeMessage(encodeMessage(message))).toEqual(message)
      }),
      { seed: 1, numRuns: 300 },
    )
  })

  it('carry arrays at any offset of the bytes they arrive in', () => {
    const value = {
      pixels: Float64Array.of(1.5, Number.NaN, -0),
      bits: Uint8Array.of(1, 2, 3),
      more: Float32Array.of(7),
    }
    const frame = encodeMessage({ kind: 'result', id: 1, value })
    for (let shift = 0; shift < 8; shift++) {
      const bytes = new Uint8Array(frame.byteLength + shift)
      bytes.set(frame, shift)
      expect(decodeMessage(bytes.subarray(shift))).toEqual({ kind: 'result', id: 1, value })
    }
  })

  it('answer arrays as views of the frame when aligned', () => {
    const decoded = decodeMessage(encodeMessage({ kind: 'result', id: 1, value: new Float32Array(1000) })) as {
      value: Float32Array
    }
    expect(decoded.value.buffer.byteLength).toBeGreaterThan(4000)
  })

  it('refuse functions, bigints and keys of their own', () => {
    const event = (value: unknown): Message => ({ kind: 'event', topic: 'x', value })
    expect(() => encodeMessage(event(() => 1))).toThrow('got a function')
    expect(() => encodeMessage(event(1n))).toThrow('got a bigint')
    expect(() => encodeMessage(event({ $buffer: 0 }))).toThrow("do not begin with '$'")
    expect(() => encodeMessage(event(new BigInt64Array(1)))).toThrow('got another kind')
  })

  it('never crash on damaged bytes: a message or a ProtocolError', () => {
    const frame = encodeMessage({ kind: 'result', id: 3, value: { pixels: Float32Array.of(1, 2, 3), text: 'ä' } })
    fc.assert(
      fc.property(fc.nat(frame.byteLength - 1), fc.nat(255), (position, byte) => {
        const damaged = frame.slice()
        damaged[position] = byte
        try {
          decodeMessage(damaged)
        } catch (error) {
          expect((error as { tag?: string }).tag).toBe('ProtocolError')
        }
      }),
      { seed: 2, numRuns: 2000 },
    )
  })
})
