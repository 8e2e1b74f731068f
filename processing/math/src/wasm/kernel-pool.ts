import type { CallOptions } from '@cleanbeam/types'
import type { MemoryArena } from './memory-arena.ts'

/**
 * One step of a program: all workers call the export `kernel` with `(queue, items, scratch, ...args)` and draw item
 * numbers from the queue until none is left. What an item does may not depend on who does it or when.
 */
export interface KernelStep {
  readonly kernel: string
  readonly items: number
  /** Bytes each worker needs for itself while it runs the step. */
  readonly scratchBytes?: number
  /** Addresses and numbers, in the order of the kernel's parameters. */
  readonly args: readonly number[]
}

/** Progress and cancellation of a program; `what` names it in progress reports. */
export interface RunOptions extends Pick<CallOptions, 'signal' | 'onProgress'> {
  readonly what?: string
}

/**
 * Workers that run kernels over one shared memory.
 *
 * A program is a list of steps; a step begins when every worker has finished the one before. Programs run one after the
 * other in the order of the calls. Cancelling lets each worker finish the item at hand (a few milliseconds) and rejects
 * with the signal's reason; memory then holds whatever was done. A trap or the death of a worker rejects with MathError;
 * after a death every later run is refused.
 */
export interface KernelPool {
  readonly arena: MemoryArena
  readonly threads: number
  /** Whether the kernels use fused multiply-add (WebAssembly relaxed SIMD). */
  readonly relaxedSimd: boolean
  run(program: readonly KernelStep[], options?: RunOptions): Promise<void>
  /** Ends the workers; runs under way reject. */
  close(): Promise<void>
}

/** The address kernels know an arena's array by. */
export function addressOf(array: Float32Array | Float64Array | Int32Array | Uint8Array): number {
  return array.byteOffset
}
