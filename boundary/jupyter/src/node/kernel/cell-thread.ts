import type { JsonObject } from '@cleanbeam/types'
import { CommRegistry, type SendComm } from '../../comm-registry.ts'
import { CellEvaluator, TerminatedError } from './cell-evaluator.ts'
import { CellInput } from './cell-input.ts'
import { importForCells } from './import-for-cell.ts'
import { captureOutput } from './output-capture.ts'
import { type Shower, showValue } from './show-value.ts'
import type { CellError, CellOutcome, FromCellThread, MimeBundle, ThreadPort, ToCellThread } from './thread-messages.ts'

/** What a kernel offers to cells besides the language. */
export interface CellApi {
  /** Names every cell sees. */
  readonly globals: Readonly<Record<string, unknown>>
  /** Packages that cells import from the kernel rather than from the notebook's folder. */
  readonly modules: Readonly<Record<string, () => Promise<object>>>
  /** How values are shown that do not say it themselves. */
  readonly showers: readonly Shower[]
}

/** What cells and the kernel's API can do with the notebook. */
export interface CellHost {
  /** Aborted when the user interrupts the cell that runs now. */
  signal(): AbortSignal
  display(value: unknown, options?: DisplayOptions): Promise<void>
}

export interface DisplayOptions {
  /** Under which the display can be replaced later. */
  readonly id?: string
  /** Replace what is shown under `id`. */
  readonly update?: boolean
}

/** A cell that does not end by itself after its signal was aborted is given up after this time. */
const GIVE_UP_MS = 500

/**
 * Runs cells in this thread, told by the protocol thread at the other end of the port.
 * @param makeApi - called once
 */
export async function runCellThread(
  port: ThreadPort<FromCellThread, ToCellThread>,
  makeApi: (host: CellHost) => CellApi,
): Promise<void> {
  const thread = new CellThread(port)
  await thread.start(makeApi)
}

class CellThread {
  readonly #port: ThreadPort<FromCellThread, ToCellThread>
  readonly #evaluator = new CellEvaluator()
  readonly #input: CellInput
  readonly #comms = new CommRegistry(true)
  #showers: readonly Shower[] = []
  #abort = new AbortController()
  #giveUp: (() => void) | null = null
  #running = 0

  constructor(port: ThreadPort<FromCellThread, ToCellThread>) {
    this.#port = port
    this.#input = new CellInput((id, prompt, password) => this.#tell({ kind: 'ask', id, prompt, password }))
  }

  async start(makeApi: (host: CellHost) => CellApi): Promise<void> {
    const host: CellHost = {
      signal: () => this.#abort.signal,
      display: (value, options) => this.#display(value, options),
    }
    const { globals, modules, showers } = makeApi(host)
    this.#showers = showers
    const given = {
      ...globals,
      display: host.display,
      clearOutput: (wait = false) => this.#tell({ kind: 'clear', wait }),
      input: (prompt = '', options: { password?: boolean } = {}) => this.#input.ask(prompt, options.password === true),
      comms: {
        open: (target: string, data: JsonObject = {}, buffers: Uint8Array[] = []) =>
          this.#comms.create(target, data, buffers, this.#sendComm),
        register: this.#comms.register.bind(this.#comms),
      },
    }
    for (const [name, value] of Object.entries(given)) {
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true })
    }
    const meta = { dirname: process.cwd() }
    await this.#evaluator.start({ import: importForCells(modules), meta })
    captureOutput((name, text) => this.#tell({ kind: 'stream', name, text }))
    process.on('unhandledRejection', error => this.#complain(error))
    process.on('uncaughtException', error => this.#complain(error))
    process.on('SIGINT', () => this.#interrupt(this.#running))
    this.#port.on('message', (message: ToCellThread) => this.#receive(message))
    this.#tell({ kind: 'ready' })
  }

  #receive(message: ToCellThread): void {
    if (message.kind === 'run') void this.#run(message)
    else if (message.kind === 'interrupt') this.#interrupt(message.id)
    else if (message.kind === 'input') this.#input.answer(message.id, message.value)
    else if (message.kind === 'comm') this.#receiveComm(message)
    else process.exit(0)
  }

  async #run({ id, code, expressions, mayAsk }: Extract<ToCellThread, { kind: 'run' }>): Promise<void> {
    this.#running = id
    this.#abort = new AbortController()
    this.#input.allowed = mayAsk
    const outcome = await this.#outcome(code, expressions)
    this.#running = 0
    this.#giveUp = null
    this.#input.cancel()
    this.#tell({ kind: 'outcome', id, outcome })
  }

  async #outcome(code: string, expressions: Readonly<Record<string, string>>): Promise<CellOutcome> {
    const givenUp = new Promise<never>((_resolve, reject) => {
      this.#giveUp = () => reject(new TerminatedError())
    })
    try {
      const value = await Promise.race([this.#evaluator.evaluate(code), givenUp])
      const shown = value === undefined ? null : await showValue(value, this.#showers)
      return { status: 'ok', shown, expressions: await this.#evaluateAll(expressions) }
    } catch (error) {
      const cause = this.#abort.signal.aborted ? new TerminatedError() : error
      return { status: 'error', error: describeError(cause) }
    }
  }

  async #evaluateAll(expressions: Readonly<Record<string, string>>): Promise<JsonObject> {
    const results: JsonObject = {}
    for (const [name, code] of Object.entries(expressions)) {
      try {
        const { data, metadata } = await showValue(await this.#evaluator.evaluate(code), this.#showers)
        results[name] = { status: 'ok', data, metadata }
      } catch (caught) {
        const { name: ename, message: evalue, stack } = describeError(caught)
        results[name] = { status: 'error', ename, evalue, traceback: stack.split('\n') }
      }
    }
    return results
  }

  #interrupt(id: number): void {
    if (id !== this.#running || id === 0) return
    this.#abort.abort(new TerminatedError())
    this.#input.cancel()
    setTimeout(() => {
      if (this.#running === id) this.#giveUp?.()
    }, GIVE_UP_MS)
  }

  async #display(value: unknown, { id, update = false }: DisplayOptions = {}): Promise<void> {
    const bundle: MimeBundle = await showValue(value, this.#showers)
    this.#tell({ kind: 'display', bundle, displayId: id, update })
  }

  readonly #sendComm: SendComm = (type, content, buffers) => {
    this.#tell({ kind: 'comm', type, content, buffers: [...buffers] })
  }

  #receiveComm({ type, content, buffers }: Extract<ToCellThread, { kind: 'comm' }>): void {
    this.#comms.take(type, content, buffers, this.#sendComm)
  }

  /** What failed outside of any cell is said, and harms nothing else. */
  #complain(error: unknown): void {
    if (error instanceof TerminatedError) return
    this.#tell({ kind: 'stream', name: 'stderr', text: `Uncaught ${describeError(error).stack}\n` })
  }

  #tell(message: FromCellThread): void {
    this.#port.postMessage(message)
  }
}

function describeError(error: unknown): CellError {
  if (error instanceof Error) {
    const { message } = error
    const name = error.name || error.constructor.name
    const cause = error.cause === undefined ? '' : `\ncaused by ${describeError(error.cause).stack}`
    return { name, message, stack: `${ownFrames(error.stack ?? `${name}: ${message}`)}${cause}` }
  }
  return { name: 'Error', message: String(error), stack: `Uncaught value: ${String(error)}` }
}

/** Frames below the inspector's are the kernel's, not the user's. */
function ownFrames(stack: string): string {
  const lines = stack.split('\n')
  const end = lines.findIndex(line => line.includes('(node:inspector:'))
  return (end < 0 ? lines : lines.slice(0, end)).join('\n')
}
