import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameForStream, STREAM_MARKER, StreamReader } from './stream-framing.ts'

const concat = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap(part => [...part]))

describe('messages over a stream', () => {
  it('come out as they went in, wherever the stream is cut and whatever shells print before', () => {
    const plan = fc.record({
      noise: fc.string({ maxLength: 50 }).filter(text => !text.includes('\0')),
      messages: fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 12 }),
      cuts: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }),
    })
    fc.assert(
      fc.property(plan, ({ noise, messages, cuts }) => {
        const stream = concat([new TextEncoder().encode(noise), STREAM_MARKER, ...messages.map(frameForStream)])
        const reader = new StreamReader(1000)
        const got: Uint8Array[] = []
        for (let at = 0, i = 0; at < stream.byteLength; i++) {
          const end = at + cuts[i % cuts.length]
          got.push(...reader.take(stream.slice(at, end)))
          at = end
        }
        expect(got.map(message => [...message])).toEqual(messages.map(message => [...message]))
        expect(reader.started).toBe(true)
      }),
      { seed: 9, numRuns: 500 },
    )
  })

  it('keep what was printed instead of the marker for the error message', () => {
    const reader = new StreamReader(1000)
    expect(reader.take(new TextEncoder().encode('bash: cleanbeam: command not found\n'))).toEqual([])
    expect(reader.noise).toBe('bash: cleanbeam: command not found')
    expect(() => reader.take(new Uint8Array(70_000).fill(65))).toThrow('expected our program at the other end')
  })

  it('are refused when longer than agreed', () => {
    const reader = new StreamReader(100)
    expect(() => reader.take(concat([STREAM_MARKER, frameForStream(new Uint8Array(101))]))).toThrow(
      'expected messages of at most 100 bytes, got 101',
    )
  })
})
