import {
  checkValue,
  decodeMessage,
  encodeMessage,
  errorToBody,
  isMethodName,
  type Lane,
  METHODS,
  type Message,
  type MethodName,
  ProtocolError,
} from '@cleanbeam/protocol'
import { AnswerMemory } from './answer-memory.ts'
import type { CallContext, SessionHandlers } from './call-context.ts'
import type { Channel } from './channel.ts'
import { DataQueue } from './data-queue.ts'

type Request = Extract<Message, { kind: 'request' }>
type AnyHandler = (args: unknown, context: CallContext) => unknown

/**
 * Answers the requests that come in over one channel, each exactly once: a request that is sent again gets the answer
 * it already had. Control calls run at once and side by side, data calls one after the other as the peer takes them.
 */
export function serveCalls(channel: Channel, handlers: SessionHandlers): void {
  const server = new CallServer(channel, handlers)
  channel.onMessage(bytes => server.receive(bytes))
  channel.onClose(() => server.abandonDataCalls())
}

class CallServer {
  readonly #channel: Channel
  readonly #handlers: SessionHandlers
  readonly #answers = new AnswerMemory()
  readonly #dataQueue: DataQueue
  readonly #running = new Map<number, { readonly abort: AbortController; readonly lane: Lane }>()
  readonly #cancelledEarly = new Set<number>()
  #lastId = 0

  constructor(channel: Channel, handlers: SessionHandlers) {
    this.#channel = channel
    this.#handlers = handlers
    this.#dataQueue = new DataQueue(() => channel.whenWritable('data'))
  }

  receive(bytes: Uint8Array): void {
    let message: Message
    try {
      message = decodeMessage(bytes)
    } catch (error) {
      this.#channel.close(error instanceof Error ? error.message : String(error))
      return
    }
    if (message.kind === 'request') this.#request(message)
    else if (message.kind === 'cancel') this.#cancel(message.id)
  }

  abandonDataCalls(): void {
    this.#dataQueue.clear()
    for (const { abort, lane } of this.#running.values()) {
      if (lane === 'data') abort.abort(new Error('the caller is gone'))
    }
  }

  #request(request: Request): void {
    const { id, method } = request
    if (this.#running.has(id)) return
    const answer = this.#answers.get(id)
    if (answer !== undefined) {
      this.#channel.send('control', answer)
      return
    }
    if (this.#cancelledEarly.delete(id)) return
    if (!isMethodName(method)) {
      this.#fail(id, new ProtocolError(`expected a method of this version, got ${method}`, { method }))
      return
    }
    this.#lastId = Math.max(this.#lastId, id)
    const { lane } = METHODS[method]
    this.#running.set(id, { abort: new AbortController(), lane })
    const run = () => this.#run(request, method, lane)
    if (lane === 'data') this.#dataQueue.add(id, run)
    else void run()
  }

  #cancel(id: number): void {
    const call = this.#running.get(id)
    if (call === undefined) {
      // A long request travels behind the cancellation that overtook it on the control lane.
      if (id > this.#lastId) this.#cancelledEarly.add(id)
      return
    }
    this.#dataQueue.remove(id)
    this.#running.delete(id)
    call.abort.abort(new Error('cancelled by the caller'))
  }

  async #run({ id, params }: Request, method: MethodName, lane: Lane): Promise<void> {
    const call = this.#running.get(id)
    if (call === undefined) return
    const { signal } = call.abort
    const progress: CallContext['progress'] = state => {
      if (this.#running.has(id)) this.#channel.send(lane, encodeMessage({ kind: 'progress', id, progress: state }))
    }
    try {
      const args = checkValue(METHODS[method].params, params ?? {}, `parameters of ${method}`)
      const value = await (this.#handlers[method] as AnyHandler)(args, { signal, progress })
      if (this.#running.delete(id)) this.#answer(id, lane, encodeMessage({ kind: 'result', id, value }))
    } catch (error) {
      if (this.#running.delete(id)) this.#fail(id, error)
    }
  }

  #fail(id: number, error: unknown): void {
    this.#answer(id, 'control', encodeMessage({ kind: 'error', id, error: errorToBody(error) }))
  }

  #answer(id: number, lane: Lane, answer: Uint8Array): void {
    // Calls of the data lane only look: a repeated one may be carried out again.
    if (lane === 'control') this.#answers.keep(id, answer)
    this.#channel.send(lane, answer)
  }
}
