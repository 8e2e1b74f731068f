/** Control words at the foot of the shared memory, as indices into an Int32Array over it. */
export const ABORT_WORD = 1024
export const BARRIER_COUNT_WORD = 1040
export const BARRIER_GENERATION_WORD = 1056
/** First queue word; the queues of a program's steps are one cache line apart. */
export const FIRST_QUEUE_WORD = 1088
export const QUEUE_STRIDE_WORDS = 16
/** As many queues fit below the arena's first address (64 KiB). */
export const MAX_STEPS = 900
/** A queue holding this or more is cancelled: no kernel has as many items. */
export const CANCELLED_QUEUE = 0x4000_0000

/** What a worker is started with. */
export interface WorkerStart {
  readonly memory: unknown
  readonly module: unknown
  readonly threads: number
}

/** A program as workers receive it. `scratch` is the worker's own region. */
export interface WorkerProgram {
  readonly scratch: number
  readonly steps: readonly { readonly kernel: string; readonly items: number; readonly args: readonly number[] }[]
}

/** A worker's answer to a program, or to being started. */
export interface WorkerAnswer {
  /** Why it failed, null when it did not. */
  readonly problem: string | null
}
