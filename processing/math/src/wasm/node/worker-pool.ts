import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { MathError } from '../../math-error.ts'
import type { KernelPool, KernelStep, RunOptions } from '../kernel-pool.ts'
import { MemoryArena } from '../memory-arena.ts'
import { type WasmModule, webAssembly } from '../web-assembly.ts'
import { kernelFile } from './kernel-files.ts'
import {
  ABORT_WORD,
  BARRIER_COUNT_WORD,
  BARRIER_GENERATION_WORD,
  CANCELLED_QUEUE,
  FIRST_QUEUE_WORD,
  MAX_STEPS,
  QUEUE_STRIDE_WORDS,
  type WorkerAnswer,
  type WorkerProgram,
} from './worker-protocol.ts'

/** How to set up a pool of worker threads. */
export interface WorkerPoolOptions {
  /** Default: what the system offers. */
  readonly threads?: number
  /** Limit of the shared memory, bytes; default and most 4 GiB. */
  readonly maximumBytes?: number
  /**
   * Fused multiply-add where the engine offers it (Node ≥ 22; default). Sums then differ in the last bits from those of
   * engines and processors without; 'never' gives the same bits everywhere.
   */
  readonly relaxedSimd?: 'auto' | 'never'
}

/** Starts the workers and resolves when they are ready. @throws MathError when the kernels have not been built */
export async function createWorkerPool(options: WorkerPoolOptions = {}): Promise<KernelPool> {
  const threads = options.threads ?? availableParallelism()
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 256)) {
    throw new MathError(`expected between 1 and 256 threads, got ${threads}`, { threads })
  }
  const { module, relaxedSimd } = compileKernels(options.relaxedSimd ?? 'auto')
  const pool = new WorkerPool(new MemoryArena(options.maximumBytes), threads, relaxedSimd, module)
  await pool.ready
  return pool
}

function compileKernels(wish: 'auto' | 'never'): { module: WasmModule; relaxedSimd: boolean } {
  // The baseline compiler's code for SIMD loops is several times slower, and kernels run long before they tier up.
  setFlagsFromString('--no-liftoff')
  if (wish === 'auto') {
    const relaxed = readFileSync(kernelFile('kernels-relaxed.wasm'))
    if (webAssembly.validate(relaxed)) return { module: new webAssembly.Module(relaxed), relaxedSimd: true }
  }
  return { module: new webAssembly.Module(readFileSync(kernelFile('kernels.wasm'))), relaxedSimd: false }
}

interface Pending {
  resolve(): void
  reject(error: unknown): void
}

class WorkerPool implements KernelPool {
  readonly arena: MemoryArena
  readonly threads: number
  readonly relaxedSimd: boolean
  readonly ready: Promise<unknown>
  readonly #workers: Worker[]
  readonly #answers: (Pending | null)[]
  readonly #control: Int32Array
  #scratch: Uint8Array | null = null
  #last: Promise<unknown> = Promise.resolve()
  #broken: MathError | null = null

  constructor(arena: MemoryArena, threads: number, relaxedSimd: boolean, module: WasmModule) {
    this.arena = arena
    this.threads = threads
    this.relaxedSimd = relaxedSimd
    this.#control = new Int32Array(arena.memory.buffer)
    this.#answers = Array.from({ length: threads }, () => null)
    this.#workers = Array.from({ length: threads }, (_, index) => this.#start(index, module))
    this.ready = Promise.all(this.#workers.map((_, index) => this.#answer(index))).then(() => this.#rest())
  }

  #start(index: number, module: WasmModule): Worker {
    const workerData = { memory: this.arena.memory, module, threads: this.threads }
    const worker = new Worker(kernelFile('kernel-worker.js'), { workerData, execArgv: [] })
    worker.on('message', (answer: WorkerAnswer) => this.#settle(index, answer.problem))
    worker.on('error', error => this.#break(new MathError(`kernel worker failed: ${error.message}`, { index }, error)))
    worker.on('exit', () => this.#break(new MathError('kernel worker ended: make a new pool', { index })))
    return worker
  }

  #answer(index: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) reject(this.#broken)
      else this.#answers[index] = { resolve, reject }
    })
  }

  #settle(index: number, problem: string | null): void {
    const pending = this.#answers[index]
    this.#answers[index] = null
    if (problem === null) pending?.resolve()
    else pending?.reject(new MathError(`expected the kernel to finish, got ${problem}`, { problem }))
  }

  /** A worker is gone: nobody may wait for it, neither its colleagues (in a kernel or between steps) nor our callers. */
  #break(reason: MathError): void {
    this.#broken ??= reason
    Atomics.store(this.#control, ABORT_WORD, 1)
    Atomics.add(this.#control, BARRIER_GENERATION_WORD, 1)
    Atomics.notify(this.#control, BARRIER_GENERATION_WORD)
    this.#cancelQueues()
    for (let index = 0; index < this.threads; index++) {
      this.#answers[index]?.reject(this.#broken)
      this.#answers[index] = null
    }
    for (const worker of this.#workers) worker.terminate()
  }

  #cancelQueues(): void {
    for (let step = 0; step < MAX_STEPS; step++) {
      Atomics.store(this.#control, FIRST_QUEUE_WORD + step * QUEUE_STRIDE_WORDS, CANCELLED_QUEUE)
    }
  }

  run(program: readonly KernelStep[], options: RunOptions = {}): Promise<void> {
    const result = this.#last.then(() => this.#runParts(program, options))
    this.#last = result.catch(() => undefined)
    return result
  }

  async #runParts(program: readonly KernelStep[], options: RunOptions): Promise<void> {
    const total = program.reduce((sum, step) => sum + step.items, 0)
    let done = 0
    for (let first = 0; first < program.length; first += MAX_STEPS) {
      const part = program.slice(first, first + MAX_STEPS)
      await this.#runPart(part, options, done, total)
      done += part.reduce((sum, step) => sum + step.items, 0)
    }
  }

  async #runPart(part: readonly KernelStep[], options: RunOptions, before: number, total: number): Promise<void> {
    options.signal?.throwIfAborted()
    if (this.#broken !== null) throw this.#broken
    const scratchBytes = this.#reserveScratch(Math.max(0, ...part.map(step => step.scratchBytes ?? 0)))
    for (let step = 0; step < part.length; step++) {
      Atomics.store(this.#control, FIRST_QUEUE_WORD + step * QUEUE_STRIDE_WORDS, 0)
    }
    Atomics.store(this.#control, BARRIER_COUNT_WORD, 0)
    const cancel = () => this.#cancelQueues()
    options.signal?.addEventListener('abort', cancel, { once: true })
    const timer = this.#reportProgress(part, options, before, total)
    try {
      const steps = part.map(({ kernel, items, args }) => ({ kernel, items, args }))
      const answers = this.#workers.map((worker, index) => {
        const answer = this.#answer(index)
        worker.ref()
        const message: WorkerProgram = { scratch: (this.#scratch?.byteOffset ?? 0) + index * scratchBytes, steps }
        worker.postMessage(message)
        return answer
      })
      const outcomes = await Promise.allSettled(answers)
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
      options.signal?.throwIfAborted()
    } finally {
      clearInterval(timer)
      options.signal?.removeEventListener('abort', cancel)
      this.#rest()
    }
  }

  /** Idle workers do not keep the process alive. */
  #rest(): void {
    for (const worker of this.#workers) worker.unref()
  }

  #reserveScratch(bytesPerWorker: number): number {
    const each = Math.ceil(bytesPerWorker / 4096) * 4096 + 64
    if (this.#scratch === null || this.#scratch.length < each * this.threads) {
      if (this.#scratch !== null) this.arena.free(this.#scratch)
      this.#scratch = null
      this.#scratch = this.arena.uint8(each * this.threads)
    }
    return each
  }

  #reportProgress(
    part: readonly KernelStep[],
    { onProgress, what = 'kernels' }: RunOptions,
    before: number,
    total: number,
  ): ReturnType<typeof setInterval> | undefined {
    if (onProgress === undefined) return undefined
    const report = () => {
      let done = before
      part.forEach((step, index) => {
        done += Math.min(step.items, Atomics.load(this.#control, FIRST_QUEUE_WORD + index * QUEUE_STRIDE_WORDS))
      })
      onProgress({ what, done, total })
    }
    return setInterval(report, 50)
  }

  async close(): Promise<void> {
    this.#break(new MathError('expected an open kernel pool, got a closed one'))
    await Promise.all(this.#workers.map(worker => worker.terminate()))
  }
}
