import type { JsonObject } from '@cleanbeam/types'
import type { KernelHeader } from '../../kernel-message.ts'
import type { RoutedMessage } from '../../kernel-multipart.ts'
import type { CellClient, CellEvent } from './cell-client.ts'
import { CellHistory } from './cell-history.ts'
import { CellPositions } from './cell-positions.ts'
import type { KernelSockets } from './kernel-sockets.ts'
import type { CellError } from './thread-messages.ts'
import type { CellCompiler } from './transpile-cell.ts'

interface Parts {
  readonly sockets: KernelSockets
  readonly cells: CellClient
  readonly compiler: () => Promise<CellCompiler>
}

/** Runs execute_requests, one at a time, and sends what their cells put out. */
export class CellExecution {
  readonly history = new CellHistory()
  /** Grows with every cell that failed and asked that the cells behind it be not carried out. */
  errorCount = 0
  readonly #parts: Parts
  readonly #positions = new CellPositions()
  #count = 0
  #current: RoutedMessage | null = null
  #parent: KernelHeader | null = null
  #silent = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What output belongs to: the cell that runs, or ran last. */
  get parent(): KernelHeader | null {
    return this.#parent
  }

  /** @returns content of the execute_reply */
  async run(routed: RoutedMessage, content: JsonObject): Promise<JsonObject> {
    const { silent, store_history: storeHistory, stop_on_error: stopOnError } = content
    const code = String(content.code ?? '')
    this.#silent = silent === true
    this.#current = routed
    this.#parent = routed.message.header
    const counts = !this.#silent && storeHistory !== false
    if (counts) this.history.add(++this.#count, code)
    const execution_count = this.#count
    if (!this.#silent) this.#publish('execute_input', { code, execution_count })
    const outcome = await this.#outcome(code, content)
    this.#current = null
    if (outcome.status === 'error') {
      if (stopOnError !== false) this.errorCount++
      const error = this.#errorContent(outcome.error)
      if (!this.#silent) this.#publish('error', error)
      return { status: 'error', execution_count, ...error, user_expressions: {}, payload: [] }
    }
    if (outcome.shown !== null && !this.#silent) {
      this.#publish('execute_result', { execution_count, ...outcome.shown })
    }
    return { status: 'ok', execution_count, user_expressions: outcome.expressions, payload: [] }
  }

  show(event: Exclude<CellEvent, { kind: 'comm' | 'ask' }>): void {
    if (this.#silent) return
    if (event.kind === 'stream') this.#publish('stream', { name: event.name, text: event.text })
    else if (event.kind === 'clear') this.#publish('clear_output', { wait: event.wait })
    else {
      const { bundle, displayId, update } = event
      const transient: JsonObject = displayId === undefined ? {} : { display_id: displayId }
      this.#publish(update === true ? 'update_display_data' : 'display_data', { ...bundle, transient })
    }
  }

  /** @returns id of the question, null when no cell runs */
  ask(prompt: string, password: boolean): string | null {
    if (this.#current === null) return null
    return this.#parts.sockets.send('stdin', this.#current, 'input_request', { prompt, password }).header.msg_id
  }

  async #outcome(code: string, content: JsonObject) {
    const name = `cell-${this.#count}.ts`
    try {
      const compiler = await this.#parts.compiler()
      const { code: script, sourceMap } = compiler.transpile(code, name)
      this.#positions.keep(name, sourceMap)
      const given = Object.entries((content.user_expressions ?? {}) as Record<string, string>)
      const expressions = Object.fromEntries(
        given.map(([key, text]) => [key, compiler.transpile(text, `expression-${key}.ts`).code]),
      )
      return await this.#parts.cells.run({ code: script, expressions, mayAsk: content.allow_stdin === true })
    } catch (error) {
      const { name, message, stack = '' } = error as Error
      return { status: 'error', error: { name, message, stack } } as const
    }
  }

  #errorContent({ name, message, stack }: CellError): JsonObject {
    return { ename: name, evalue: message, traceback: this.#positions.translate(stack).split('\n') }
  }

  #publish(type: string, content: JsonObject): void {
    this.#parts.sockets.publish(this.#parent, type, content)
  }
}
