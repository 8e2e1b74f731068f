import { afterAll, beforeAll } from 'vitest'
import type { KernelPool } from '../kernel-pool.ts'
import { createWorkerPool, type WorkerPoolOptions } from './worker-pool.ts'

/** A pool for the tests of one file, made before and closed after them; call the result inside a test. */
export function poolForTests(options: WorkerPoolOptions): () => KernelPool {
  let pool: KernelPool | null = null
  beforeAll(async () => {
    pool = await createWorkerPool(options)
  })
  afterAll(async () => {
    await pool?.close()
  })
  return () => pool!
}
