import {
  type CallSettings,
  type ConnectionState,
  checkValue,
  decodeMessage,
  encodeMessage,
  errorFromBody,
  isTopic,
  type Lane,
  METHODS,
  type Message,
  type MethodName,
  type MethodParams,
  type MethodResult,
  type ProgressState,
  type SessionClient,
  TOPICS,
  type Topic,
  type TopicValue,
} from '@cleanbeam/protocol'
import { ChannelError, DeadlineError } from './channel-error.ts'
import { type Clock, systemClock } from './clock.ts'
import { type DialledChannel, type OpenOptions, openChannel } from './open-channel.ts'

/** Requests longer than this do not hold up control messages. */
const LONG_REQUEST_BYTES = 64 * 1024

interface PendingCall {
  readonly method: MethodName
  readonly request: Uint8Array
  readonly lane: Lane
  readonly onProgress: ((progress: ProgressState) => void) | undefined
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

/** A client of the session behind the connection; it connects by itself, now and whenever the connection is lost. */
export function connectSession(options: OpenOptions): SessionClient {
  return new ChannelClient(openChannel(options), options.clock ?? systemClock)
}

class ChannelClient implements SessionClient {
  readonly #channel: DialledChannel
  readonly #clock: Clock
  readonly #pending = new Map<number, PendingCall>()
  readonly #handlers = new Map<string, Set<(value: unknown) => void>>()
  readonly #resetHandlers = new Set<() => void>()
  #lastId = 0

  constructor(channel: DialledChannel, clock: Clock) {
    this.#channel = channel
    this.#clock = clock
    channel.onMessage(bytes => this.#receive(bytes))
    channel.onReset(known => this.#startAfresh(known))
    channel.onClose(reason =>
      this.#rejectAll(new ChannelError(`expected an answer, got: ${reason} (connection closed)`, { reason })),
    )
  }

  get connection(): ConnectionState {
    return this.#channel.connection
  }

  onConnection(handler: (state: ConnectionState) => void): () => void {
    return this.#channel.onConnection(handler)
  }

  on<T extends Topic>(topic: T, handler: (value: TopicValue<T>) => void): () => void {
    const handlers = this.#handlers.get(topic) ?? new Set()
    this.#handlers.set(topic, handlers)
    const untyped = (value: unknown) => handler(value as TopicValue<T>)
    handlers.add(untyped)
    return () => handlers.delete(untyped)
  }

  onReset(handler: () => void): () => void {
    this.#resetHandlers.add(handler)
    return () => this.#resetHandlers.delete(handler)
  }

  reconnect(): void {
    this.#channel.reconnect()
  }

  close(): void {
    this.#channel.close('closed by this side')
  }

  call<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    settings: CallSettings = {},
  ): Promise<MethodResult<M>> {
    const { signal, onProgress, deadlineMs } = settings
    return new Promise((resolvePromise, rejectPromise) => {
      if (signal?.aborted) return rejectPromise(signal.reason)
      if (!this.#channel.open)
        return rejectPromise(new ChannelError(`expected an open connection, got a closed one (${method})`))
      const id = ++this.#lastId
      const onAbort = () => this.#cancel(id, signal?.reason)
      signal?.addEventListener('abort', onAbort)
      const cancelDeadline =
        deadlineMs === undefined
          ? null
          : this.#clock.after(deadlineMs, () => this.#cancel(id, new DeadlineError(method, deadlineMs)))
      const settle = () => {
        cancelDeadline?.()
        signal?.removeEventListener('abort', onAbort)
      }
      const request = encodeMessage({ kind: 'request', id, method, params })
      const lane = request.byteLength > LONG_REQUEST_BYTES ? 'data' : 'control'
      const resolve = (value: unknown) => {
        settle()
        resolvePromise(value as MethodResult<M>)
      }
      const reject = (reason: unknown) => {
        settle()
        rejectPromise(reason)
      }
      this.#pending.set(id, { method, request, lane, onProgress, resolve, reject })
      this.#channel.send(lane, request)
    })
  }

  #cancel(id: number, reason: unknown): void {
    const call = this.#pending.get(id)
    if (call === undefined) return
    this.#pending.delete(id)
    this.#channel.send('control', encodeMessage({ kind: 'cancel', id }))
    call.reject(reason)
  }

  #receive(bytes: Uint8Array): void {
    let message: Message
    try {
      message = decodeMessage(bytes)
      if (message.kind === 'event') this.#publish(message.topic, message.value)
    } catch (error) {
      this.#channel.close(error instanceof Error ? error.message : String(error))
      return
    }
    if (message.kind === 'result') this.#resolve(message.id, message.value)
    else if (message.kind === 'error') this.#take(message.id)?.reject(errorFromBody(message.error))
    else if (message.kind === 'progress') this.#pending.get(message.id)?.onProgress?.(message.progress)
  }

  #take(id: number): PendingCall | undefined {
    const call = this.#pending.get(id)
    this.#pending.delete(id)
    return call
  }

  #resolve(id: number, value: unknown): void {
    const call = this.#take(id)
    if (call === undefined) return
    try {
      call.resolve(checkValue(METHODS[call.method].result, value, `answer of ${call.method}`))
    } catch (error) {
      call.reject(error)
    }
  }

  /** Topics of later versions are passed over. */
  #publish(topic: string, value: unknown): void {
    const handlers = [...(this.#handlers.get(topic) ?? [])]
    if (!isTopic(topic) || handlers.length === 0) return
    const checked = checkValue(TOPICS[topic], value, `event ${topic}`)
    for (const handler of handlers) {
      try {
        handler(checked)
      } catch (error) {
        // One listener's mistake is reported as uncaught and keeps neither the others nor the channel from going on.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }

  #startAfresh(known: boolean): void {
    if (known) for (const { lane, request } of this.#pending.values()) this.#channel.send(lane, request)
    else this.#rejectAll(new ChannelError('expected the session of before, got a new one (connection): load it again'))
    for (const handler of [...this.#resetHandlers]) handler()
  }

  #rejectAll(error: ChannelError): void {
    const calls = [...this.#pending.values()]
    this.#pending.clear()
    for (const call of calls) call.reject(error)
  }
}
