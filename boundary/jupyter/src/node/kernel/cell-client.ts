import type { MainThreadInspector } from './side-effect-free.ts'
import type { CellOutcome, FromCellThread, ThreadPort, ToCellThread } from './thread-messages.ts'

type Run = Omit<Extract<ToCellThread, { kind: 'run' }>, 'kind' | 'id'>
export type CellEvent = Exclude<FromCellThread, { kind: 'ready' | 'outcome' }>

/** A cell that computes without pause is stopped by force after this time. */
const FORCE_MS = 1000
/** A thread that does not end by itself is ended with the process. */
const EXIT_MS = 1000

/** The thread that runs cells, as the protocol thread sees it. One cell at a time. */
export class CellClient {
  readonly ready: Promise<void>
  readonly #port: ThreadPort<ToCellThread, FromCellThread>
  readonly #inspector: MainThreadInspector
  #lastId = 0
  #resolve: ((outcome: CellOutcome) => void) | null = null
  #onEvent: (event: CellEvent) => void = () => {}

  constructor(port: ThreadPort<ToCellThread, FromCellThread>, inspector: MainThreadInspector) {
    this.#port = port
    this.#inspector = inspector
    this.ready = new Promise(resolve => {
      port.on('message', (message: FromCellThread) => {
        if (message.kind === 'ready') resolve()
        else if (message.kind !== 'outcome') this.#onEvent(message)
        else if (message.id === this.#lastId) this.#settle(message.outcome)
      })
    })
  }

  onEvent(handler: (event: CellEvent) => void): void {
    this.#onEvent = handler
  }

  run(cell: Run): Promise<CellOutcome> {
    return new Promise(resolve => {
      this.#resolve = resolve
      this.#tell({ kind: 'run', id: ++this.#lastId, ...cell })
    })
  }

  /** Kindly, then by force. Does nothing when no cell runs. */
  interrupt(): void {
    const id = this.#lastId
    if (this.#resolve === null) return
    this.#tell({ kind: 'interrupt', id })
    setTimeout(() => {
      if (this.#resolve !== null && this.#lastId === id) this.#inspector.terminate()
    }, FORCE_MS)
  }

  answerInput(id: number, value: string): void {
    this.#tell({ kind: 'input', id, value })
  }

  passComm(message: Omit<Extract<ToCellThread, { kind: 'comm' }>, 'kind'>): void {
    this.#tell({ kind: 'comm', ...message })
  }

  /** Ends the process. */
  exit(): void {
    this.#inspector.disconnect()
    this.#tell({ kind: 'shutdown' })
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), EXIT_MS)
  }

  #settle(outcome: CellOutcome): void {
    const resolve = this.#resolve
    this.#resolve = null
    resolve?.(outcome)
  }

  #tell(message: ToCellThread): void {
    this.#port.postMessage(message)
  }
}
