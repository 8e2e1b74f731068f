import { describe, expect, it } from 'vitest'
import { MathError } from '../math-error.ts'
import { seededRandom } from '../seeded-random.reference.ts'
import { MemoryArena } from './memory-arena.ts'

describe('memory arena', () => {
  it('never hands out the same byte twice and gets everything back', () => {
    const arena = new MemoryArena(1 << 24)
    const random = seededRandom(3)
    const held: Uint8Array[] = []
    for (let step = 0; step < 2000; step++) {
      if (held.length > 0 && random() < 0.5) arena.free(held.splice(Math.floor(random() * held.length), 1)[0])
      else if (arena.usedBytes < 1 << 23) held.push(arena.uint8(Math.floor(random() * 40_000)))
      const spans = held.map(array => [array.byteOffset, array.byteOffset + Math.max(1, array.length)])
      spans.sort((a, b) => a[0] - b[0])
      expect(spans.every((span, k) => k === 0 || span[0] >= spans[k - 1][1])).toBe(true)
    }
    for (const array of held) arena.free(array)
    expect(arena.usedBytes).toBe(0)
    expect(arena.availableBytes).toBe((1 << 24) - 65536)
    arena.free(arena.uint8((1 << 24) - 65536))
  })

  it('keeps arrays valid when the memory grows', () => {
    const arena = new MemoryArena(1 << 26)
    const early = arena.float32(1000).fill(7)
    const late = arena.float32(1 << 22)
    expect(arena.holds(early) && arena.holds(late)).toBe(true)
    expect(new Float32Array(arena.memory.buffer, early.byteOffset, 1000)[999]).toBe(7)
    expect(early.byteOffset % 64).toBe(0)
  })

  it('refuses more than its limit, foreign arrays and double freeing', () => {
    const arena = new MemoryArena(1 << 20)
    expect(() => arena.float64(1 << 20)).toThrow(/at most 1048576 bytes/)
    const array = arena.int32(5)
    arena.free(array)
    expect(() => arena.free(array)).toThrow(MathError)
    expect(() => arena.free(new Float32Array(4))).toThrow(MathError)
    expect(() => new MemoryArena(5)).toThrow(MathError)
  })
})
