export { createWorkerPool, type WorkerPoolOptions } from './worker-pool.ts'
