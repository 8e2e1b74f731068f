import type { JsonObject } from '@cleanbeam/types'
import { CommRegistry, type SendComm } from '../../comm-registry.ts'
import { COMM_TARGET } from '../../comm-transport.ts'
import type { KernelHeader } from '../../kernel-message.ts'
import type { RoutedMessage } from '../../kernel-multipart.ts'
import type { SessionComms } from '../../session-comms.ts'
import type { CellClient, CellEvent } from './cell-client.ts'
import { CellExecution } from './cell-execution.ts'
import { chainAround, chainBefore, codePointsBefore, unitsBefore } from './code-position.ts'
import { completionsOf } from './completions.ts'
import type { KernelSockets, RequestChannel } from './kernel-sockets.ts'
import type { MainThreadInspector } from './side-effect-free.ts'
import type { CellCompiler } from './transpile-cell.ts'

export interface ProtocolKernelParts {
  readonly sockets: KernelSockets
  readonly cells: CellClient
  readonly inspector: MainThreadInspector
  readonly sessions: SessionComms
  readonly compiler: () => Promise<CellCompiler>
  readonly version: string
  /** Documentation of a name that the kernel itself offers. */
  readonly documentation: (name: string) => string | null
}

interface Request {
  readonly channel: RequestChannel
  readonly routed: RoutedMessage
}

type Handler = (request: Request, content: JsonObject) => Promise<void> | void

/** Time for sessions to bring their products to disk when the kernel ends. */
const SHUTDOWN_MS = 3000

/**
 * Jupyter's messages, answered. Cells run in another thread one after the other; what asks about them waits its turn;
 * control, input and the comms of sessions are taken at once, whatever runs.
 */
export class ProtocolKernel {
  readonly #parts: ProtocolKernelParts
  readonly #execution: CellExecution
  /** Comms of sessions, which this thread serves itself. */
  readonly #comms = new CommRegistry(false)
  /** Comms that cells know: id → target. */
  readonly #cellComms = new Map<string, string>()
  readonly #questions = new Map<string, number>()
  readonly #ordered: Readonly<Record<string, Handler>>
  readonly #prompt: Readonly<Record<string, Handler>>
  #queue: Promise<void> = Promise.resolve()

  constructor(parts: ProtocolKernelParts) {
    this.#parts = parts
    this.#execution = new CellExecution(parts)
    this.#comms.register(COMM_TARGET, (comm, data) => void parts.sessions.accept(comm, data))
    this.#ordered = {
      execute_request: (request, content) => this.#execute(request, content),
      complete_request: (request, content) => this.#complete(request, content),
      inspect_request: (request, content) => this.#inspect(request, content),
      is_complete_request: (request, content) => this.#isComplete(request, content),
      history_request: (request, content) =>
        this.#reply(request, { status: 'ok', history: this.#execution.history.select(content) }),
      comm_info_request: (request, content) => this.#commInfo(request, content),
      comm_open: request => this.#passComm(request),
      comm_msg: request => this.#passComm(request),
      comm_close: request => this.#passComm(request),
    }
    this.#prompt = {
      kernel_info_request: request => this.#reply(request, kernelInfo(parts.version)),
      interrupt_request: request => {
        parts.cells.interrupt()
        this.#reply(request, { status: 'ok' })
      },
      shutdown_request: (request, content) => this.#shutdown(request, content),
    }
  }

  start(): void {
    const { sockets, cells } = this.#parts
    cells.onEvent(event => this.#cellEvent(event))
    sockets.onRequest((channel, routed) => {
      if (channel === 'stdin') this.#inputReply(routed)
      else this.#receive({ channel, routed })
    })
    sockets.publish(null, 'status', { execution_state: 'starting' })
  }

  #receive(request: Request): void {
    const { header, content } = request.routed.message
    const type = header.msg_type
    if (type.startsWith('comm_') && this.#isOurs(content)) {
      void this.#busy(request, () =>
        this.#comms.take(type, content, request.routed.message.buffers, this.#sendComm(header)),
      )
      return
    }
    const prompt = this.#prompt[type]
    if (prompt !== undefined) {
      void this.#busy(request, () => prompt(request, content))
      return
    }
    const ordered = this.#ordered[type]
    if (ordered === undefined || request.channel !== 'shell') return
    // What was queued before an error is not carried out behind it.
    const generation = this.#execution.errorCount
    this.#queue = this.#queue.then(() =>
      this.#busy(request, () => {
        const stale = type === 'execute_request' && generation !== this.#execution.errorCount
        return stale ? this.#reply(request, ABORTED) : ordered(request, content)
      }),
    )
  }

  /** Between the statuses busy and idle. */
  async #busy(request: Request, work: () => Promise<void> | void): Promise<void> {
    const { sockets } = this.#parts
    const { header } = request.routed.message
    sockets.publish(header, 'status', { execution_state: 'busy' })
    try {
      await work()
    } catch (error) {
      // A fault of ours must not leave the client waiting.
      const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
      sockets.publish(header, 'stream', { name: 'stderr', text: `cleanbeam kernel: ${stack}\n` })
      if (header.msg_type.endsWith('_request')) {
        this.#reply(request, { status: 'error', ename: name, evalue: message, traceback: stack.split('\n') })
      }
    } finally {
      sockets.publish(header, 'status', { execution_state: 'idle' })
    }
  }

  #reply({ channel, routed }: Request, content: JsonObject): void {
    const type = routed.message.header.msg_type.replace(/_request$/, '_reply')
    this.#parts.sockets.send(channel, routed, type, content)
  }

  async #execute(request: Request, content: JsonObject): Promise<void> {
    this.#reply(request, await this.#execution.run(request.routed, content))
  }

  async #isComplete(request: Request, { code }: JsonObject): Promise<void> {
    const status = (await this.#parts.compiler()).completeness(String(code ?? ''))
    this.#reply(request, status === 'incomplete' ? { status, indent: '' } : { status })
  }

  async #complete(request: Request, content: JsonObject): Promise<void> {
    const code = String(content.code ?? '')
    const cursor = unitsBefore(code, Number(content.cursor_pos ?? code.length))
    const chain = chainBefore(code, cursor)
    const matches = await completionsOf(this.#parts.inspector, code.slice(0, cursor), chain)
    this.#reply(request, {
      status: 'ok',
      matches,
      cursor_start: codePointsBefore(code, chain.start),
      cursor_end: codePointsBefore(code, cursor),
      metadata: {},
    })
  }

  async #inspect(request: Request, content: JsonObject): Promise<void> {
    const code = String(content.code ?? '')
    const name = chainAround(code, unitsBefore(code, Number(content.cursor_pos ?? code.length)))
    const glance = name === '' ? null : await this.#parts.inspector.look(name)
    const documentation = name === '' ? null : this.#parts.documentation(name)
    const found = glance !== null || documentation !== null
    const value = glance === null ? '' : `${name}: ${glance.className || glance.type}\n\n${glance.description}`
    const text = [documentation, value].filter(Boolean).join('\n\n')
    this.#reply(request, { status: 'ok', found, data: found ? { 'text/plain': text } : {}, metadata: {} })
  }

  #commInfo(request: Request, content: JsonObject): void {
    const wanted = content.target_name
    const comms = Object.fromEntries(
      [...this.#comms.open, ...this.#cellComms]
        .filter(([, target]) => wanted === undefined || wanted === null || target === wanted)
        .map(([id, target_name]) => [id, { target_name }]),
    )
    this.#reply(request, { status: 'ok', comms })
  }

  /** Comms of sessions never wait behind a cell. */
  #isOurs({ comm_id, target_name }: JsonObject): boolean {
    return target_name === COMM_TARGET || (typeof comm_id === 'string' && this.#comms.open.has(comm_id))
  }

  #sendComm(parent: KernelHeader | null): SendComm {
    return (type, content, buffers) => this.#parts.sockets.publish(parent, type, content, { buffers })
  }

  #passComm({ routed }: Request): void {
    const { header, content, buffers } = routed.message
    if (typeof content.comm_id === 'string') this.#noteComm(header.msg_type, content.comm_id, content.target_name)
    // Buffers may share memory with the socket's: they are copied on the way to the other thread.
    this.#parts.cells.passComm({ type: header.msg_type, content, buffers: buffers.map(buffer => buffer.slice()) })
  }

  #noteComm(type: string, id: string, target: unknown): void {
    if (type === 'comm_open') this.#cellComms.set(id, String(target))
    else if (type === 'comm_close') this.#cellComms.delete(id)
  }

  #cellEvent(event: CellEvent): void {
    if (event.kind === 'comm') {
      const { type, content, buffers } = event
      if (typeof content.comm_id === 'string') this.#noteComm(type, content.comm_id, content.target_name)
      this.#parts.sockets.publish(this.#execution.parent, type, content, { buffers })
    } else if (event.kind === 'ask') {
      const question = this.#execution.ask(event.prompt, event.password)
      if (question !== null) this.#questions.set(question, event.id)
    } else {
      this.#execution.show(event)
    }
  }

  #inputReply({ message }: RoutedMessage): void {
    const asked = 'msg_id' in message.parent_header ? String(message.parent_header.msg_id) : ''
    // Some clients leave the parent out; there is one question at a time then.
    const key = this.#questions.has(asked) ? asked : [...this.#questions.keys()][0]
    const id = key === undefined ? undefined : this.#questions.get(key)
    if (message.header.msg_type !== 'input_reply' || key === undefined || id === undefined) return
    this.#questions.delete(key)
    this.#parts.cells.answerInput(id, String(message.content.value ?? ''))
  }

  async #shutdown(request: Request, { restart }: JsonObject): Promise<void> {
    const { sockets, cells, sessions } = this.#parts
    const content = { status: 'ok', restart: restart === true }
    cells.interrupt()
    const late = new Promise<void>(resolve => setTimeout(resolve, SHUTDOWN_MS))
    await Promise.race([sessions.close(), late])
    this.#reply(request, content)
    sockets.publish(request.routed.message.header, 'shutdown_reply', content)
    setTimeout(async () => {
      await sockets.flushed()
      sockets.close()
      cells.exit()
    }, 50)
  }
}

const ABORTED: JsonObject = { status: 'aborted', execution_count: 0, user_expressions: {}, payload: [] }

function kernelInfo(version: string): JsonObject {
  return {
    status: 'ok',
    protocol_version: '5.4',
    implementation: 'cleanbeam',
    implementation_version: version,
    banner: `Cleanbeam ${version}: gclean, tclean, deconvolve and image in TypeScript`,
    language_info: {
      name: 'typescript',
      version: process.versions.node,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      codemirror_mode: 'typescript',
      pygments_lexer: 'typescript',
      nbconvert_exporter: 'script',
    },
    help_links: [],
    debugger: false,
    supported_features: [],
  }
}
