import { systemClock } from '@cleanbeam/channel'
import type { JsonObject } from '@cleanbeam/types'
import { CommRegistry, type SendComm } from './comm-registry.ts'
import type { Comm } from './comm-transport.ts'
import { executeCode } from './execute-code.ts'
import { JupyterError } from './jupyter-error.ts'
import type {
  ExecuteOptions,
  ExecuteResult,
  KernelClient,
  KernelInfo,
  KernelState,
  OpenCommOptions,
  RequestOptions,
} from './kernel-client.ts'
import { kernelInfoOf } from './kernel-info.ts'
import type { KernelLink } from './kernel-link.ts'
import { type KernelChannel, type KernelMessage, kernelRequest } from './kernel-message.ts'
import { PendingRequest } from './pending-request.ts'

export interface LinkClientOptions {
  /** How long a kernel may take until it answers; default 60 s: a cold Python on a network file system is slow. */
  readonly startTimeoutMs?: number
  /** Time between heartbeats; 0: none. Default 3 s. */
  readonly heartbeatMs?: number
  readonly signal?: AbortSignal
}

/** iopub subscribes late: kernel_info is asked until both shell and iopub have answered. */
const ASK_AGAIN_MS = 400
const CONTROL_TIMEOUT_MS = 10_000
const DEFAULT_HEARTBEAT_MS = 3000
const DEFAULT_START_MS = 60_000

/**
 * A client of the kernel at the other end of a link, once it answers.
 * @throws JupyterError when it does not in time; the link is closed then
 */
export async function connectLink(link: KernelLink, options: LinkClientOptions = {}): Promise<LinkClient> {
  const client = new LinkClient(link, options)
  try {
    await client.ready()
    return client
  } catch (error) {
    client.dispose()
    throw error
  }
}

/** The client behind `KernelClient`; whoever owns the kernel's process tells it about death and restart. */
export class LinkClient implements KernelClient {
  readonly #link: KernelLink
  readonly #options: LinkClientOptions
  readonly #session = crypto.randomUUID()
  readonly #pending = new Map<string, PendingRequest>()
  readonly #comms = new CommRegistry(false)
  readonly #stateHandlers = new Set<(state: KernelState) => void>()
  readonly #messageHandlers = new Set<(channel: KernelChannel, message: KernelMessage) => void>()
  #info: KernelInfo | null = null
  #state: KernelState = 'starting'
  #beforeSilence: KernelState = 'idle'
  /** Why it is dead or closed. */
  #reason = ''
  #cancelBeat: (() => void) | null = null

  constructor(link: KernelLink, options: LinkClientOptions) {
    this.#link = link
    this.#options = options
    link.onMessage((channel, message) => this.#receive(channel, message))
    link.onClose(reason => this.#end('closed', reason))
  }

  get info(): KernelInfo {
    if (this.#info === null) throw new JupyterError('expected a kernel that has answered, got one that starts')
    return this.#info
  }

  get state(): KernelState {
    return this.#state
  }

  /** Asks until the kernel answers on shell and iopub. */
  async ready(): Promise<void> {
    const { startTimeoutMs = DEFAULT_START_MS, signal } = this.#options
    const endMs = performance.now() + startTimeoutMs
    for (;;) {
      signal?.throwIfAborted()
      if (this.#state === 'dead' || this.#state === 'closed') throw this.#gone('kernel_info_request')
      try {
        const reply = await this.request('kernel_info_request', {}, { timeoutMs: ASK_AGAIN_MS, signal })
        this.#info = kernelInfoOf(reply.content)
        break
      } catch (cause) {
        if (performance.now() > endMs) {
          const message = `expected a kernel that answers within ${startTimeoutMs} ms, got silence`
          throw new JupyterError(message, { startTimeoutMs }, cause)
        }
      }
    }
    if (this.#state === 'starting') this.#setState('idle')
    this.#beat()
  }

  onState(handler: (state: KernelState) => void): () => void {
    this.#stateHandlers.add(handler)
    return () => this.#stateHandlers.delete(handler)
  }

  onMessage(handler: (channel: KernelChannel, message: KernelMessage) => void): () => void {
    this.#messageHandlers.add(handler)
    return () => this.#messageHandlers.delete(handler)
  }

  async request(type: string, content: JsonObject, options: RequestOptions = {}): Promise<KernelMessage> {
    if (this.#state === 'dead' || this.#state === 'closed') throw this.#gone(type)
    const { channel = 'shell', buffers = [], subshellId } = options
    const message = this.#message(type, content, buffers, subshellId)
    const id = message.header.msg_id
    const pending = new PendingRequest(type, options, () => this.#pending.delete(id))
    this.#pending.set(id, pending)
    this.#link.send(channel, message)
    return pending.answered
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    const { signal } = options
    const interrupt = () => void this.interrupt().catch(() => {})
    signal?.addEventListener('abort', interrupt)
    try {
      return await executeCode(code, options, (type, content, rest) => this.request(type, content, rest))
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  }

  openComm(target: string, data: JsonObject = {}, options: OpenCommOptions = {}): Comm {
    return this.#comms.create(target, data, options.buffers ?? [], this.#sendComm(options.subshellId))
  }

  onComm(target: string, handler: (comm: Comm, data: JsonObject) => void): () => void {
    return this.#comms.register(target, handler)
  }

  async interrupt(): Promise<void> {
    await this.#control('interrupt_request', {})
  }

  async createSubshell(): Promise<string> {
    const { content } = await this.#control('create_subshell_request', {})
    if (typeof content.subshell_id === 'string') return content.subshell_id
    throw new JupyterError(
      `expected a kernel with subshells (ipykernel 7 or newer), got ${this.info.implementation} ${this.info.implementationVersion}`,
    )
  }

  async deleteSubshell(subshellId: string): Promise<void> {
    await this.#control('delete_subshell_request', { subshell_id: subshellId })
  }

  async heartbeat(timeoutMs = 2000): Promise<number> {
    const { beat } = this.#link
    if (beat === undefined) throw new JupyterError('expected a link with a heartbeat, got a WebSocket')
    const roundTripMs = await beat(timeoutMs)
    if (roundTripMs !== null) return roundTripMs
    throw new JupyterError(`expected the kernel's heartbeat within ${timeoutMs} ms, got none`, { timeoutMs })
  }

  async shutdown(restart = false): Promise<void> {
    await this.#control('shutdown_request', { restart })
    this.died(restart ? 'the kernel restarts' : 'the kernel was shut down')
  }

  dispose(): void {
    this.#end('closed', 'the client was disposed')
    this.#link.close('disposed')
  }

  /** The kernel's process has ended: everything under way fails with this reason. */
  died(reason: string): void {
    if (this.#state !== 'closed') this.#end('dead', reason)
  }

  /** A new process takes the kernel's place at the same address. */
  async revived(): Promise<void> {
    if (this.#state === 'closed') throw this.#gone('restart')
    this.#setState('starting')
    await this.ready()
  }

  async #control(type: string, content: JsonObject): Promise<KernelMessage> {
    const reply = await this.request(type, content, { channel: 'control', timeoutMs: CONTROL_TIMEOUT_MS })
    if (reply.content.status === 'error') {
      throw new JupyterError(`expected ${type} to be carried out, got: ${reply.content.evalue ?? 'an error'}`)
    }
    return reply
  }

  #message(type: string, content: JsonObject, buffers: readonly Uint8Array[], subshellId?: string): KernelMessage {
    const message = kernelRequest(this.#session, type, content, buffers)
    return subshellId === undefined ? message : { ...message, header: { ...message.header, subshell_id: subshellId } }
  }

  #sendComm(subshellId?: string): SendComm {
    return (type, content, buffers) => this.#link.send('shell', this.#message(type, content, buffers, subshellId))
  }

  #receive(channel: KernelChannel, message: KernelMessage): void {
    const parentId = 'msg_id' in message.parent_header ? String(message.parent_header.msg_id) : ''
    const pending = this.#pending.get(parentId)
    if (channel === 'iopub') {
      this.#observe(message)
      pending?.output(message)
      this.#comms.take(message.header.msg_type, message.content, message.buffers, this.#sendComm())
    } else if (channel === 'stdin') {
      void this.#answerInput(message, pending)
    } else {
      pending?.reply(message)
    }
    if (pending === undefined) for (const handler of [...this.#messageHandlers]) handler(channel, message)
  }

  /** Status messages say what the kernel does; any message says that it lives. */
  #observe({ header, content }: KernelMessage): void {
    if (this.#state === 'dead' || this.#state === 'closed' || this.#state === 'starting') return
    const said = header.msg_type === 'status' ? content.execution_state : undefined
    if (said === 'busy' || said === 'idle') this.#setState(said)
    else if (this.#state === 'unresponsive') this.#setState(this.#beforeSilence)
  }

  async #answerInput({ content, header }: KernelMessage, pending: PendingRequest | undefined): Promise<void> {
    if (header.msg_type !== 'input_request') return
    const ask = pending?.options.onInput
    let value = ''
    try {
      value = (await ask?.(String(content.prompt ?? ''), content.password === true)) ?? ''
    } catch (error) {
      pending?.fail(error)
      return
    }
    const reply = this.#message('input_reply', { value, status: 'ok' }, [])
    this.#link.send('stdin', { ...reply, parent_header: header })
  }

  #beat(): void {
    const { heartbeatMs = DEFAULT_HEARTBEAT_MS } = this.#options
    const { beat } = this.#link
    this.#cancelBeat?.()
    if (heartbeatMs === 0 || beat === undefined) return
    this.#cancelBeat = systemClock.after(heartbeatMs, async () => {
      const answered = (await beat(heartbeatMs)) !== null
      if (this.#state === 'dead' || this.#state === 'closed') return
      if (!answered && this.#state !== 'unresponsive') {
        this.#beforeSilence = this.#state
        this.#setState('unresponsive')
      } else if (answered && this.#state === 'unresponsive') {
        this.#setState(this.#beforeSilence)
      }
      this.#beat()
    })
  }

  #setState(state: KernelState): void {
    if (this.#state === state) return
    this.#state = state
    for (const handler of [...this.#stateHandlers]) handler(state)
  }

  #gone(type: string): JupyterError {
    return new JupyterError(`expected a kernel that runs, got one that is ${this.#state}: ${this.#reason} (${type})`, {
      state: this.#state,
      reason: this.#reason,
    })
  }

  #end(state: 'dead' | 'closed', reason: string): void {
    if (this.#state === 'closed') return
    this.#cancelBeat?.()
    // After a kind goodbye, the end of the process is no news.
    if (this.#state !== 'dead') this.#reason = reason
    this.#setState(state)
    const error = new JupyterError(`expected an answer of the kernel, got: ${reason}`, { reason })
    for (const pending of [...this.#pending.values()]) pending.fail(error)
    this.#comms.closeAll()
  }
}
