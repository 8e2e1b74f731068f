import { systemClock } from '@cleanbeam/channel'
import { JupyterError } from './jupyter-error.ts'
import type { RequestOptions } from './kernel-client.ts'
import type { KernelMessage } from './kernel-message.ts'

/** A request under way: done when its reply has come and, where that matters, its last output. */
export class PendingRequest {
  readonly answered: Promise<KernelMessage>
  readonly options: RequestOptions
  readonly #untilIdle: boolean
  readonly #callOff: (() => void)[] = []
  #reply: KernelMessage | null = null
  #idle = false
  #resolve: (reply: KernelMessage) => void = () => {}
  #reject: (reason: unknown) => void = () => {}

  constructor(type: string, options: RequestOptions, onSettled: () => void) {
    const { channel = 'shell', untilIdle = channel === 'shell', timeoutMs, signal } = options
    this.options = options
    this.#untilIdle = untilIdle
    this.answered = new Promise<KernelMessage>((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    }).finally(() => {
      for (const callOff of this.#callOff) callOff()
      onSettled()
    })
    if (timeoutMs !== undefined) {
      const late = () =>
        this.#reject(new JupyterError(`expected an answer within ${timeoutMs} ms, got none (${type})`, { timeoutMs }))
      this.#callOff.push(systemClock.after(timeoutMs, late))
    }
    if (signal !== undefined) {
      const abort = () => this.#reject(signal.reason)
      signal.addEventListener('abort', abort)
      this.#callOff.push(() => signal.removeEventListener('abort', abort))
      if (signal.aborted) abort()
    }
  }

  /** A message on iopub that names this request as its parent. */
  output(message: KernelMessage): void {
    if (message.header.msg_type === 'status') {
      if (message.content.execution_state !== 'idle') return
      this.#idle = true
      this.#settle()
    } else {
      this.options.onOutput?.(message)
    }
  }

  reply(message: KernelMessage): void {
    this.#reply = message
    this.#settle()
  }

  fail(error: unknown): void {
    this.#reject(error)
  }

  #settle(): void {
    if (this.#reply !== null && (this.#idle || !this.#untilIdle)) this.#resolve(this.#reply)
  }
}
