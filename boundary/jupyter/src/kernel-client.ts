import type { JsonObject } from '@cleanbeam/types'
import type { Comm } from './comm-transport.ts'
import type { KernelChannel, KernelMessage } from './kernel-message.ts'

/**
 * How a kernel stands.
 * - `starting`: has not answered yet
 * - `idle`, `busy`: by its own status messages on the main shell
 * - `unresponsive`: its heartbeat does not come back (its process is stopped or the connection is broken)
 * - `dead`: its process has ended or it was shut down; `restart` of a started kernel leads out of it
 * - `closed`: this client was disposed
 */
export type KernelState = 'starting' | 'idle' | 'busy' | 'unresponsive' | 'dead' | 'closed'

/** What the kernel says about itself, fields of Jupyter's kernel_info_reply. */
export interface KernelInfo {
  readonly implementation: string
  readonly implementationVersion: string
  /** 'python', 'typescript' … */
  readonly language: string
  readonly languageVersion: string
  readonly protocolVersion: string
  /** 'kernel subshells' among them: `createSubshell` works. */
  readonly supportedFeatures: readonly string[]
  readonly banner: string
}

export interface RequestOptions {
  readonly channel?: Extract<KernelChannel, 'shell' | 'control'>
  readonly buffers?: readonly Uint8Array[]
  /** Which of the kernel's subshells carries it out; default: the main one. */
  readonly subshellId?: string
  /** Messages on iopub that belong to the request: streams, results, displays, errors. */
  readonly onOutput?: (message: KernelMessage) => void
  /** Answers the kernel's questions (Python's input()); without it the kernel is told that nobody can answer. */
  readonly onInput?: (prompt: string, password: boolean) => Promise<string>
  /** Wait for the kernel's idle status too, after which no output follows; default true on shell, false on control. */
  readonly untilIdle?: boolean
  /** The request fails after this time; default: never, the end of the kernel settles it. */
  readonly timeoutMs?: number
  /** Aborting rejects with the signal's reason; execute() interrupts the kernel as well. */
  readonly signal?: AbortSignal
}

export interface ExecuteOptions extends Omit<RequestOptions, 'channel' | 'untilIdle'> {
  /** No output and no history; default false. */
  readonly silent?: boolean
  /** Default false: sessions are no notebook. */
  readonly storeHistory?: boolean
  /** Expressions evaluated afterwards; their results are in `userExpressions`. */
  readonly userExpressions?: Readonly<Record<string, string>>
}

/** What an execution left. */
export interface ExecuteResult {
  readonly executionCount: number
  /** Everything written to stdout and stderr. */
  readonly stdout: string
  readonly stderr: string
  /** MIME bundle of the last expression, null without one. */
  readonly result: JsonObject | null
  readonly userExpressions: JsonObject
}

export interface OpenCommOptions {
  readonly buffers?: readonly Uint8Array[]
  /** The comm's messages are handled in this subshell, and are not held up by what runs in the main one. */
  readonly subshellId?: string
}

/** A kernel as a program uses it. Every pending request settles when the kernel dies or the client is disposed. */
export interface KernelClient {
  readonly info: KernelInfo
  readonly state: KernelState
  /** @returns a function that ends the subscription */
  onState(handler: (state: KernelState) => void): () => void
  /** Every message that is not the answer to a request of ours. @returns a function that ends the subscription */
  onMessage(handler: (channel: KernelChannel, message: KernelMessage) => void): () => void
  /**
   * Sends a request and waits for its reply.
   * @param type - such as 'complete_request'
   * @throws JupyterError when the kernel dies, the client is disposed, or the time is over
   */
  request(type: string, content: JsonObject, options?: RequestOptions): Promise<KernelMessage>
  /**
   * Runs code.
   * @throws JupyterError with fields {ename, evalue, traceback} when the code raises, besides those of `request`
   */
  execute(code: string, options?: ExecuteOptions): Promise<ExecuteResult>
  /** Opens a comm. The kernel closes it when it knows no such target; there is no other answer. */
  openComm(target: string, data?: JsonObject, options?: OpenCommOptions): Comm
  /** Comms that the kernel opens for this target. @returns a function that ends the subscription */
  onComm(target: string, handler: (comm: Comm, data: JsonObject) => void): () => void
  /** By message on the control channel; kernels that want a signal are interrupted through `RunningKernel.interrupt`. */
  interrupt(): Promise<void>
  /** @throws JupyterError when the kernel knows no subshells */
  createSubshell(): Promise<string>
  deleteSubshell(subshellId: string): Promise<void>
  /** Milliseconds until the heartbeat came back. @throws JupyterError when it does not in time (default 2 s) */
  heartbeat(timeoutMs?: number): Promise<number>
  /** Asks the kernel to end; answers when it has agreed. */
  shutdown(restart?: boolean): Promise<void>
  /** Closes the sockets; the kernel goes on. */
  dispose(): void
}
