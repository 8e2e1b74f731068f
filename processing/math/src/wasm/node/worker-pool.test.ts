import { Worker } from 'node:worker_threads'
import { describe, expect, it, vi } from 'vitest'
import { MathError } from '../../math-error.ts'
import { hogbomComponents } from '../component-loops.ts'
import { createFftTables } from '../fft-tables.ts'
import type { KernelStep } from '../kernel-pool.ts'
import { createWorkerPool } from './worker-pool.ts'

/** Transforms the same rows over and over: a program as long as one likes. */
function longProgram(address: number, tables: { twiddleAddress: number; planAddress: number }, steps: number) {
  const step: KernelStep = {
    kernel: 'fftRowsF32',
    items: 64,
    scratchBytes: 64 * 4096,
    args: [address, 4096 * 8, 4096, 256, tables.twiddleAddress, tables.planAddress, 0],
  }
  return Array.from({ length: steps }, () => step)
}

async function poolWithRows(threads: number) {
  const pool = await createWorkerPool({ threads, maximumBytes: 1 << 28 })
  const rows = pool.arena.float32(2 * 4096 * 256)
  rows.fill(0)
  const tables = createFftTables(pool.arena, 4096, 'f32')
  return { pool, program: (steps: number) => longProgram(rows.byteOffset, tables, steps) }
}

describe('worker pool', () => {
  it('cancels within 200 ms, rejects with the reason, and stays usable', async () => {
    const { pool, program } = await poolWithRows(2)
    const controller = new AbortController()
    const run = pool.run(program(2000), { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 60)
    const before = performance.now()
    await expect(run).rejects.toThrow('enough')
    expect(performance.now() - before).toBeLessThan(260)
    await pool.run(program(1))
    await pool.close()
  })

  it('reports growing progress', async () => {
    const { pool, program } = await poolWithRows(2)
    const seen: number[] = []
    await pool.run(program(300), { what: 'rows', onProgress: ({ done, total }) => seen.push(done / total) })
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(Math.max(...seen)).toBeLessThanOrEqual(1)
    await pool.close()
  })

  it('passes on what went wrong in a kernel, and stays usable', async () => {
    const { pool, program } = await poolWithRows(2)
    const trap: KernelStep = { ...program(1)[0], args: [0xffff_0000, 4096 * 8, 4096, 256, 0xffff_0000, 0xffff_0000, 0] }
    await expect(pool.run([trap, ...program(3)])).rejects.toThrow(/fftRowsF32.*out of bounds/)
    await expect(pool.run([{ kernel: 'noSuch', items: 1, args: [] }])).rejects.toThrow(/unknown name noSuch/)
    await pool.run(program(2))
    await pool.close()
  })

  it('does not hang when closed in the middle of a run, and refuses later runs', async () => {
    const { pool, program } = await poolWithRows(2)
    const run = pool.run(program(2000))
    const outcome = expect(run).rejects.toThrow(MathError)
    await new Promise(resolve => setTimeout(resolve, 30))
    await pool.close()
    await outcome
    await expect(pool.run(program(1))).rejects.toThrow(MathError)
  })

  it('rejects instead of hanging when a worker dies, between steps or within a loop that waits for it', async () => {
    for (const waiting of ['steps', 'loop']) {
      const { pool, program } = await poolWithRows(2)
      const post = vi.spyOn(Worker.prototype, 'postMessage')
      const plane = { nx: 800, ny: 800, psf: new Float32Array(640_000).fill(1), mask: null, gain: 1e-6, limit: 0 }
      const residual = new Float32Array(640_000).fill(1)
      const run =
        waiting === 'steps'
          ? pool.run(program(2000))
          : hogbomComponents(pool, [{ ...plane, residual, maxIterations: 1e6 }])
      const outcome = expect(run).rejects.toThrow(/kernel worker ended/)
      await new Promise(resolve => setTimeout(resolve, 50))
      const victim = post.mock.contexts[0] as Worker
      post.mockRestore()
      await victim.terminate()
      await outcome
      await expect(pool.run(program(1))).rejects.toThrow(MathError)
      await pool.close()
    }
  })

  it('refuses nonsensical thread counts', async () => {
    await expect(createWorkerPool({ threads: 0 })).rejects.toThrow(/between 1 and 256/)
  })
})
