import { MessageChannel, receiveMessageOnPort, type Transferable, Worker } from 'node:worker_threads'
import type { GcleanRecord, GcleanUpdate } from '@cleanbeam/types'
import type { GcleanInput } from '../gclean.ts'
import { GcleanError } from '../gclean-error.ts'
import { errorOf, type SyncAnswer, type SyncMethod, type SyncState } from './sync-messages.ts'

/** A thread that fails to start cannot say so to one that is waiting; it is given up after this time. */
const START_LIMIT_MS = 30_000
const LOOK_INTERVAL_MS = 1000

/**
 * A session whose steps block: a thread runs engine and loop, this one waits for it. For scripts; a program that has
 * anything else to do meanwhile uses the asynchronous iterator.
 */
export class SyncGclean implements IterableIterator<GcleanRecord> {
  readonly #worker: Worker
  readonly #channel = new MessageChannel()
  readonly #done = new SharedArrayBuffer(8)
  #state: SyncState | null = null
  #closed = false

  /**
   * @param script - entry of the thread: it builds the session from `workerData.parameters` and serves it
   * @throws GcleanError where a thread cannot be waited for
   */
  constructor(script: URL, parameters: GcleanInput, options: object = {}) {
    if ('document' in globalThis) {
      throw new GcleanError('expected Node.js for synchronous steps, got a browser: use the asynchronous iterator')
    }
    const port = this.#channel.port2
    this.#worker = new Worker(script, {
      workerData: { ...options, parameters, port, done: this.#done },
      transferList: [port as unknown as Transferable],
      // Flags of this process such as --input-type would keep the thread from starting.
      execArgv: [],
    })
    this.#worker.unref()
    this.#channel.port1.unref()
  }

  get state(): SyncState | null {
    return this.#state
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<GcleanRecord, undefined> {
    return this.#call('next') as IteratorResult<GcleanRecord, undefined>
  }

  update(changes: GcleanUpdate): [code: 0 | -1, message: string] {
    return this.#call('update', changes) as [0 | -1, string]
  }

  restore(): Record<string, string> {
    return this.#call('restore') as Record<string, string>
  }

  cmds(history: boolean): string[] {
    return this.#call('cmds', history) as string[]
  }

  requestStop(): void {
    this.#call('requestStop')
  }

  /** Ends the session and its thread; `restore` first when asked. */
  end(how: 'close' | 'dispose'): void {
    if (this.#closed) return
    try {
      this.#call(how)
    } finally {
      this.#closed = true
      this.#channel.port1.close()
      void this.#worker.terminate()
    }
  }

  #call(method: SyncMethod, ...args: unknown[]): unknown {
    if (this.#closed) throw new GcleanError('expected an open session, got one that has been closed')
    const flag = new Int32Array(this.#done)
    Atomics.store(flag, 0, 0)
    this.#channel.port1.postMessage({ method, args })
    const answer = this.#wait(flag)
    if (!answer.ok) throw errorOf(answer)
    this.#state = answer.state
    return answer.result
  }

  #wait(flag: Int32Array): SyncAnswer {
    const startedMs = Date.now()
    for (;;) {
      Atomics.wait(flag, 0, 0, LOOK_INTERVAL_MS)
      if (Atomics.load(flag, 1) === 0 && Date.now() - startedMs > START_LIMIT_MS) {
        throw new GcleanError(
          `expected the session's thread to start within ${START_LIMIT_MS / 1000} s, got no sign of it`,
        )
      }
      const received = receiveMessageOnPort(this.#channel.port1)
      if (received) return received.message as SyncAnswer
      if (Atomics.load(flag, 0) === 1) Atomics.store(flag, 0, 0)
    }
  }
}
