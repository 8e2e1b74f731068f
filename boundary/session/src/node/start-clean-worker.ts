import { Worker } from 'node:worker_threads'
import { errorFromBody } from '@cleanbeam/protocol'
import type { CallOptions, GcleanRecord } from '@cleanbeam/types'
import type { CleanDriver, CleanState, EngineIdentity } from '../clean-driver.ts'
import { SessionError } from '../session-error.ts'
import type { CleanRequest, FromCleanWorker, ToCleanWorker } from './clean-worker-messages.ts'
import type { SessionWorkerData } from './run-session-worker.ts'

type Opened = Extract<FromCleanWorker, { readonly kind: 'opened' }>

interface PendingRequest {
  readonly call: CallOptions
  readonly resolve: (value: never) => void
  readonly reject: (error: unknown) => void
}

/**
 * gclean in a thread of its own.
 * @param workerData - what the entry passes to `runCleanWorker`
 * @throws RemoteError with the tag of the error when the parameters are refused
 */
export async function startCleanWorker(
  entry: URL,
  workerData: Extract<SessionWorkerData, { readonly role: 'clean' }>,
): Promise<CleanDriver> {
  const worker = new Worker(entry, { workerData })
  const { state, engine } = await new Promise<Opened>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (message: FromCleanWorker) => {
      if (message.kind === 'opened') resolve(message)
      else if (message.kind === 'refused') reject(errorFromBody(message.error))
    })
  })
  return new CleanWorker(worker, state, engine)
}

class CleanWorker implements CleanDriver {
  readonly engine: EngineIdentity
  readonly #worker: Worker
  readonly #pending = new Map<number, PendingRequest>()
  #state: CleanState
  #lastId = 0
  #death: SessionError | null = null

  constructor(worker: Worker, state: CleanState, engine: EngineIdentity) {
    this.engine = engine
    this.#worker = worker
    this.#state = state
    worker.on('message', (message: FromCleanWorker) => this.#receive(message))
    worker.on('error', error => this.#die(error))
    worker.on('exit', () => this.#die(null))
  }

  get state(): CleanState {
    return this.#state
  }

  next(call: CallOptions): Promise<GcleanRecord | null> {
    return this.#request({ method: 'next' }, call)
  }

  update(changes: Parameters<CleanDriver['update']>[0]): Promise<[number, string]> {
    return this.#request({ method: 'update', changes })
  }

  restore(call: CallOptions): Promise<Record<string, string>> {
    return this.#request({ method: 'restore' }, call)
  }

  rewind(cycle: number): Promise<GcleanRecord> {
    return this.#request({ method: 'rewind', cycle })
  }

  keepUpTo(bytes: number): Promise<void> {
    return this.#request({ method: 'keepUpTo', bytes })
  }

  commands(history: boolean): Promise<string[]> {
    return this.#request({ method: 'commands', history })
  }

  async close(): Promise<void> {
    if (this.#death === null) await this.#request<void>({ method: 'close' })
    await this.#worker.terminate()
  }

  #request<T>(request: CleanRequest, call: CallOptions = {}): Promise<T> {
    if (this.#death !== null) return Promise.reject(this.#death)
    const id = ++this.#lastId
    const { signal } = call
    const abort = () => this.#tell({ kind: 'abort', id })
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { call, resolve, reject })
      this.#tell({ kind: 'request', id, request })
      if (signal?.aborted) abort()
      signal?.addEventListener('abort', abort)
    }).finally(() => signal?.removeEventListener('abort', abort))
  }

  #tell(message: ToCleanWorker): void {
    this.#worker.postMessage(message)
  }

  #receive(message: FromCleanWorker): void {
    if (message.kind === 'opened' || message.kind === 'refused') return
    const pending = this.#pending.get(message.id)
    if (message.kind === 'progress') pending?.call.onProgress?.(message.progress)
    else if (message.kind === 'log') pending?.call.onLog?.(message.line)
    else {
      this.#state = message.state
      this.#pending.delete(message.id)
      if (message.kind === 'answer') pending?.resolve(message.value as never)
      else pending?.reject(errorFromBody(message.error))
    }
  }

  #die(cause: Error | null): void {
    this.#death ??= new SessionError(
      `expected a running engine, got ${cause === null ? 'the end of its thread' : cause.message}: start the session again, it goes on from the last complete step`,
      {},
      cause,
    )
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(this.#death)
  }
}
